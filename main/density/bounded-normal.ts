import { logNormalInterval, logUpperTail, upperTailQuantile } from '../numeric/normal.ts';

/** Beyond so many standard deviations on both sides, bounds change the density by less than 1e-15. */
const farBounds = 8.3;
const logSqrt2Pi = 0.5 * Math.log(2 * Math.PI);

/**
 * log density at t in [low, high] of N(mean, 1/precision²) restricted to [low, high], infinite where there is no bound:
 * log γ − ½z² − ½ log 2π − log[Φ(β) − Φ(α)], z = (t − m)γ, α and β the bounds in the same units. The error is z²·1e-16.
 */
export function logBoundedNormal(
  t: number,
  mean: number,
  precision: number,
  low: number,
  high: number,
): number {
  const z = (t - mean) * precision;
  const [alpha, beta] = [(low - mean) * precision, (high - mean) * precision];
  const free = Math.log(precision) - 0.5 * z * z - logSqrt2Pi;
  return alpha < -farBounds && beta > farBounds ? free : free - logNormalInterval(alpha, beta);
}

/**
 * The quantile of the same distribution at v in (0, 1), by its inverse distribution function: however far outside the
 * bounds the mean lies, no draw is rejected. Always inside [low, high].
 */
export function boundedNormalQuantile(
  v: number,
  mean: number,
  precision: number,
  low: number,
  high: number,
): number {
  const z = quantile(v, (low - mean) * precision, (high - mean) * precision);
  return Math.min(high, Math.max(low, mean + z / precision));
}

/** Of the standard normal restricted to [a, b]; always from the tail that is the smaller, where digits are not lost. */
function quantile(v: number, a: number, b: number): number {
  if (a + b < 0) return -quantile(1 - v, -b, -a);
  const above = logUpperTail(b);
  if (a >= 0) {
    const from = logUpperTail(a);
    return upperTailQuantile(from + Math.log1p(v * Math.expm1(above - from)));
  }
  const below = Math.exp(logUpperTail(-a));
  const mass = 1 - below - Math.exp(above);
  const p = below + v * mass;
  return p < 0.5
    ? -upperTailQuantile(Math.log(p))
    : upperTailQuantile(Math.log(Math.exp(above) + (1 - v) * mass));
}
