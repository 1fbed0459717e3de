import { Mixture } from '../density/mixture.ts';
import type { TruncatedDensity } from '../density/truncated.ts';
import type { Prior } from '../model/prior.ts';
import { smoothedImage } from './smoothing.ts';

/** Above this share inside the support, the untruncated mixture's own marginal is right to within what a screen shows. */
const closedFormAcceptance = 0.99;

const finestImage = 96;
/** Values of all pairs together: 1 MB, which a window receives in one go without being felt. */
const mostValues = 2 ** 18;

/** Cells along one side of a pair's image, so many that all pairs of the parameters stay a light message. */
export function imageSize(parameters: number, gridSize: number): number {
  const pairs = (parameters * (parameters - 1)) / 2;
  return Math.min(finestImage, gridSize, Math.floor(Math.sqrt(mostValues / Math.max(1, pairs))));
}

/**
 * Density image of two parameters on their display ranges in working coordinates, scaled to a maximum of 1, and the levels whose super-level
 * sets hold 50 % and 90 % of the mass. In closed form where nearly all of the mixture lies inside the prior's support;
 * otherwise from the truncated samples, smoothed.
 * @param columns [D] of [S] posterior samples
 * @returns density [size, size] row-major, rows along y from low to high
 */
export function pairDensity(
  { density, acceptance }: Pick<TruncatedDensity, 'density' | 'acceptance'>,
  prior: Prior,
  columns: readonly Float64Array[],
  x: number,
  y: number,
  size: number,
): { density: Float32Array; level50: number; level90: number } {
  const values =
    density instanceof Mixture && acceptance >= closedFormAcceptance
      ? closedForm(density, prior, x, y, size)
      : smoothedImage(prior, columns[x]!, columns[y]!, x, y, size);
  return densityImage(values);
}

/** Any gridded density, scaled to a maximum of 1, with its levels. */
export function densityImage(values: Float64Array): {
  density: Float32Array;
  level50: number;
  level90: number;
} {
  let top = 0;
  for (const value of values) top = Math.max(top, value);
  const density = Float32Array.from(values, (value) => (top > 0 ? value / top : 0));
  return { density, ...levels(density) };
}

function closedForm(mixture: Mixture, prior: Prior, x: number, y: number, size: number): Float64Array {
  const values = new Float64Array(size * size);
  const at = (i: number, cell: number) =>
    prior.displayLow[i]! + ((cell + 0.5) * (prior.displayHigh[i]! - prior.displayLow[i]!)) / size;
  for (let row = 0; row < size; row++) {
    const b = at(y, row);
    for (let col = 0; col < size; col++) values[row * size + col] = mixture.pairDensity(x, y, at(x, col), b);
  }
  return values;
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
