/** Where the observation lies among simulations: at posterior draws, or from the prior. */

export interface PredictiveCheckInput {
  /** [F] */
  names: readonly string[];
  /** [F], NaN = missing in the observation */
  observed: ArrayLike<number>;
  /** [m, F] row-major, NaN = missing */
  x: Float64Array;
  /** [m], 0 = good; bad simulations are left out */
  bad: Uint8Array;
}

export interface FeatureCheck {
  name: string;
  /** Mid-rank: share of simulations below the observation, ties counted half; 0 … 1, null where nothing can be compared. */
  percentile: number | null;
  /** Good simulations that have the feature, and that lack it. */
  compared: number;
  missing: number;
  /** What is missing, as a sentence; null where nothing is. */
  words: string | null;
}

/**
 * The predictive check feature by feature (Gelman, Meng, Stern 1996, with the features as the discrepancies):
 * percentile = (#{x < x_o} + ½ #{x = x_o}) / m. The mid-rank keeps counts, which tie often, centred at ½.
 */
export function predictiveCheck({ names, observed, x, bad }: PredictiveCheckInput): FeatureCheck[] {
  if (x.length !== bad.length * names.length || observed.length !== names.length) {
    throw new RangeError(
      `${names.length} features and ${bad.length} simulations do not fit ${observed.length} observed and ${x.length} simulated values.`,
    );
  }
  return names.map((name, f) => {
    const target = observed[f]!;
    let below = 0;
    let ties = 0;
    let compared = 0;
    let missing = 0;
    for (let i = 0; i < bad.length; i++) {
      if (bad[i] !== 0) continue;
      const value = x[i * names.length + f]!;
      if (Number.isNaN(value)) {
        missing += 1;
        continue;
      }
      compared += 1;
      if (value < target) below += 1;
      else if (value === target) ties += 1;
    }
    const comparable = compared > 0 && !Number.isNaN(target);
    return {
      name,
      percentile: comparable ? (below + ties / 2) / compared : null,
      compared,
      missing,
      words: missingInWords(name, Number.isNaN(target), compared, missing),
    };
  });
}

/** Percentiles by feature name, as summary.json holds them. */
export function predictivePercentiles(input: PredictiveCheckInput): Record<string, number | null> {
  return Object.fromEntries(predictiveCheck(input).map(({ name, percentile }) => [name, percentile]));
}

function missingInWords(name: string, unobserved: boolean, compared: number, missing: number): string | null {
  const all = compared + missing;
  const simulations = `${missing.toLocaleString('en')} of ${all.toLocaleString('en')} simulations`;
  if (all === 0) return `${name} cannot be compared: no simulation was good.`;
  if (unobserved) {
    return compared === 0
      ? `${name} is missing in the recording, as in every simulation.`
      : `${name} is missing in the recording, but only in ${simulations}.`;
  }
  if (compared === 0) return `${name} is in the recording, but missing in every simulation.`;
  return missing === 0 ? null : `${name} is missing in ${simulations}.`;
}
