import { selectInPlace } from './select.ts';

/** Descriptive statistics of arrays. An empty array gives NaN; a NaN among the values gives NaN. */
type Values = ArrayLike<number> & Iterable<number>;

/** Σx/n */
export function mean(x: Values): number {
  let sum = 0;
  for (const value of x) sum += value;
  return sum / x.length;
}

/** Central moment Σ(x−m)ᵏ/n for a whole k ≥ 1. */
export function centralMoment(x: Values, k: number): number {
  const m = mean(x);
  let sum = 0;
  for (const value of x) sum += (value - m) ** k;
  return sum / x.length;
}

/** Population variance Σ(x−m)²/n. */
export function variance(x: Values): number {
  return centralMoment(x, 2);
}

/** Population standard deviation √(Σ(x−m)²/n). */
export function standardDeviation(x: Values): number {
  return Math.sqrt(variance(x));
}

/** m₃/m₂^{3/2}; NaN for constant values. */
export function skewness(x: Values): number {
  return centralMoment(x, 3) / variance(x) ** 1.5;
}

/** m₄/m₂², 3 for a Gaussian; NaN for constant values. */
export function kurtosis(x: Values): number {
  return centralMoment(x, 4) / variance(x) ** 2;
}

/** The value below which half of the values lie: quantile(x, 0.5), without sorting them all. */
export function median(x: Values): number {
  const values = Float64Array.from(x);
  const n = values.length;
  if (n === 0 || values.some(Number.isNaN)) return Number.NaN;
  const h = (n - 1) / 2;
  const low = Math.floor(h);
  const below = selectInPlace(values, low);
  if (h === low) return below;
  let above = Number.POSITIVE_INFINITY;
  for (let i = low + 1; i < n; i++) above = Math.min(above, values[i]!);
  return below + (h - low) * (above - below);
}

/**
 * Quantile by linear interpolation between order statistics: h = (n−1)p, x₍⌊h⌋₎ + (h−⌊h⌋)(x₍⌊h⌋+1₎ − x₍⌊h⌋₎)
 * (type 7 of Hyndman and Fan, Am. Stat. 1996; NumPy's and R's default). 0 ≤ p ≤ 1.
 */
export function quantile(x: Values, p: number): number {
  return sortedQuantile(Float64Array.from(x).sort(), p);
}

/** The same for values that are sorted already; NaNs sort to the end, so one at the end makes the result NaN. */
export function sortedQuantile(sorted: ArrayLike<number>, p: number): number {
  const n = sorted.length;
  if (n === 0 || Number.isNaN(sorted[n - 1]!) || !(p >= 0 && p <= 1)) return Number.NaN;
  const h = (n - 1) * p;
  const low = Math.floor(h);
  const below = sorted[low]!;
  const above = sorted[Math.min(low + 1, n - 1)]!;
  return h === low ? below : below + (h - low) * (above - below);
}

/** Pearson's correlation of two samples of equal length; 0 where one of them does not vary. */
export function correlation(a: Values, b: Values): number {
  const meanA = mean(a);
  const meanB = mean(b);
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const da = a[i]! - meanA;
    const db = b[i]! - meanB;
    ab += da * db;
    aa += da * da;
    bb += db * db;
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0;
}

/** Mean [D] and covariance [D, D] (divided by n − 1) of rows [n, D], row-major; n ≥ 2. */
export function meanAndCovariance(
  rows: Float64Array,
  dimension: number,
): { mean: Float64Array; covariance: Float64Array } {
  const n = rows.length / dimension;
  const mean = new Float64Array(dimension);
  for (let k = 0; k < rows.length; k++) mean[k % dimension]! += rows[k]! / n;
  const covariance = new Float64Array(dimension * dimension);
  for (let row = 0; row < rows.length; row += dimension) {
    for (let i = 0; i < dimension; i++) {
      const d = (rows[row + i]! - mean[i]!) / (n - 1);
      for (let j = 0; j < dimension; j++) covariance[i * dimension + j]! += d * (rows[row + j]! - mean[j]!);
    }
  }
  return { mean, covariance };
}
