import { invertUpper } from '../numeric/linear-algebra.ts';
import type { Mixture } from './mixture.ts';

interface Support {
  contains(theta: Float64Array, offset?: number): boolean;
}

const smallestStep = 1e-4;
/** Sweeps over all directions: a bound, not a target; 40 halvings of the step are 1e-12. */
const sweepsAtMost = 500;

/**
 * The largest density inside a support, by compass search (Kolda, Lewis, Torczon 2003) from several starts: along the
 * parameters' axes (which follow a bounded prior's faces) and along the columns of each component's U⁻¹ (in which that
 * component is round). Needs no gradient, and never leaves the support.
 * @param starts further starting points beside the components' locations, [D] each
 * @returns [D], or null where no start lies inside
 */
export function findMode(
  mixture: Mixture,
  support: Support,
  starts: readonly Float64Array[],
): Float64Array | null {
  const directions = searchDirections(mixture);
  const { dimension } = mixture;
  const locations = Array.from({ length: mixture.components }, (_, k) =>
    mixture.means.slice(k * dimension, (k + 1) * dimension),
  );
  let best: Float64Array | null = null;
  let bestLogQ = -Infinity;
  for (const start of [...locations, ...starts]) {
    if (!support.contains(start, 0)) continue;
    const { theta, logQ } = climb(mixture, support, start, directions);
    if (best !== null && logQ <= bestLogQ) continue;
    best = theta;
    bestLogQ = logQ;
  }
  return best;
}

/** Steps of one standard deviation: along each axis, and along each component's own axes. */
function searchDirections(mixture: Mixture): Float64Array[] {
  const { dimension: D, components } = mixture;
  const directions: Float64Array[] = [];
  for (let k = 0; k < components; k++) {
    const scale = mixture.scaleMatrix(k);
    const root = invertUpper(mixture.precisionFactors.subarray(k * D * D, (k + 1) * D * D), D);
    for (let i = 0; i < D; i++) {
      directions.push(
        Float64Array.from({ length: D }, (_, j) => (j === i ? Math.sqrt(scale[i * D + i]!) : 0)),
      );
      if (D > 1) directions.push(Float64Array.from({ length: D }, (_, j) => root[j * D + i]!));
    }
  }
  return directions;
}

function climb(
  mixture: Mixture,
  support: Support,
  start: Float64Array,
  directions: readonly Float64Array[],
): { theta: Float64Array; logQ: number } {
  let theta = start.slice();
  let trial = start.slice();
  let logQ = mixture.logDensity(theta);
  let step = 1;
  for (let sweep = 0; sweep < sweepsAtMost && step > smallestStep; sweep++) {
    let improved = false;
    for (const direction of directions) {
      for (const sign of [step, -step]) {
        for (let j = 0; j < theta.length; j++) trial[j] = theta[j]! + sign * direction[j]!;
        if (!support.contains(trial, 0)) continue;
        const value = mixture.logDensity(trial);
        if (value <= logQ) continue;
        [theta, trial] = [trial, theta];
        logQ = value;
        improved = true;
        break;
      }
    }
    if (!improved) step /= 2;
  }
  return { theta, logQ };
}
