/** The rank statistics of one true parameter set θ* among L draws of its estimated posterior: each uniform on 0 … L if it is right. */

/**
 * Simulation-based calibration (Talts, Betancourt, Simpson, Vehtari, Gelman 2018, algorithm 1): per parameter the number of draws
 * below the truth, ties counted half (rounded down).
 * @param truth [D]
 * @param draws [L, D] row-major
 */
export function parameterRanks(truth: Float64Array, draws: Float64Array): number[] {
  const dimension = truth.length;
  return Array.from(truth, (value, i) => {
    let below = 0;
    let ties = 0;
    for (let at = i; at < draws.length; at += dimension) {
      const draw = draws[at]!;
      if (draw < value) below += 1;
      else if (draw === value) ties += 1;
    }
    return below + Math.floor(ties / 2);
  });
}

/**
 * Expected coverage of highest-density regions (Hermans et al., TMLR 2022; Deistler, Gonçalves, Macke, NeurIPS 2022, appendix): the
 * number of draws that are more probable than the truth. The region of mass c holds the truth where the rank is below c·(L + 1), so
 * that the curve of these ranks is the coverage of every credibility level. The density need not be normalised.
 * @param logTruth log q(θ*), −Infinity where the estimate excludes it
 * @param logDraws [L] log q of the draws
 */
export function densityRank(logTruth: number, logDraws: Float64Array): number {
  let higher = 0;
  for (const value of logDraws) if (value > logTruth) higher += 1;
  return higher;
}

/**
 * TARP (Lemos, Coogan, Hezaveh, Perreault-Levasseur, ICML 2023, algorithm 2): the number of draws nearer to a reference point than
 * the truth is. It sees what the density cannot say of itself; where the reference depends on the data, also an estimate that
 * ignores them.
 * @param truth [D]
 * @param draws [L, D] row-major
 * @param reference [D], chosen without knowledge of truth and draws
 * @param scale [D] of the distance in each parameter
 */
export function referenceRank(
  truth: Float64Array,
  draws: Float64Array,
  reference: Float64Array,
  scale: Float64Array,
): number {
  const dimension = truth.length;
  const distance = (values: Float64Array, offset: number) => {
    let sum = 0;
    for (let i = 0; i < dimension; i++) sum += ((values[offset + i]! - reference[i]!) / scale[i]!) ** 2;
    return sum;
  };
  const own = distance(truth, 0);
  let nearer = 0;
  for (let at = 0; at < draws.length; at += dimension) if (distance(draws, at) < own) nearer += 1;
  return nearer;
}
