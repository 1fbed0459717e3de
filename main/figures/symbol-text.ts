import { symbolParts } from './symbol.ts';
import { fontFamily, type Pen } from './pen.ts';

/** Between a symbol and its unit, px. */
const unitGap = 4;

/**
 * A symbol as papers set it, drawn: the base italic, the subscript upright, smaller and lower, then the unit in a lighter ink.
 * @param align where x is
 */
export function drawSymbol(
  pen: Pen,
  symbol: string,
  unit: string,
  { x, y, align }: { x: number; y: number; align: 'left' | 'center' | 'right' },
  inks: { symbol: string; unit: string },
): void {
  const { sign, base, subscript } = symbolParts(symbol);
  const parts = [
    { text: sign, font: `13px ${fontFamily}`, lower: 0, gap: 0, ink: inks.symbol },
    { text: base, font: `italic 13px ${fontFamily}`, lower: 0, gap: 0, ink: inks.symbol },
    { text: subscript, font: `10px ${fontFamily}`, lower: 3, gap: 0, ink: inks.symbol },
    // A space at a text's beginning is not drawn in SVG.
    { text: unit, font: `12px ${fontFamily}`, lower: 0, gap: unitGap, ink: inks.unit },
  ].filter(({ text }) => text !== '');
  pen.textAlign = 'left';
  pen.textBaseline = 'alphabetic';
  const widths = parts.map(({ text, font, gap }) => {
    pen.font = font;
    return gap + pen.measureText(text).width;
  });
  const total = widths.reduce((sum, width) => sum + width, 0);
  let at = align === 'left' ? x : align === 'center' ? x - total / 2 : x - total;
  parts.forEach(({ text, font, lower, gap, ink }, i) => {
    pen.font = font;
    pen.fillStyle = ink;
    pen.fillText(text, at + gap, y + lower);
    at += widths[i]!;
  });
}
