import { Mixture } from '../density/mixture.ts';
import type { TruncatedDensity } from '../density/truncated.ts';
import type { Coordinates } from '../model/coordinates.ts';
import { truncatedMarginal } from './marginals.ts';
import { smoothedCurve } from './smoothing.ts';

/**
 * Density of one parameter on a grid, per its unit: from the mixture itself where the estimate is one, from the posterior
 * samples, smoothed, where it is not.
 * @param few [S, D] draws in working coordinates that a mixture's conditionals are averaged over
 * @param samples [n] of the parameter, in its unit
 * @param grid [g] evenly spaced over the parameter's display range, in its unit
 */
export function marginalCurve(
  { density }: TruncatedDensity,
  { prior, logarithmic }: Coordinates,
  few: Float64Array,
  samples: Float64Array,
  parameter: number,
  grid: Float64Array,
): Float64Array {
  if (!(density instanceof Mixture)) return smoothedCurve(samples, grid);
  if (!logarithmic[parameter]) return truncatedMarginal(density, prior, few, parameter, grid);
  const curve = truncatedMarginal(density, prior, few, parameter, grid.map(Math.log));
  return curve.map((value, g) => value / grid[g]!);
}
