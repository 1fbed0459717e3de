import type { RandomStream } from '../numeric/random.ts';

/**
 * The selection of IBEA, the indicator-based evolutionary algorithm (Zitzler and Künzli, PPSN 2004, «Indicator-based
 * selection in multiobjective search», algorithm 2, the adaptive one) with the additive ε-indicator. BluePyOpt's selector
 * has the same indicator, scaling and κ.
 *
 * Objectives are [n, K] row-major; all are minimised.
 */

/** Of the paper's experiments and of BluePyOpt: how sharply domination counts. */
export const kappa = 0.05;

/**
 * I_ε+(a, b) = max_k (f_k(a) − f_k(b)): by how much a must be bettered in every objective to be as good as b everywhere;
 * negative where a dominates b.
 */
export function epsilonIndicator(objectives: Float64Array, count: number, a: number, b: number): number {
  let largest = -Infinity;
  for (let k = 0; k < count; k++) {
    const excess = objectives[a * count + k]! - objectives[b * count + k]!;
    if (excess > largest) largest = excess;
  }
  return largest;
}

/** Every objective brought to 0 … 1 over the set; one that does not vary becomes 0. */
export function scaledObjectives(objectives: Float64Array, count: number): Float64Array {
  const scaled = new Float64Array(objectives.length);
  for (let k = 0; k < count; k++) {
    let low = Infinity;
    let high = -Infinity;
    for (let i = k; i < objectives.length; i += count) {
      low = Math.min(low, objectives[i]!);
      high = Math.max(high, objectives[i]!);
    }
    const range = high > low ? high - low : 1;
    for (let i = k; i < objectives.length; i += count) scaled[i] = (objectives[i]! - low) / range;
  }
  return scaled;
}

/**
 * The loss e^{−I(by, of)/(c κ)} that an individual's fitness suffers by another, c the largest |I| in the set. It is
 * computed anew whenever it is needed: a matrix of all pairs would not fit into memory for large populations.
 */
function penaltyIn(objectives: Float64Array, count: number): (of: number, by: number) => number {
  const scaled = scaledObjectives(objectives, count);
  const n = objectives.length / count;
  let largest = 0;
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++)
      if (i !== j) largest = Math.max(largest, Math.abs(epsilonIndicator(scaled, count, i, j)));
  const steepness = 1 / (kappa * (largest > 0 ? largest : 1));
  return (of, by) => Math.exp(-epsilonIndicator(scaled, count, by, of) * steepness);
}

/** F(i) = Σ_{j≠i} −e^{−I(j, i)/(c κ)}, never positive; the largest is the best. [n] */
export function indicatorFitness(objectives: Float64Array, count: number): Float64Array {
  return fitnessBy(penaltyIn(objectives, count), objectives.length / count);
}

function fitnessBy(penalty: (of: number, by: number) => number, n: number): Float64Array {
  const fitness = new Float64Array(n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) if (j !== i) fitness[i]! -= penalty(i, j);
  return fitness;
}

/**
 * Who survives: the least fit is removed and what it cost the others is given back, until `size` remain. Of two equally
 * unfit ones the later goes.
 * @returns ascending row numbers
 */
export function environmentalSelection(objectives: Float64Array, count: number, size: number): number[] {
  const n = objectives.length / count;
  const alive = Array.from({ length: n }, (_, i) => i);
  if (n <= size) return alive;
  const penalty = penaltyIn(objectives, count);
  const fitness = fitnessBy(penalty, n);
  while (alive.length > size) {
    let worst = 0;
    alive.forEach((row, place) => {
      if (fitness[row]! <= fitness[alive[worst]!]!) worst = place;
    });
    const removed = alive[worst]!;
    alive.splice(worst, 1);
    for (const row of alive) fitness[row]! += penalty(row, removed);
  }
  return alive;
}

/** Binary tournament: of two rows drawn with replacement the fitter one, the first where they are equal. */
export function tournament(fitness: Float64Array, random: RandomStream): number {
  const first = random.integer(fitness.length);
  const second = random.integer(fitness.length);
  return fitness[second]! > fitness[first]! ? second : first;
}
