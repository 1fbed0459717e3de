import type { FitConfig } from '../contract/config.ts';
import { effectiveSampleSize } from '../diagnostics/effective-sample-size.ts';

type KernelName = FitConfig['calibration']['kernel'];

/** k(u)/k(0) of the usual smoothing kernels; u ≥ 0 is the distance in bandwidths. */
const kernels: Record<Exclude<KernelName, 'none'>, (u: number) => number> = {
  gaussian: (u) => Math.exp(-0.5 * u * u),
  epanechnikov: (u) => (u < 1 ? 1 - u * u : 0),
  tricube: (u) => (u < 1 ? (1 - u ** 3) ** 3 : 0),
  uniform: (u) => (u <= 1 ? 1 : 0),
};

/** How often the spread of the features is measured again inside the kernel; it settles within two. */
const refinements = 2;
/** A feature's spread inside the kernel is never taken for less than this share of its prior spread. */
const leastSpread = 1e-3;

/**
 * Weights times the calibration kernel around the observation, in units that fit the neighbourhood: first the prior's
 * standard deviations; then, where the bandwidth is ours to choose, the features' spread among the simulations that the
 * kernel admits. Under the prior's units alone a feature with wild prior simulations (the kurtosis of silent traces) would
 * hardly count.
 * @param x [n, F] raw units, NaN = missing; weights [n], 0 = set aside
 * @returns the product of weights and kernel, [n]
 */
export function calibrate(
  x: Float64Array,
  weights: Float64Array,
  observed: Float64Array,
  xSd: Float64Array,
  settings: FitConfig['calibration'],
): Float64Array {
  if (settings.kernel === 'none') return weights;
  let calibrated = applyCalibration(weights, observationDistances(x, observed, xSd), settings).weights;
  if (settings.bandwidth !== null) return calibrated;
  for (let i = 0; i < refinements; i++) {
    const scale = localSpread(x, calibrated, xSd);
    calibrated = applyCalibration(weights, observationDistances(x, observed, scale), settings).weights;
  }
  return calibrated;
}

/** Weighted standard deviation of every feature, [F]. */
function localSpread(x: Float64Array, weights: Float64Array, xSd: Float64Array): Float64Array {
  const width = xSd.length;
  return xSd.map((priorSd, f) => {
    let total = 0;
    let mean = 0;
    let squares = 0;
    for (let i = 0; i < weights.length; i++) {
      const weight = weights[i]!;
      const value = x[i * width + f]!;
      if (weight === 0 || Number.isNaN(value)) continue;
      // West's weighted form of Welford's update.
      total += weight;
      const step = value - mean;
      mean += (weight / total) * step;
      squares += weight * step * (value - mean);
    }
    return total > 0 ? Math.max(Math.sqrt(squares / total), leastSpread * priorSd) : priorSd;
  });
}

/**
 * Distance ‖z(x) − z(x_o)‖ of every simulation to the observation over the features that both have, scaled up by
 * √(F/shared) so that a simulation does not come nearer by missing features. Infinite where nothing is shared.
 * @param x [n, F] raw units, NaN = missing
 */
export function observationDistances(
  x: Float64Array,
  observed: Float64Array,
  xSd: Float64Array,
): Float64Array {
  const featureCount = observed.length;
  const n = x.length / featureCount;
  const distances = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let squares = 0;
    let shared = 0;
    for (let f = 0; f < featureCount; f++) {
      const z = (x[i * featureCount + f]! - observed[f]!) / xSd[f]!;
      if (Number.isNaN(z)) continue;
      squares += z * z;
      shared += 1;
    }
    distances[i] = shared > 0 ? Math.sqrt((squares * featureCount) / shared) : Infinity;
  }
  return distances;
}

/** A kernel chosen by us never leaves fewer effective simulations than this: a network needs some to learn from. */
const leastEffectiveSize = 200;

/**
 * Calibration kernel K(x) = k(‖z(x) − z(x_o)‖/h)/k(0) [Lueckmann et al. 2017, section 2.2], multiplied into the weights.
 * Where no bandwidth is given, h is the smallest one (to 1 %) that keeps the share `targetEss` of the weights' effective
 * sample size, and 200 in any case: found by bisection, because the effective size grows with h.
 * @returns the product of weights and kernel [n], and the bandwidth used (null without a kernel)
 */
export function applyCalibration(
  weights: Float64Array,
  distances: Float64Array,
  settings: FitConfig['calibration'],
): { weights: Float64Array; bandwidth: number | null } {
  if (settings.kernel === 'none') return { weights, bandwidth: null };
  const kernel = kernels[settings.kernel];
  const at = (h: number) => weights.map((w, i) => (w > 0 ? w * kernel(distances[i]! / h) : 0));
  if (settings.bandwidth !== null) return { weights: at(settings.bandwidth), bandwidth: settings.bandwidth };
  const available = effectiveSampleSize(weights);
  const wanted = Math.min(available, Math.max(leastEffectiveSize, settings.targetEss * available));
  let low = 1e-3;
  let high = 1e-3;
  while (effectiveSampleSize(at(high)) < wanted && high < 1e9) high *= 4;
  if (high >= 1e9) return { weights, bandwidth: null };
  while (high / low > 1.01) {
    const middle = Math.sqrt(low * high);
    if (effectiveSampleSize(at(middle)) < wanted) low = middle;
    else high = middle;
  }
  return { weights: at(high), bandwidth: high };
}
