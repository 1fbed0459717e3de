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

/**
 * Distance ‖z(x) − z(x_o)‖ of every simulation to the observation over the features that both have, scaled up by
 * √(F/shared) so that a simulation does not come nearer by missing features. Infinite where nothing is shared.
 * @param x [n, F] scaled as for the network, NaN = missing
 * @param observed [F] likewise
 */
export function observationDistances(x: Float64Array, observed: Float64Array): Float64Array {
  const featureCount = observed.length;
  const n = x.length / featureCount;
  const distances = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let squares = 0;
    let shared = 0;
    for (let f = 0; f < featureCount; f++) {
      const z = x[i * featureCount + f]! - observed[f]!;
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
