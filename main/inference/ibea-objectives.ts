/**
 * The objective of a feature that a simulation lacks, and the most that any objective can be: BluePyOpt's score for a
 * feature that could not be computed. A present feature is never worse than a missing one.
 */
export const worstObjective = 250;

/** What a search compares simulations with. */
export interface Target {
  /** [K] the features that the observation has; there is no objective for the others */
  features: readonly number[];
  /** [F] NaN = missing */
  observed: Float64Array;
  /** [F] σ_pilot: the standard deviations among simulations from the prior */
  sd: Float64Array;
}

export function searchTarget(observed: Float64Array, sd: Float64Array): Target {
  const features = [...observed.keys()].filter((f) => !Number.isNaN(observed[f]));
  return { features, observed, sd };
}

/**
 * f_k = |s_k − s_o,k|/σ_pilot,k, at most 250; 250 where the simulation lacks the feature, and in every objective of a bad
 * simulation.
 * @param x [n, F] row-major, NaN = missing
 * @param bad [n] 0 = good
 * @returns [n, K] row-major
 */
export function objectivesOf(
  x: Float64Array,
  bad: Uint8Array,
  { features, observed, sd }: Target,
): Float64Array {
  const width = observed.length;
  const values = new Float64Array(bad.length * features.length).fill(worstObjective);
  for (let i = 0; i < bad.length; i++) {
    if (bad[i] !== 0) continue;
    features.forEach((f, k) => {
      const distance = Math.abs(x[i * width + f]! - observed[f]!) / sd[f]!;
      if (distance < worstObjective) values[i * features.length + k] = distance;
    });
  }
  return values;
}

/** Σ_k f_k of every row. [n] */
export function objectiveSums(objectives: Float64Array, count: number): Float64Array {
  const sums = new Float64Array(objectives.length / count);
  for (let i = 0; i < objectives.length; i++) sums[Math.floor(i / count)]! += objectives[i]!;
  return sums;
}
