import type { Mixture } from '../density/mixture.ts';
import type { Prior } from '../model/prior.ts';
import { normalInterval } from '../numeric/normal.ts';
import { logSumExp } from '../numeric/special.ts';

/**
 * Density on a grid of θ_i under the mixture truncated to the prior's box, averaged over posterior samples:
 *   f_i(t) = (1/S) Σ_s q(t | θ_−i^(s), t in [low_i, high_i])
 * Each conditional is a one-dimensional mixture of truncated normals in closed form, so the curve is smooth and, unlike
 * the marginal of the untruncated mixture, right where much of its mass lies outside the support
 * (Rao–Blackwell; Gelfand and Smith 1990, section 2.3). Only for Gaussian components.
 * @param samples [S, D] draws of the truncated mixture
 * @param grid [n] in the parameter's unit, inside the support
 * @returns [n] density per unit of θ_i
 */
export function truncatedMarginal(
  mixture: Mixture,
  prior: Prior,
  samples: Float64Array,
  parameter: number,
  grid: Float64Array,
): Float64Array {
  const { components, dimension } = mixture;
  const precision = componentPrecisions(mixture);
  const logNorm = componentLogNorms(mixture);
  const n = samples.length / dimension;
  const density = new Float64Array(grid.length);
  const centre = new Float64Array(components);
  const logWeight = new Float64Array(components);
  for (let s = 0; s < n; s++) {
    const row = s * dimension;
    for (let k = 0; k < components; k++) {
      const own = precision[k]![parameter * dimension + parameter]!;
      let shift = 0;
      for (let j = 0; j < dimension; j++) {
        if (j === parameter) continue;
        const d = samples[row + j]! - mixture.means[k * dimension + j]!;
        shift += precision[k]![parameter * dimension + j]! * d;
      }
      centre[k] = mixture.means[k * dimension + parameter]! - shift / own;
      const sd = 1 / Math.sqrt(own);
      const inside = normalInterval(
        (prior.low[parameter]! - centre[k]!) / sd,
        (prior.high[parameter]! - centre[k]!) / sd,
      );
      // Joint density of the other coordinates and of θ_i inside the bounds, up to the common normaliser.
      const rest = quadraticWithout(
        precision[k]!,
        mixture.means,
        k,
        samples,
        row,
        parameter,
        dimension,
        shift,
        own,
      );
      logWeight[k] = logNorm[k]! - 0.5 * rest + Math.log(sd) + Math.log(Math.max(inside, 1e-300));
    }
    const total = logSumExp(logWeight);
    for (let k = 0; k < components; k++) {
      const own = precision[k]![parameter * dimension + parameter]!;
      const sd = 1 / Math.sqrt(own);
      const inside = normalInterval(
        (prior.low[parameter]! - centre[k]!) / sd,
        (prior.high[parameter]! - centre[k]!) / sd,
      );
      const scale =
        Math.exp(logWeight[k]! - total) / (Math.max(inside, 1e-300) * sd * Math.sqrt(2 * Math.PI) * n);
      if (scale < 1e-12) continue;
      for (let g = 0; g < grid.length; g++) {
        const z = (grid[g]! - centre[k]!) / sd;
        density[g] = density[g]! + scale * Math.exp(-0.5 * z * z);
      }
    }
  }
  return density;
}

/** Σ_{a,b≠i} P_ab d_a d_b − shift²/P_ii: the squared distance that remains when θ_i is at its conditional mean. */
function quadraticWithout(
  precision: Float64Array,
  means: Float64Array,
  k: number,
  samples: Float64Array,
  row: number,
  without: number,
  dimension: number,
  shift: number,
  own: number,
): number {
  let sum = 0;
  for (let a = 0; a < dimension; a++) {
    if (a === without) continue;
    const da = samples[row + a]! - means[k * dimension + a]!;
    for (let b = 0; b < dimension; b++) {
      if (b === without) continue;
      sum += precision[a * dimension + b]! * da * (samples[row + b]! - means[k * dimension + b]!);
    }
  }
  return sum - (shift * shift) / own;
}

/** P_k = U_kᵀU_k, each [D, D] row-major. */
function componentPrecisions({ components, dimension, precisionFactors }: Mixture): Float64Array[] {
  return Array.from({ length: components }, (_, k) => {
    const precision = new Float64Array(dimension * dimension);
    const u = (i: number, j: number) => precisionFactors[(k * dimension + i) * dimension + j]!;
    for (let a = 0; a < dimension; a++) {
      for (let b = 0; b < dimension; b++) {
        let sum = 0;
        for (let i = 0; i <= Math.min(a, b); i++) sum += u(i, a) * u(i, b);
        precision[a * dimension + b] = sum;
      }
    }
    return precision;
  });
}

/** log α_k + Σ log U_k,ii */
function componentLogNorms({ components, dimension, precisionFactors, logWeights }: Mixture): Float64Array {
  return Float64Array.from({ length: components }, (_, k) => {
    let sum = logWeights[k]!;
    for (let i = 0; i < dimension; i++)
      sum += Math.log(precisionFactors[(k * dimension + i) * dimension + i]!);
    return sum;
  });
}
