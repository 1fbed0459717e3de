import type { Mixture } from '../density/mixture.ts';
import type { TruncatedDensity } from '../density/truncated.ts';
import type { Prior } from '../model/prior.ts';

/** Above this share inside the support, the untruncated mixture's own marginal is right to within what a screen shows. */
const closedFormAcceptance = 0.99;

/**
 * Density image of two parameters on their display ranges, scaled to a maximum of 1, and the levels whose super-level
 * sets hold 50 % and 90 % of the mass. In closed form where nearly all of the mixture lies inside the prior's support;
 * otherwise from the truncated samples, smoothed.
 * @param columns [D] of [S] posterior samples
 * @returns density [size, size] row-major, rows along y from low to high
 */
export function pairDensity(
  truncated: TruncatedDensity<Mixture>,
  prior: Prior,
  columns: readonly Float64Array[],
  x: number,
  y: number,
  size: number,
): { density: Float32Array; level50: number; level90: number } {
  const values =
    truncated.acceptance >= closedFormAcceptance
      ? closedForm(truncated, prior, x, y, size)
      : smoothed(prior, columns[x]!, columns[y]!, x, y, size);
  let top = 0;
  for (const value of values) top = Math.max(top, value);
  const density = Float32Array.from(values, (value) => (top > 0 ? value / top : 0));
  return { density, ...levels(density) };
}

function closedForm(
  { density }: TruncatedDensity<Mixture>,
  prior: Prior,
  x: number,
  y: number,
  size: number,
): Float64Array {
  const values = new Float64Array(size * size);
  const at = (i: number, cell: number) =>
    prior.displayLow[i]! + ((cell + 0.5) * (prior.displayHigh[i]! - prior.displayLow[i]!)) / size;
  for (let row = 0; row < size; row++) {
    for (let col = 0; col < size; col++)
      values[row * size + col] = density.pairDensity(x, y, at(x, col), at(y, row));
  }
  return values;
}

/**
 * Kernel density estimate by linear binning and a separable Gaussian, reflected at the borders so that mass at the
 * prior's bound does not fade; bandwidth by Scott's rule, sd·n^(−1/6), at least half a cell.
 */
function smoothed(
  prior: Prior,
  xs: Float64Array,
  ys: Float64Array,
  x: number,
  y: number,
  size: number,
): Float64Array {
  const bins = new Float64Array(size * size);
  const toCell = (value: number, i: number) =>
    ((value - prior.displayLow[i]!) / (prior.displayHigh[i]! - prior.displayLow[i]!)) * size - 0.5;
  let [sumX, sumY, squaresX, squaresY] = [0, 0, 0, 0];
  for (let s = 0; s < xs.length; s++) {
    const cx = toCell(xs[s]!, x);
    const cy = toCell(ys[s]!, y);
    sumX += cx;
    sumY += cy;
    squaresX += cx * cx;
    squaresY += cy * cy;
    const col = Math.floor(cx);
    const row = Math.floor(cy);
    for (const [r, wr] of [
      [row, 1 - (cy - row)],
      [row + 1, cy - row],
    ] as const) {
      for (const [c, wc] of [
        [col, 1 - (cx - col)],
        [col + 1, cx - col],
      ] as const) {
        const cell = reflect(r, size) * size + reflect(c, size);
        bins[cell] = bins[cell]! + wr * wc;
      }
    }
  }
  const n = xs.length;
  const scott = n ** (-1 / 6);
  const widthX = Math.max(0.5, scott * Math.sqrt(Math.max(0, squaresX / n - (sumX / n) ** 2)));
  const widthY = Math.max(0.5, scott * Math.sqrt(Math.max(0, squaresY / n - (sumY / n) ** 2)));
  return blur(blur(bins, size, widthX, 1, size), size, widthY, size, 1);
}

/** Convolves every line with a normalised Gaussian of `width` cells; `along` is the stride inside a line. */
function blur(
  values: Float64Array,
  size: number,
  width: number,
  along: number,
  across: number,
): Float64Array {
  const reach = Math.min(size - 1, Math.ceil(3 * width));
  const kernel = Float64Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-0.5 * ((i - reach) / width) ** 2),
  );
  const total = kernel.reduce((sum, k) => sum + k, 0);
  const out = new Float64Array(values.length);
  for (let line = 0; line < size; line++) {
    for (let cell = 0; cell < size; cell++) {
      let sum = 0;
      for (let k = -reach; k <= reach; k++) {
        sum += kernel[k + reach]! * values[line * across + reflect(cell + k, size) * along]!;
      }
      out[line * across + cell * along] = sum / total;
    }
  }
  return out;
}

function reflect(cell: number, size: number): number {
  let index = cell;
  if (index < 0) index = -index - 1;
  if (index >= size) index = 2 * size - 1 - index;
  return Math.min(size - 1, Math.max(0, index));
}

/** Highest-density levels: the smallest density still inside the 50 % and the 90 % region. */
function levels(density: Float32Array): { level50: number; level90: number } {
  const sorted = Float32Array.from(density).sort().reverse();
  const total = sorted.reduce((sum, value) => sum + value, 0);
  let mass = 0;
  let level50 = 0;
  let level90 = 0;
  for (const value of sorted) {
    mass += value;
    if (level50 === 0 && mass >= 0.5 * total) level50 = value;
    if (mass >= 0.9 * total) {
      level90 = value;
      break;
    }
  }
  return { level50, level90 };
}
