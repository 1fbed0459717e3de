import type { Prior } from '../model/prior.ts';

/**
 * Kernel density estimate by linear binning and a separable Gaussian, reflected at the borders so that mass at the
 * prior's bound does not fade; bandwidth by Scott's rule, sd·n^(−1/6), at least half a cell.
 */
export function smoothedImage(
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
  lines = size,
): Float64Array {
  const reach = Math.min(size - 1, Math.ceil(3 * width));
  const kernel = Float64Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-0.5 * ((i - reach) / width) ** 2),
  );
  const total = kernel.reduce((sum, k) => sum + k, 0);
  const out = new Float64Array(values.length);
  for (let line = 0; line < lines; line++) {
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

/**
 * The same in one dimension: density of samples on an evenly spaced grid, per unit; Scott's rule is sd·n^(−1/5).
 * @param grid [g] cell centres that cover the display range
 */
export function smoothedCurve(samples: Float64Array, grid: Float64Array): Float64Array {
  const size = grid.length;
  const step = (grid[size - 1]! - grid[0]!) / (size - 1);
  const bins = new Float64Array(size);
  let [sum, squares] = [0, 0];
  for (const value of samples) {
    const cell = (value - grid[0]!) / step;
    sum += cell;
    squares += cell * cell;
    const low = Math.floor(cell);
    const share = cell - low;
    const [first, second] = [reflect(low, size), reflect(low + 1, size)];
    bins[first] = bins[first]! + 1 - share;
    bins[second] = bins[second]! + share;
  }
  const n = samples.length;
  const sd = Math.sqrt(Math.max(0, squares / n - (sum / n) ** 2));
  const width = Math.max(0.5, sd * n ** (-1 / 5));
  return blur(bins, size, width, 1, size, 1).map((value) => value / (n * step));
}
