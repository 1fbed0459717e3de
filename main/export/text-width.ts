import { Encodings, Font, FontNames } from '@pdf-lib/standard-fonts';

const faces = {
  plain: Font.load(FontNames.Helvetica),
  italic: Font.load(FontNames.HelveticaOblique),
  bold: Font.load(FontNames.HelveticaBold),
  symbol: Font.load(FontNames.Symbol),
};
const { WinAnsi, Symbol: greek } = Encodings;

/** Raised digits and narrow spaces are set at this share of the size, as in figures/pdf-text.ts. */
const small = 0.65;
const raised = '⁰⁴⁵⁶⁷⁸⁹⁻';
const narrow = '\u2009\u202f\u00a0';
/** Of what neither font has: a digit's. */
const usual = 556;

/**
 * A text's width, px, in Helvetica and Symbol: the metrics that Adobe gives for the standard fonts (1/1000 of the size).
 * @param font as a canvas takes it, «italic 13px …»
 */
export function textWidth(text: string, font: string): number {
  const size = Number(/([\d.]+)px/.exec(font)?.[1] ?? 12);
  const face = /\bitalic\b/.test(font)
    ? faces.italic
    : /\b(bold|600|700)\b/.test(font)
      ? faces.bold
      : faces.plain;
  let width = 0;
  for (const character of text) width += glyphWidth(character, face);
  return (width * size) / 1000;
}

function glyphWidth(character: string, face: Font): number {
  if (raised.includes(character)) return small * glyphWidth(character === '⁻' ? '−' : '0', face);
  if (narrow.includes(character)) return small * glyphWidth(' ', face);
  const code = character.codePointAt(0)!;
  if (WinAnsi.canEncodeUnicodeCodePoint(code)) {
    return face.getWidthOfGlyph(WinAnsi.encodeUnicodeCodePoint(code).name) ?? usual;
  }
  if (!greek.canEncodeUnicodeCodePoint(code)) return usual;
  return faces.symbol.getWidthOfGlyph(greek.encodeUnicodeCodePoint(code).name) ?? usual;
}
