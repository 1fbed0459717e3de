/** The three faces of the standard fonts that figures are set in (PDF 32000-1:2008, annex D): none needs to be embedded. */
export type Face = 'helvetica' | 'symbol';

export interface Run {
  face: Face;
  /** The PDF string's bytes. */
  codes: number[];
  /** The characters, for measuring; spaces that no font has are not in `codes`. */
  text: string;
  /** Of the text's size; superscripts are set small and raised. */
  scale: number;
}

/** WinAnsiEncoding beyond Latin-1. */
const winAnsi: Record<string, number> = { '…': 0x85, '•': 0x95, '–': 0x96, '—': 0x97, '‘': 0x91, '’': 0x92, '“': 0x93, '”': 0x94, '€': 0x80 }; // prettier-ignore

/** The Symbol font's own encoding: Greek, and the signs that WinAnsi lacks. */
const symbol: Record<string, number> = {
  ...{ '−': 0x2d, '√': 0xd6, '∞': 0xa5, '≤': 0xa3, '≥': 0xb3, '≠': 0xb9, '≈': 0xbb, '∂': 0xb6, '∑': 0xe5 },
  ...greek('ΑΒΧΔΕΦΓΗΙ', 0x41),
  ...greek('ΚΛΜΝΟΠΘΡΣΤΥ', 0x4b),
  ...greek('ΩΞΨΖ', 0x57),
  ...greek('αβχδεφγηι', 0x61),
  ...greek('κλμνοπθρστυ', 0x6b),
  ...greek('ωξψζ', 0x77),
  ϕ: 0x6a,
};

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const small = 0.65;

function greek(letters: string, first: number): Record<string, number> {
  return Object.fromEntries([...letters].map((letter, i) => [letter, first + i]));
}

/** A text as runs of one face and size each. A character that no standard font has becomes «?». */
export function textRuns(text: string): Run[] {
  const runs: Run[] = [];
  for (const character of text) {
    const { face, code, scale } = glyph(character);
    const last = runs.at(-1);
    if (last?.face === face && last.scale === scale) {
      if (code !== null) last.codes.push(code);
      last.text += character;
    } else runs.push({ face, codes: code === null ? [] : [code], text: character, scale });
  }
  return runs;
}

function glyph(character: string): { face: Face; code: number | null; scale: number } {
  const raised = superscripts.indexOf(character);
  // ² and ³ are in every font; the others are set by hand.
  if (raised >= 0 && !'¹²³'.includes(character))
    return { face: 'helvetica', code: 0x30 + raised, scale: small };
  if (character === '⁻') return { face: 'symbol', code: 0x2d, scale: small };
  const code = character.codePointAt(0)!;
  if ('\u2009\u202f\u00a0'.includes(character)) return { face: 'helvetica', code: 0x20, scale: small };
  if ((code >= 0x20 && code < 0x7f) || (code >= 0xa1 && code <= 0xff)) {
    return { face: 'helvetica', code, scale: 1 };
  }
  const ansi = winAnsi[character];
  if (ansi !== undefined) return { face: 'helvetica', code: ansi, scale: 1 };
  const own = symbol[character];
  return own === undefined
    ? { face: 'helvetica', code: 0x3f, scale: 1 }
    : { face: 'symbol', code: own, scale: 1 };
}
