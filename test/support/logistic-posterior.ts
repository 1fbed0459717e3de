import { cholesky, solveLower, solveUpper, transpose } from '../../main/numeric/linear-algebra.ts';
import type { RandomStream } from '../../main/numeric/random.ts';
import { samplePolyaGamma } from './polya-gamma.ts';

export interface LogisticModel {
  /** X [T][D] of P(y_t = 1) = sigmoid(x_tᵀβ). */
  design: readonly (readonly number[])[];
  /** P [D, D] of the prior N(0, P⁻¹), row-major. */
  precision: ArrayLike<number>;
}

/**
 * Samples of the posterior of a Bayesian logistic regression by Gibbs sampling with Pólya-Gamma variables (Polson, Scott,
 * Windle, JASA 2013, section 3.1):
 *   ω_t | β ~ PG(1, x_tᵀβ)        β | ω ~ N(V Xᵀ(y − ½), V),   V = (XᵀΩX + P)⁻¹
 * @param sums Xᵀy [D], all that the data say of β
 * @param thin every so manieth state is kept; the first 200 are thrown away
 * @returns [n, D] row-major
 */
export function logisticPosterior(
  { design, precision }: LogisticModel,
  sums: ArrayLike<number>,
  { n, thin }: { n: number; thin: number },
  random: RandomStream,
): Float64Array {
  const dimension = design[0]!.length;
  const centred = Float64Array.from(
    { length: dimension },
    (_, d) => sums[d]! - design.reduce((sum, row) => sum + row[d]! / 2, 0),
  );
  const out = new Float64Array(n * dimension);
  const beta = new Float64Array(dimension);
  const burnIn = 200;
  for (let step = 1; step <= burnIn + n * thin; step++) {
    const total = Float64Array.from(precision);
    for (const row of design) {
      let drive = 0;
      for (let d = 0; d < dimension; d++) drive += row[d]! * beta[d]!;
      const omega = samplePolyaGamma(random, drive);
      for (let i = 0; i < dimension; i++) {
        for (let j = 0; j <= i; j++) total[i * dimension + j]! += omega * row[i]! * row[j]!;
      }
    }
    // total = L Lᵀ: its inverse's normal is L⁻ᵀ z around the mean.
    const lower = cholesky(total, dimension);
    const upper = transpose(lower, dimension);
    const mean = solveUpper(upper, solveLower(lower, centred, dimension), dimension);
    const z = Float64Array.from({ length: dimension }, () => random.normal());
    const spread = solveUpper(upper, z, dimension);
    for (let d = 0; d < dimension; d++) beta[d] = mean[d]! + spread[d]!;
    const kept = (step - burnIn) / thin;
    if (kept >= 1 && Number.isInteger(kept)) out.set(beta, (kept - 1) * dimension);
  }
  return out;
}
