import { Mixture } from '../density/mixture.ts';
import type { TruncatedDensity } from '../density/truncated.ts';
import type { Prior } from '../model/prior.ts';
import { truncatedMarginal } from './marginals.ts';
import { smoothedCurve } from './smoothing.ts';

/**
 * Density of one parameter on a grid, all in working coordinates: from the mixture itself where the estimate is one, from the
 * posterior samples, smoothed, where it is not.
 * @param few [S, D] draws that a mixture's conditionals are averaged over
 * @param samples [n] of the parameter
 * @param grid [g] evenly spaced over the parameter's display range
 */
export function marginalCurve(
  { density }: TruncatedDensity,
  prior: Prior,
  few: Float64Array,
  samples: Float64Array,
  parameter: number,
  grid: Float64Array,
): Float64Array {
  return density instanceof Mixture
    ? truncatedMarginal(density, prior, few, parameter, grid)
    : smoothedCurve(samples, grid);
}
