import { logGamma } from '../numeric/special.ts';

/**
 * log of the standardising constant of a D-dimensional Gaussian (ν = 0) or Student-t (ν > 0) with unit scale.
 *   Gaussian: −(D/2) log 2π      Student-t: log Γ((ν+D)/2) − log Γ(ν/2) − (D/2) log νπ
 */
export function logConstant(dimension: number, nu: number): number {
  if (nu === 0) return -0.5 * dimension * Math.log(2 * Math.PI);
  return logGamma((nu + dimension) / 2) - logGamma(nu / 2) - 0.5 * dimension * Math.log(nu * Math.PI);
}

/** The part that depends on the squared Mahalanobis distance: −½ s, or −((ν+D)/2) log(1 + s/ν). */
export function logShape(square: number, dimension: number, nu: number): number {
  return nu === 0 ? -0.5 * square : -0.5 * (nu + dimension) * Math.log1p(square / nu);
}

/** log density at `value` of the 1-D Gaussian or Student-t with this mean and squared scale. */
export function logDensity1(value: number, mean: number, variance: number, nu: number): number {
  const square = (value - mean) ** 2 / variance;
  return logConstant(1, nu) - 0.5 * Math.log(variance) + logShape(square, 1, nu);
}

/** log density of the 2-D Gaussian or Student-t at the offsets (da, db) from its mean; aa, ab, bb: its scale matrix. */
export function logDensity2(da: number, db: number, aa: number, ab: number, bb: number, nu: number): number {
  const determinant = aa * bb - ab * ab;
  const square = (bb * da * da - 2 * ab * da * db + aa * db * db) / determinant;
  return logConstant(2, nu) - 0.5 * Math.log(determinant) + logShape(square, 2, nu);
}
