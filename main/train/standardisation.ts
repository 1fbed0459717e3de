/** Units that features and parameters are measured in while training; chosen by the caller. */
export interface Standardisation {
  /** [F] raw units; read where xBend > 0 */
  xCentre: Float64Array;
  /** [F] raw units; 0 = not bent */
  xBend: Float64Array;
  /** [F] of the bent features */
  xMean: Float64Array;
  xSd: Float64Array;
  /** [D] */
  thetaMean: Float64Array;
  thetaSd: Float64Array;
}

export type FeatureScales = Pick<Standardisation, 'xCentre' | 'xBend' | 'xMean' | 'xSd'>;

/** A number array, float32 for the kernels or float64 for prediction. */
type Numbers = Float32Array | Float64Array;

/**
 * Features as the network reads them: z = (u − xMean)/xSd with u = asinh((x − xCentre)/xBend) where xBend > 0, else u = x.
 * The bend is monotone, linear within ±xBend of the centre and logarithmic beyond: it tames heavy tails. NaN stays NaN.
 * @param x [n, F] row-major, raw units
 * @param out [n, F], written and returned
 */
export function standardiseFeatures<T extends Numbers>(
  x: ArrayLike<number>,
  { xCentre, xBend, xMean, xSd }: FeatureScales,
  out: T,
): T {
  const width = xMean.length;
  for (let i = 0; i < x.length; i++) {
    const f = i % width;
    const bend = xBend[f]!;
    const u = bend > 0 ? Math.asinh((x[i]! - xCentre[f]!) / bend) : x[i]!;
    out[i] = (u - xMean[f]!) / xSd[f]!;
  }
  return out;
}

/** t = (θ − thetaMean)/thetaSd of theta [n, D], written to out and returned. */
export function standardiseParameters<T extends Numbers>(
  theta: ArrayLike<number>,
  { thetaMean, thetaSd }: Standardisation,
  out: T,
): T {
  const width = thetaMean.length;
  for (let i = 0; i < theta.length; i++) {
    const d = i % width;
    out[i] = (theta[i]! - thetaMean[d]!) / thetaSd[d]!;
  }
  return out;
}
