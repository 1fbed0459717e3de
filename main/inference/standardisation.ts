import type { FitConfig } from '../contract/config.ts';
import type { Prior } from '../model/prior.ts';
import type { RandomStream } from '../numeric/random.ts';
import { sortedQuantile } from '../numeric/statistics.ts';
import { standardiseFeatures, type FeatureScales, type Standardisation } from '../train/standardisation.ts';

/** Distances from the centre at these quantiles are tried as the point where the curve bends from linear to logarithmic. */
const bendQuantiles = [0.02, 0.1, 0.25, 0.5];
/** A bend must describe the values better than none by so much, in nats per value: about what separates kurtosis 5 from 3. */
const leastGain = 0.1;
/** Fewer different values than this say nothing about tails. */
const leastDifferent = 20;

/**
 * Scales of every feature from the good pilot simulations, missing values left out.
 *
 * With 'robust', a feature whose pilot values have heavy tails or span decades is bent by asinh, monotone and smooth, before it
 * is z-scored: of a centre (the median, an end, or zero) and a bend the pair under which the values are most like a normal
 * distribution, by the profile likelihood −ln sd(u) + mean ln |du/dx| (Box and Cox 1964), over the values that differ, so that
 * ties are not stretched. The sd of a quiet baseline, say, otherwise puts nearly all simulations within a tenth of an sd.
 *
 * With 'alike', one mean and one standard deviation serve all features: the samples of a trace, whose shape is then kept.
 *
 * A feature that never varies, or that fewer than two simulations have, gets the standard deviation 1: its z-score then
 * is its distance in its own unit, and no division by (nearly) zero turns rounding into signal.
 * @param x [n, F] row-major, NaN = missing
 * @param bad [n] 0 = good
 */
export function featureScales(
  x: Float64Array,
  bad: Uint8Array,
  featureCount: number,
  kind: FitConfig['standardisation'] | 'alike',
): FeatureScales {
  const scales = {
    xCentre: new Float64Array(featureCount),
    xBend: new Float64Array(featureCount),
    xMean: new Float64Array(featureCount),
    xSd: new Float64Array(featureCount).fill(1),
  };
  if (kind === 'alike') {
    const { mean, sd } = moments(
      x.filter((value, i) => bad[Math.floor(i / featureCount)] === 0 && !Number.isNaN(value)),
    );
    return { ...scales, xMean: scales.xMean.fill(mean), xSd: scales.xSd.fill(sd > 0 ? sd : 1) };
  }
  for (let f = 0; f < featureCount; f++) {
    const values = goodValues(x, bad, featureCount, f);
    const { centre, bend } = kind === 'robust' ? chooseBend(values) : { centre: 0, bend: 0 };
    scales.xCentre[f] = centre;
    scales.xBend[f] = bend;
    setMoments(bent(values, centre, bend), scales.xMean, scales.xSd, f);
  }
  return scales;
}

/** z of the values x [n, F]; NaN stays NaN. */
export function scaleFeatures(x: Float64Array, scales: FeatureScales): Float64Array {
  return standardiseFeatures(x, scales, new Float64Array(x.length));
}

/** x [n, F] with independent normal noise of so many standard deviations on every value, added where features are bent. NaN stays NaN. */
export function blurFeatures(
  x: Float64Array,
  { xCentre, xBend, xSd }: FeatureScales,
  sds: number,
  random: RandomStream,
): Float64Array {
  return x.map((value, i) => {
    const f = i % xSd.length;
    const noise = sds * xSd[f]! * random.normal();
    const bend = xBend[f]!;
    if (bend === 0) return value + noise;
    return xCentre[f]! + bend * Math.sinh(Math.asinh((value - xCentre[f]!) / bend) + noise);
  });
}

/** Parameters are scaled by their prior, so that every marginal of the prior has mean 0 and standard deviation 1. */
export function parameterMoments(prior: Prior): { thetaMean: Float64Array; thetaSd: Float64Array } {
  return { thetaMean: Float64Array.from(prior.mean), thetaSd: Float64Array.from(prior.sd) };
}

/**
 * The same bends, with the means and standard deviations of other data: of what a later round trains on.
 * @param x [n, F], NaN = missing
 * @param theta [n, D] in working coordinates
 */
export function rescale(own: Standardisation, x: Float64Array, theta: Float64Array): Standardisation {
  const xMean = own.xMean.slice();
  const xSd = own.xSd.slice();
  const thetaMean = own.thetaMean.slice();
  const thetaSd = own.thetaSd.slice();
  const none = new Uint8Array(Math.max(x.length / xMean.length, theta.length / thetaMean.length));
  for (let f = 0; f < xMean.length; f++) {
    const values = bent(goodValues(x, none, xMean.length, f), own.xCentre[f]!, own.xBend[f]!);
    setMoments(values, xMean, xSd, f);
  }
  for (let d = 0; d < thetaMean.length; d++)
    setMoments(goodValues(theta, none, thetaMean.length, d), thetaMean, thetaSd, d);
  return { ...own, xMean, xSd, thetaMean, thetaSd };
}

/** Writes mean and sd at an index; where the values do not vary, the sd stays as it is. */
function setMoments(values: Float64Array, means: Float64Array, sds: Float64Array, index: number): void {
  const { mean, sd } = moments(values);
  if (values.length > 0) means[index] = mean;
  if (sd > 1e-9 * Math.max(Number.MIN_VALUE, Math.abs(mean))) sds[index] = sd;
}

function goodValues(x: Float64Array, bad: Uint8Array, width: number, f: number): Float64Array {
  const values: number[] = [];
  for (let i = 0; i < bad.length; i++) {
    const value = x[i * width + f]!;
    if (bad[i] === 0 && !Number.isNaN(value)) values.push(value);
  }
  return Float64Array.from(values);
}

function chooseBend(values: Float64Array): { centre: number; bend: number } {
  const different = Float64Array.from(new Set(values)).sort();
  const straight = { centre: 0, bend: 0 };
  if (different.length < leastDifferent) return straight;
  let best = straight;
  let bestScore = likeness(different, straight) + leastGain;
  const low = different[0]!;
  const high = different.at(-1)!;
  const centres = [sortedQuantile(different, 0.5), low, high];
  if (low >= 0 || high <= 0) centres.push(0);
  for (const centre of centres) {
    const away = different.map((value) => Math.abs(value - centre)).sort();
    for (const quantile of bendQuantiles) {
      const candidate = { centre, bend: sortedQuantile(away, quantile) };
      if (!(candidate.bend > 0)) continue;
      const score = likeness(different, candidate);
      if (score <= bestScore) continue;
      best = candidate;
      bestScore = score;
    }
  }
  return best;
}

/** Mean log likelihood of the values under a normal distribution of their bent values, up to a constant. */
function likeness(values: Float64Array, { centre, bend }: { centre: number; bend: number }): number {
  const { sd } = moments(bent(values, centre, bend));
  if (bend === 0) return -Math.log(sd);
  // du/dx = 1/√(bend² + (x − centre)²)
  let jacobian = 0;
  for (const value of values) jacobian -= Math.log(Math.hypot(bend, value - centre));
  return jacobian / values.length - Math.log(sd);
}

function bent(values: Float64Array, centre: number, bend: number): Float64Array {
  return bend > 0 ? values.map((value) => Math.asinh((value - centre) / bend)) : values;
}

/** Welford's update: features such as variances reach 1e3 and must not cancel. */
function moments(values: Float64Array): { mean: number; sd: number } {
  let mean = 0;
  let squares = 0;
  values.forEach((value, i) => {
    const step = value - mean;
    mean += step / (i + 1);
    squares += step * (value - mean);
  });
  return { mean, sd: values.length > 1 ? Math.sqrt(squares / values.length) : 0 };
}
