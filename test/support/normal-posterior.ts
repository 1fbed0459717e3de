import {
  cholesky,
  invertPositiveDefinite,
  solvePositiveDefinite,
  solveUpper,
  transpose,
} from '../../main/numeric/linear-algebra.ts';
import type { RandomStream } from '../../main/numeric/random.ts';

export interface LinearModel {
  /** A [F][D] of x = A θ + noise. */
  design: readonly (readonly number[])[];
  /** [F] standard deviations of the noise. */
  noiseSd: readonly number[];
  /** Of the prior; null = flat. */
  prior: { mean: readonly number[]; covariance: readonly (readonly number[])[] } | null;
}

/**
 * The exact posterior N(m, P⁻¹) of a linear model with normal noise and a normal or flat prior:
 *   P = Σ⁻¹ + Aᵀ N⁻¹ A,    m = P⁻¹ (Σ⁻¹ μ + Aᵀ N⁻¹ x)      (Bishop 2006, equations 2.116 and 2.117)
 * @returns its mean [D] and precision [D, D]
 */
export function linearPosterior(
  { design, noiseSd, prior }: LinearModel,
  x: ArrayLike<number>,
): { mean: Float64Array; precision: Float64Array } {
  const dimension = design[0]!.length;
  const precision =
    prior === null
      ? new Float64Array(dimension ** 2)
      : invertPositiveDefinite(prior.covariance.flat(), dimension);
  const right = Float64Array.from({ length: dimension }, (_, i) =>
    prior === null ? 0 : prior.mean.reduce((sum, mean, j) => sum + precision[i * dimension + j]! * mean, 0),
  );
  design.forEach((row, f) => {
    const weight = 1 / noiseSd[f]! ** 2;
    for (let i = 0; i < dimension; i++) {
      right[i]! += weight * row[i]! * x[f]!;
      for (let j = 0; j < dimension; j++) precision[i * dimension + j]! += weight * row[i]! * row[j]!;
    }
  });
  return { mean: solvePositiveDefinite(precision, right, dimension), precision };
}

/**
 * Samples of N(mean, precision⁻¹), cut to a box where one is given: draws outside it are thrown away, which is exact.
 * @returns [n, D] row-major
 */
export function normalSamples(
  { mean, precision }: { mean: Float64Array; precision: Float64Array },
  n: number,
  random: RandomStream,
  box?: { low: readonly number[]; high: readonly number[] },
): Float64Array {
  const dimension = mean.length;
  const upper = transpose(cholesky(precision, dimension), dimension);
  const out = new Float64Array(n * dimension);
  for (let i = 0; i < n;) {
    const z = Float64Array.from({ length: dimension }, () => random.normal());
    const theta = solveUpper(upper, z, dimension).map((value, d) => value + mean[d]!);
    if (box && theta.some((value, d) => value < box.low[d]! || value > box.high[d]!)) continue;
    out.set(theta, i * dimension);
    i += 1;
  }
  return out;
}
