import type { Coordinates } from '../model/coordinates.ts';

/**
 * Where a search looks: every parameter as a position on [0, 1] between its bounds in working coordinates, so that a
 * parameter with a log prior moves by factors. The bounds are the prior's, or its central 99.8 % where it has none.
 */
export interface SearchSpace {
  readonly dimension: number;
  /** Row `row` of θ [n, D] as positions [D]. */
  positions(theta: Float64Array, row: number): Float64Array;
  /** Positions [D] as θ [D]. */
  parameters(positions: Float64Array): Float64Array;
}

export function searchSpace({ dimension, prior, toWorking, fromWorking }: Coordinates): SearchSpace {
  const { displayLow: low, displayHigh: high } = prior;
  return {
    dimension,
    // A draw from an unbounded prior may lie beyond the range: it is brought to its end.
    positions: (theta, row) =>
      toWorking(theta.slice(row * dimension, (row + 1) * dimension)).map((u, i) =>
        Math.min(1, Math.max(0, (u - low[i]!) / (high[i]! - low[i]!))),
      ),
    // Rounding may carry low + position · width one place above high, hence the minimum.
    parameters: (positions) =>
      fromWorking(
        positions.map((position, i) => Math.min(high[i]!, low[i]! + position * (high[i]! - low[i]!))),
      ),
  };
}
