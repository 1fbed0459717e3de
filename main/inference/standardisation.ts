import type { Prior } from '../model/prior.ts';

/** z = (value − mean)/sd for features (pilot run) and parameters (prior). All [F] or [D]. */
export interface Standardisation {
  xMean: Float64Array;
  xSd: Float64Array;
  thetaMean: Float64Array;
  thetaSd: Float64Array;
}

/**
 * Mean and standard deviation of every feature over the good pilot simulations, leaving missing values out.
 * A feature that never varies, or that fewer than two simulations have, gets the standard deviation 1: its z-score then
 * is its distance in its own unit, and no division by (nearly) zero turns rounding into signal.
 * @param x [n, F] row-major, NaN = missing
 * @param bad [n] 0 = good
 */
export function featureMoments(
  x: Float64Array,
  bad: Uint8Array,
  featureCount: number,
): { xMean: Float64Array; xSd: Float64Array } {
  const xMean = new Float64Array(featureCount);
  const xSd = new Float64Array(featureCount).fill(1);
  for (let f = 0; f < featureCount; f++) {
    let n = 0;
    let mean = 0;
    let squares = 0;
    for (let i = 0; i < bad.length; i++) {
      const value = x[i * featureCount + f]!;
      if (bad[i] !== 0 || Number.isNaN(value)) continue;
      // Welford's update: features such as variances reach 1e3 and must not cancel.
      n += 1;
      const step = value - mean;
      mean += step / n;
      squares += step * (value - mean);
    }
    xMean[f] = n > 0 ? mean : 0;
    const sd = n > 1 ? Math.sqrt(squares / n) : 0;
    if (sd > 1e-9 * Math.max(1, Math.abs(mean))) xSd[f] = sd;
  }
  return { xMean, xSd };
}

/** Parameters are scaled by their prior, so that every marginal of the prior has mean 0 and standard deviation 1. */
export function parameterMoments(prior: Prior): { thetaMean: Float64Array; thetaSd: Float64Array } {
  return { thetaMean: Float64Array.from(prior.mean), thetaSd: Float64Array.from(prior.sd) };
}
