import type { Density } from '../density/density.ts';

/** What a grid asks of a density. */
type Evaluable = Pick<Density, 'dimension' | 'logDensities'>;

/** Densities along one or two parameters, all others held at a point: a joint density on a grid, normalised there. */

/**
 * q(θ_i | all others) on an evenly spaced grid.
 * @param point [D]; its i-th value does not matter
 * @returns [n] per unit of θ_i; the sum times the grid's step is 1. All 0 where the density is 0 along the whole grid
 */
export function conditionalMarginal(
  density: Evaluable,
  point: Float64Array,
  i: number,
  grid: Float64Array,
): Float64Array {
  return normalised(density, point, [i], [grid]);
}

/**
 * q(θ_x, θ_y | all others) on an evenly spaced grid.
 * @returns [ny, nx] row-major, rows along y; the sum times both steps is 1
 */
export function conditionalPair(
  density: Evaluable,
  point: Float64Array,
  x: number,
  y: number,
  gridX: Float64Array,
  gridY: Float64Array,
): Float64Array {
  return normalised(density, point, [y, x], [gridY, gridX]);
}

/** The first parameter varies slowest. */
function normalised(
  density: Evaluable,
  point: Float64Array,
  parameters: readonly number[],
  grids: readonly Float64Array[],
): Float64Array {
  const D = density.dimension;
  if (point.length !== D || grids.some((grid) => grid.length < 2))
    throw new RangeError(`A grid needs two points or more, and a point of ${D} parameters to stand on.`);
  const cells = grids.reduce((product, grid) => product * grid.length, 1);
  const rows = new Float64Array(cells * D);
  for (let cell = 0; cell < cells; cell++) {
    rows.set(point, cell * D);
    let rest = cell;
    for (let axis = parameters.length - 1; axis >= 0; axis--) {
      const grid = grids[axis]!;
      rows[cell * D + parameters[axis]!] = grid[rest % grid.length]!;
      rest = Math.floor(rest / grid.length);
    }
  }
  const logQ = density.logDensities(rows);
  const top = logQ.reduce((largest, value) => Math.max(largest, value), -Infinity);
  if (top === -Infinity) return new Float64Array(cells);
  const values = logQ.map((value) => Math.exp(value - top));
  const step = grids.reduce((product, grid) => product * (grid[1]! - grid[0]!), 1);
  const total = values.reduce((sum, value) => sum + value, 0) * step;
  return values.map((value) => value / total);
}
