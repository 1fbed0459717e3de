/**
 * Numbers as physiologists print them: a true minus (U+2212), commas between thousands, a thin space (U+2009) before
 * the unit, powers of ten written out.
 */
export const thinSpace = '\u2009';
const minus = '\u2212';
const superscripts: Record<string, string> = {
  '-': '⁻',
  '0': '⁰',
  '1': '¹',
  '2': '²',
  '3': '³',
  '4': '⁴',
  '5': '⁵',
  '6': '⁶',
  '7': '⁷',
  '8': '⁸',
  '9': '⁹',
};

/** Below 10⁻⁴ and from 10⁷ on, a number is easier to read as a power of ten. */
const smallest = 1e-4;
const largest = 1e7;

/** Making one takes longer than using it a hundred times. */
const formats = new Map<string, Intl.NumberFormat>();

function format(value: number, least: number, most: number): string {
  const key = `${least} ${most}`;
  let known = formats.get(key);
  if (known === undefined) {
    known = new Intl.NumberFormat('en-US', { minimumFractionDigits: least, maximumFractionDigits: most });
    formats.set(key, known);
  }
  return known.format(value);
}

/** A number with a fixed count of decimals. */
export function fixed(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return notFinite(value);
  const text = format(Math.abs(value), decimals, decimals);
  const isZero = Number(Math.abs(value).toFixed(Math.min(decimals, 100))) === 0;
  return value < 0 && !isZero ? minus + text : text;
}

const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });

/** A tick's label beside a narrow axis: from 10,000 on in thousands (K), millions (M) and so on. */
export function tickLabel(value: number, decimals: number): string {
  if (Math.abs(value) < 10_000) return fixed(value, decimals);
  return (value < 0 ? minus : '') + compact.format(Math.abs(value));
}

/** A number of an aligned column; one that the column's decimals would turn into zero keeps a digit. */
export function inColumn(value: number, decimals: number): string {
  const vanishes = value !== 0 && Number(value.toFixed(decimals)) === 0;
  return vanishes ? significant(value, 1) : fixed(value, decimals);
}

/** A whole number: «2,140». */
export function count(value: number): string {
  return fixed(Math.round(value), 0);
}

/** A number with `digits` significant digits, never fewer than its whole part. */
export function significant(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return notFinite(value);
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size < smallest || size >= largest) return powerOfTen(value, digits);
  const exponent = Math.floor(Math.log10(Number(size.toPrecision(digits))));
  return fixed(value, Math.max(0, digits - 1 - exponent));
}

/** An observed value: whole numbers are counts and stay whole. */
export function observed(value: number): string {
  return Number.isInteger(value) ? count(value) : significant(value, 4);
}

/** The shortest text that gives the number back: what an axis or an input field shows. */
export function plain(value: number): string {
  if (!Number.isFinite(value)) return notFinite(value);
  const size = Math.abs(value);
  if (value !== 0 && (size < smallest || size >= largest)) return powerOfTen(value, 12);
  return format(value, 0, 12).replace('-', minus);
}

/** «45.3 pF»; without a unit the number alone. */
export function quantity(text: string, unit: string): string {
  return unit === '' ? text : `${text}${thinSpace}${unit}`;
}

/** Decimals that show `digits` significant digits of the largest value: a column aligned at the decimal point. */
export function columnDecimals(values: readonly number[], digits = 3): number {
  const largestSize = Math.max(0, ...values.filter(Number.isFinite).map(Math.abs));
  if (largestSize === 0) return 0;
  return Math.min(6, Math.max(0, digits - 1 - Math.floor(Math.log10(largestSize))));
}

/** Reads what a person typed: true or typed minus, «1e-4», «5,000», stray spaces. null = not a number. */
export function parseNumber(text: string): number | null {
  const cleaned = text
    .trim()
    .replaceAll(minus, '-')
    .replaceAll(/[\s\u2009]/g, '')
    .replaceAll(/,(?=\d{3}\b)/g, '');
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(cleaned)) return null;
  const value = Number(cleaned);
  return Number.isFinite(value) ? value : null;
}

function powerOfTen(value: number, digits: number): string {
  const [mantissa = '0', exponent = '0'] = value.toExponential(digits - 1).split('e');
  const short = mantissa.includes('.') ? mantissa.replace(/0+$/, '').replace(/\.$/, '') : mantissa;
  const power = [...String(Number(exponent))].map((c) => superscripts[c] ?? c).join('');
  const sign = short.startsWith('-') ? minus : '';
  const size = short.replace('-', '');
  return size === '1' ? `${sign}10${power}` : `${sign}${size}${thinSpace}×${thinSpace}10${power}`;
}

function notFinite(value: number): string {
  if (Number.isNaN(value)) return 'missing';
  return value > 0 ? '∞' : `${minus}∞`;
}
