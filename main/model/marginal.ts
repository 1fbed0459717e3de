import type { PriorSpec } from '../contract/prior.ts';
import type { RandomStream } from '../numeric/random.ts';

/** One parameter's prior as a distribution on the real line. */
export interface Marginal {
  low: number;
  high: number;
  displayLow: number;
  displayHigh: number;
  mean: number;
  sd: number;
  sample(random: RandomStream): number;
  /** −Infinity outside the support. */
  logDensity(value: number): number;
}

/** Half width, in standard deviations, of a normal's central 99.8 %. */
export const displayHalfWidth = 3.090232306167813;
const logSqrtTwoPi = 0.5 * Math.log(2 * Math.PI);

export function normalLogDensity(value: number, mean: number, sd: number): number {
  const z = (value - mean) / sd;
  return -0.5 * z * z - Math.log(sd) - logSqrtTwoPi;
}

function uniform([low, high]: readonly [number, number]): Marginal {
  const width = high - low;
  const logDensity = -Math.log(width);
  return {
    low,
    high,
    displayLow: low,
    displayHigh: high,
    mean: low + width / 2,
    sd: width / Math.sqrt(12),
    // Rounding may carry low + width·u one place above high, hence the minimum.
    sample: (random) => Math.min(low + width * random.uniform(), high),
    logDensity: (value) => (value >= low && value <= high ? logDensity : -Infinity),
  };
}

/** p(v) = 1/(v ln(b/a)) on [a, b]. */
function logUniform([low, high]: readonly [number, number]): Marginal {
  const logRatio = Math.log(high / low);
  const mean = (high - low) / logRatio;
  const meanSquare = (high * high - low * low) / (2 * logRatio);
  return {
    low,
    high,
    displayLow: low,
    displayHigh: high,
    mean,
    sd: Math.sqrt(meanSquare - mean * mean),
    sample: (random) => Math.min(Math.max(low * Math.exp(logRatio * random.uniform()), low), high),
    logDensity: (value) => (value >= low && value <= high ? -Math.log(value * logRatio) : -Infinity),
  };
}

function normal([mean, sd]: readonly [number, number]): Marginal {
  return {
    low: -Infinity,
    high: Infinity,
    displayLow: mean - displayHalfWidth * sd,
    displayHigh: mean + displayHalfWidth * sd,
    mean,
    sd,
    sample: (random) => mean + sd * random.normal(),
    logDensity: (value) => normalLogDensity(value, mean, sd),
  };
}

/** ln v ~ N(μ, s²): mean e^{μ+s²/2}, variance (e^{s²} − 1) e^{2μ+s²}. The support is open at 0. */
function logNormal([mu, s]: readonly [number, number]): Marginal {
  const mean = Math.exp(mu + (s * s) / 2);
  return {
    low: 0,
    high: Infinity,
    displayLow: Math.exp(mu - displayHalfWidth * s),
    displayHigh: Math.exp(mu + displayHalfWidth * s),
    mean,
    sd: mean * Math.sqrt(Math.expm1(s * s)),
    sample: (random) => Math.exp(mu + s * random.normal()),
    logDensity: (value) =>
      value > 0 ? normalLogDensity(Math.log(value), mu, s) - Math.log(value) : -Infinity,
  };
}

export function marginalOf(spec: PriorSpec): Marginal {
  if ('uniform' in spec) return uniform(spec.uniform);
  if ('logUniform' in spec) return logUniform(spec.logUniform);
  if ('normal' in spec) return normal(spec.normal);
  return logNormal(spec.logNormal);
}
