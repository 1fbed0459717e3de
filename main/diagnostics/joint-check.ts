/** Simulated features: x [n, F] row-major with NaN = missing, bad [n] with 0 = good. */
export interface FeatureTable {
  x: Float64Array;
  bad: Uint8Array;
}

/**
 * Do simulations at the posterior come nearer to the recording, in all features at once, than simulations from the prior
 * do? Feature by feature the observation can lie in the middle of the predictions while no single simulation resembles
 * it: half of them silent, half firing without pause.
 *
 * The distance sums asinh(z)² over the features that both have, z in units of half the central 68 % of the prior's
 * simulations; asinh, so that one wild feature does not hide the others.
 * @param observed [F], NaN = missing
 * @returns the share of prior simulations that are nearer to the observation than the median simulation at the posterior:
 *   0 is best, .5 means that the fit has brought nothing; null where nothing can be compared
 */
export function jointCheck(
  observed: Float64Array,
  prior: FeatureTable,
  posterior: FeatureTable,
): number | null {
  const scale = observed.map((_, f) => spread(prior, observed.length, f));
  const near = distances(observed, scale, posterior);
  const far = distances(observed, scale, prior);
  if (near.length === 0 || far.length === 0) return null;
  const middle = near.sort()[Math.floor(near.length / 2)]!;
  if (middle === Infinity) return 1;
  return far.filter((distance) => distance < middle).length / far.length;
}

/** Half the width of the central 68 % of the good values; 1 where they do not vary. */
function spread({ x, bad }: FeatureTable, width: number, f: number): number {
  const found: number[] = [];
  for (let i = 0; i < bad.length; i++) {
    const value = x[i * width + f]!;
    if (bad[i] === 0 && !Number.isNaN(value)) found.push(value);
  }
  const values = Float64Array.from(found).sort();
  if (values.length === 0) return 1;
  const at = (share: number) => values[Math.min(values.length - 1, Math.floor(share * values.length))]!;
  return (at(0.84) - at(0.16)) / 2 || 1;
}

/** Of the good simulations; Infinity for one that has no feature in common with the observation. */
function distances(observed: Float64Array, scale: Float64Array, { x, bad }: FeatureTable): Float64Array {
  const width = observed.length;
  const result: number[] = [];
  for (let i = 0; i < bad.length; i++) {
    if (bad[i] !== 0) continue;
    let sum = 0;
    let shared = 0;
    for (let f = 0; f < width; f++) {
      const z = (x[i * width + f]! - observed[f]!) / scale[f]!;
      if (Number.isNaN(z)) continue;
      sum += Math.asinh(z) ** 2;
      shared += 1;
    }
    result.push(shared > 0 ? (sum * width) / shared : Infinity);
  }
  return Float64Array.from(result);
}
