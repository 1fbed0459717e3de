import type { Coordinates } from '../model/coordinates.ts';

/** The axis that a parameter is drawn on: of its logarithm where inference works with that. */
export interface DisplayAxis {
  /** The prior's range, or its central 99.8 %, in the parameter's unit. */
  low: number;
  high: number;
  logarithmic: boolean;
  /** [n] centres of even cells between low and high: in the parameter's unit, and in working coordinates. */
  grid: Float64Array;
  working: Float64Array;
}

export function displayAxis({ prior, logarithmic }: Coordinates, i: number, size: number): DisplayAxis {
  const from = prior.displayLow[i]!;
  const step = (prior.displayHigh[i]! - from) / size;
  const working = Float64Array.from({ length: size }, (_, g) => from + (g + 0.5) * step);
  const isLog = logarithmic[i]!;
  const own = isLog ? Math.exp : (value: number) => value;
  return {
    low: own(from),
    high: own(prior.displayHigh[i]!),
    logarithmic: isLog,
    grid: working.map(own),
    working,
  };
}
