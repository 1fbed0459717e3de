import { AppError } from '../contract/errors.ts';
import {
  cholesky,
  choleskyUpper,
  logDiagonalSum,
  solveLower,
  solvePositiveDefinite,
} from '../numeric/linear-algebra.ts';
import { logConstant, logShape } from './component-density.ts';
import { Mixture } from './mixture.ts';

/**
 * q(θ_A | θ_B) of a mixture of Gaussians, again one: with P_k the precision and Σ_k its inverse,
 *   precision P_AA,  mean m_A − P_AA⁻¹ P_AB (θ_B − m_B),  weight ∝ α_k N(θ_B; m_B, Σ_BB).
 * @param fixed value by index of the parameters B; the others, in their order, are A
 * @throws AppError usage where the mixture has Student-t tails, an index is none, or nothing is left free
 */
export function conditionalMixture(mixture: Mixture, fixed: ReadonlyMap<number, number>): Mixture {
  const { components, dimension: D, studentT } = mixture;
  const all = Array.from({ length: D }, (_, i) => i);
  const free = all.filter((i) => !fixed.has(i));
  const given = all.filter((i) => fixed.has(i));
  if (studentT !== 0 || given.length !== fixed.size || free.length === 0) {
    throw new AppError('usage', 'This mixture cannot be conditioned on these parameters.', {
      remedy: 'Fix some parameters of a mixture of Gaussians, and leave at least one free.',
    });
  }
  if (given.length === 0) return mixture;
  const n = free.length;
  const logWeights = new Float64Array(components);
  const means = new Float64Array(components * n);
  const precisionFactors = new Float64Array(components * n * n);
  for (let k = 0; k < components; k++) {
    const precision = precisionOf(mixture, k);
    const offset = given.map((i) => fixed.get(i)! - mixture.means[k * D + i]!);
    const own = block(precision, D, free, free);
    const pull = free.map((i) => given.reduce((sum, j, b) => sum + precision[i * D + j]! * offset[b]!, 0));
    solvePositiveDefinite(own, pull, n).forEach((shift, a) => {
      means[k * n + a] = mixture.means[k * D + free[a]!]! - shift;
    });
    precisionFactors.set(choleskyUpper(own, n), k * n * n);
    const lower = cholesky(block(mixture.scaleMatrix(k), D, given, given), given.length);
    const square = solveLower(lower, offset, given.length).reduce((sum, z) => sum + z * z, 0);
    logWeights[k] =
      mixture.logWeights[k]! -
      logDiagonalSum(lower, given.length) +
      logConstant(given.length, 0) +
      logShape(square, given.length, 0);
  }
  return new Mixture({ components, dimension: n, logWeights, means, precisionFactors });
}

/** P_k = U_kᵀU_k, [D, D] */
function precisionOf({ dimension: D, precisionFactors: u }: Mixture, k: number): Float64Array {
  const precision = new Float64Array(D * D);
  for (let a = 0; a < D; a++) {
    for (let b = 0; b < D; b++) {
      let sum = 0;
      for (let i = 0; i <= Math.min(a, b); i++) sum += u[(k * D + i) * D + a]! * u[(k * D + i) * D + b]!;
      precision[a * D + b] = sum;
    }
  }
  return precision;
}

function block(
  matrix: Float64Array,
  D: number,
  rows: readonly number[],
  columns: readonly number[],
): Float64Array {
  return Float64Array.from(rows.flatMap((i) => columns.map((j) => matrix[i * D + j]!)));
}
