import { cholesky, invertUpper } from '../numeric/linear-algebra.ts';
import type { Density } from './density.ts';
import { Mixture } from './mixture.ts';

interface Support {
  contains(theta: Float64Array, offset?: number): boolean;
}

const smallestStep = 1e-4;
/** Sweeps over all directions: a bound, not a target; 40 halvings of the step are 1e-12. */
const sweepsAtMost = 500;
/** Draws that a search starts from: the best, and the best of those farther than this many standard deviations from it. */
const startsAtMost = 5;
const startsApart = 1;

/**
 * The largest density inside a support, by compass search (Kolda, Lewis, Torczon 2003) from several starts: along the
 * parameters' axes (which follow a bounded prior's faces) and along axes in which the density is round: the columns of
 * each component's U⁻¹ for a mixture, those of the Cholesky factor of the draws' covariance for any other. Needs no
 * gradient, and never leaves the support.
 * @param draws [n, D] draws of the density that lie inside the support
 * @returns [D], or null where no start lies inside
 */
export function findMode(density: Density, support: Support, draws: Float64Array): Float64Array | null {
  const spread = spreadOf(draws, density.dimension);
  const directions =
    density instanceof Mixture
      ? componentDirections(density)
      : spread === null
        ? []
        : drawnDirections(spread);
  const starts = bestDraws(density, draws, spread);
  if (density instanceof Mixture) starts.unshift(...componentLocations(density));
  let best: Float64Array | null = null;
  let bestLogQ = -Infinity;
  for (const start of starts) {
    if (!support.contains(start, 0)) continue;
    const { theta, logQ } = climb(density, support, start, directions);
    if (best !== null && logQ <= bestLogQ) continue;
    best = theta;
    bestLogQ = logQ;
  }
  return best;
}

interface Spread {
  /** [D] */
  sd: Float64Array;
  /** [D, D] lower Cholesky factor of the covariance, or null where it is singular */
  root: Float64Array | null;
}

/** null with fewer than two draws. */
function spreadOf(draws: Float64Array, D: number): Spread | null {
  const n = draws.length / D;
  if (n < 2) return null;
  const mean = new Float64Array(D);
  const covariance = new Float64Array(D * D);
  for (let i = 0; i < draws.length; i++) mean[i % D]! += draws[i]! / n;
  for (let row = 0; row < n; row++)
    for (let i = 0; i < D; i++)
      for (let j = 0; j <= i; j++)
        covariance[i * D + j]! +=
          ((draws[row * D + i]! - mean[i]!) * (draws[row * D + j]! - mean[j]!)) / (n - 1);
  const sd = Float64Array.from({ length: D }, (_, i) => Math.sqrt(covariance[i * D + i]!));
  return { sd, root: n > 2 * D ? factor(covariance, D) : null };
}

function factor(covariance: Float64Array, D: number): Float64Array | null {
  try {
    return cholesky(covariance, D);
  } catch {
    return null;
  }
}

/** Steps of one standard deviation: along each axis, and along the columns of the covariance's Cholesky factor. */
function drawnDirections({ sd, root }: Spread): Float64Array[] {
  const D = sd.length;
  const directions: Float64Array[] = [];
  for (let i = 0; i < D; i++) {
    directions.push(Float64Array.from({ length: D }, (_, j) => (j === i ? sd[i]! : 0)));
    // The last column lies along an axis already.
    if (root !== null && i < D - 1)
      directions.push(Float64Array.from({ length: D }, (_, j) => root[j * D + i]!));
  }
  return directions;
}

/** The most probable draw, and the most probable of those that are apart from all chosen before. */
function bestDraws(density: Density, draws: Float64Array, spread: Spread | null): Float64Array[] {
  const D = density.dimension;
  const logQ = density.logDensities(draws);
  const order = Array.from(logQ.keys()).sort((a, b) => logQ[b]! - logQ[a]!);
  const chosen: Float64Array[] = [];
  for (const row of order) {
    const theta = draws.slice(row * D, (row + 1) * D);
    const near = (other: Float64Array) =>
      theta.every((value, i) => Math.abs(value - other[i]!) <= startsApart * (spread?.sd[i] ?? 0));
    if (chosen.some(near)) continue;
    chosen.push(theta);
    if (chosen.length === startsAtMost) break;
  }
  return chosen;
}

function componentLocations({ components, dimension, means }: Mixture): Float64Array[] {
  return Array.from({ length: components }, (_, k) => means.slice(k * dimension, (k + 1) * dimension));
}

/** Steps of one standard deviation: along each axis, and along each component's own axes. */
function componentDirections(mixture: Mixture): Float64Array[] {
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
  density: Density,
  support: Support,
  start: Float64Array,
  directions: readonly Float64Array[],
): { theta: Float64Array; logQ: number } {
  let theta = start.slice();
  let trial = start.slice();
  let logQ = density.logDensity(theta);
  let step = 1;
  for (let sweep = 0; sweep < sweepsAtMost && step > smallestStep; sweep++) {
    let improved = false;
    for (const direction of directions) {
      for (const sign of [step, -step]) {
        for (let j = 0; j < theta.length; j++) trial[j] = theta[j]! + sign * direction[j]!;
        if (!support.contains(trial, 0)) continue;
        const value = density.logDensity(trial);
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
