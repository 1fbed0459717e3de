/** A feature that fewer simulations than this lack, and the observation lacks, was not measured: being missing says nothing. */
const measuredShare = 0.01;

/**
 * Features that the observation lacks although practically every prior simulation has them. They were not measured, as
 * opposed to undefined (a latency without a spike), which simulations share and the imputation layer learns from. Such a
 * feature is hidden from the network in every simulation: its imputed value would otherwise never be trained, and the
 * network would take the observation to lie at the feature's mean.
 * @param x [n, F] pilot features, NaN = missing; bad [n]
 * @returns their indices
 */
export function unmeasuredFeatures(observed: Float64Array, x: Float64Array, bad: Uint8Array): number[] {
  const width = observed.length;
  const good = bad.reduce((sum, flag) => sum + (flag === 0 ? 1 : 0), 0);
  return [...observed.keys()].filter((f) => {
    if (!Number.isNaN(observed[f])) return false;
    let missing = 0;
    for (let i = 0; i < bad.length; i++) if (bad[i] === 0 && Number.isNaN(x[i * width + f]!)) missing += 1;
    return missing < measuredShare * good;
  });
}

/**
 * The features that some simulation lacks: the network is told of each whether it is missing, since a learned value alone cannot
 * be told from a real one. Not those hidden everywhere, of which there is nothing to tell.
 * @param x [n, F], NaN = missing
 * @returns their indices, increasing
 */
export function featuresWithGaps(x: Float64Array, width: number, hidden: readonly number[]): number[] {
  const gaps = new Set<number>();
  x.forEach((value, i) => Number.isNaN(value) && gaps.add(i % width));
  return [...gaps].filter((f) => !hidden.includes(f)).sort((a, b) => a - b);
}

/** A copy of x [n, F] in which the given features are missing everywhere; x itself where there are none. */
export function hideFeatures(x: Float64Array, width: number, features: readonly number[]): Float64Array {
  if (features.length === 0) return x;
  const hidden = x.slice();
  for (let row = 0; row < hidden.length; row += width) for (const f of features) hidden[row + f] = NaN;
  return hidden;
}
