import type { Prior } from '../model/prior.ts';
import type { RandomStream } from '../numeric/random.ts';

/** Metropolis steps of every draw; most are accepted, and a region is crossed in a few. */
const chainSteps = 50;
/** A step is up to this share of the difference of two known draws. */
const stepScale = 0.6;

/**
 * New draws from the prior restricted to a region, given some that are: each starts at one of them and takes Metropolis steps along
 * their differences (ter Braak 2006, with a fixed archive).
 * @param archive [m, D] draws of the restricted prior
 * @param inside flags of rows
 * @returns [n, D]
 */
export function moreDraws(
  n: number,
  archive: Float64Array,
  inside: (theta: Float64Array) => Uint8Array,
  prior: Prior,
  random: RandomStream,
): Float64Array {
  const { dimension } = prior;
  const known = archive.length / dimension;
  const theta = new Float64Array(n * dimension);
  for (let i = 0; i < n; i++) {
    const from = random.integer(known) * dimension;
    theta.set(archive.subarray(from, from + dimension), i * dimension);
  }
  for (let step = 0; step < chainSteps; step++) {
    const proposed = theta.slice();
    for (let offset = 0; offset < theta.length; offset += dimension) {
      const a = random.integer(known) * dimension;
      const b = random.integer(known) * dimension;
      const scale = stepScale * random.uniform();
      for (let d = 0; d < dimension; d++)
        proposed[offset + d]! += scale * (archive[a + d]! - archive[b + d]!);
    }
    const flags = inside(proposed);
    for (let i = 0; i < n; i++) {
      const offset = i * dimension;
      const ratio = prior.logDensity(proposed, offset) - prior.logDensity(theta, offset);
      if (Math.log(1 - random.uniform()) <= ratio && flags[i] !== 0)
        theta.set(proposed.subarray(offset, offset + dimension), offset);
    }
  }
  return theta;
}
