import { stepWindow, type FeatureDefinition, type FeatureInput, type FeatureSet } from './feature.ts';

/**
 * The summary statistics of Gonçalves et al. (eLife 2020): spike count, the resting voltage before the step, and the
 * moments of the voltage during it. They are defined for every trace, silent ones included.
 *
 *   restMean  mean of V over t < start
 *   restStd   √(Σ(V−mean)²/n) over the last tenth before the step
 *   stimMean  m = ΣV/n over start < t < end        stimVar   m₂ = Σ(V−m)²/n
 *   stimSkew  m₃/m₂^{3/2}                          stimKurt  m₄/m₂² (3 for a Gaussian: nothing is subtracted)
 *
 * Without a sample before the step restMean and restStd are NaN; without one inside it the others are. A constant trace
 * has no skewness and no kurtosis (NaN).
 */
export const momentDefinitions: readonly FeatureDefinition[] = [
  { name: 'spikeCount', unit: '', description: 'Number of spikes during the step' },
  { name: 'restMean', unit: 'mV', description: 'Mean voltage before the step' },
  {
    name: 'restStd',
    unit: 'mV',
    description: 'Standard deviation of the voltage over the last tenth before the step',
  },
  { name: 'stimMean', unit: 'mV', description: 'Mean voltage during the step' },
  { name: 'stimVar', unit: 'mV²', description: 'Variance of the voltage during the step' },
  { name: 'stimSkew', unit: '', description: 'Skewness of the voltage during the step (m₃/sd³)' },
  { name: 'stimKurt', unit: '', description: 'Kurtosis of the voltage during the step (m₄/sd⁴)' },
];

/** A spike must rise above this voltage. */
const SPIKE_FLOOR_MV = -10;
/** Peaks closer than this to the one before belong to the same spike. */
const MERGE_MS = 0.5;
/** The fraction of the time before the step, at its end, in which restStd is measured. */
const REST_STD_FROM = 0.9;

/**
 * Whether the moments' spike rule fires at sample i: «clip V below −10 mV to −10, set falling samples to −10; the
 * remaining drops are peaks». That is: i is above −10, i+1 is not below it, and i+2 is below i+1. The rule dates the
 * spike at i, one sample before the peak.
 */
function firesAt(v: Float32Array | Float64Array, i: number): boolean {
  const here = v[i]!;
  return here > SPIKE_FLOOR_MV && v[i + 1]! >= here && v[i + 2]! < v[i + 1]!;
}

/** Spike times (ms from the trace's start) during the step, by the moments' spike rule. */
export function spikeTimesMs(input: FeatureInput): number[] {
  const { voltageMv: v, dtMs } = input;
  const { stepBegin, stepEnd } = stepWindow(input);
  const mergeSamples = MERGE_MS / dtMs;
  const times: number[] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (let i = stepBegin; i < stepEnd; i++) {
    if (!firesAt(v, i)) continue;
    if (i - last > mergeSamples) times.push(i * dtMs);
    last = i;
  }
  return times;
}

/** One pass over the step, without allocation: this runs once per simulation of a fit. */
function compute(input: FeatureInput, out: Float64Array, offset: number): void {
  const { voltageMv: v, dtMs } = input;
  const { restEnd, stepBegin, stepEnd } = stepWindow(input);

  let restSum = 0;
  for (let i = 0; i < restEnd; i++) restSum += v[i]!;
  const tailBegin = Math.floor(REST_STD_FROM * restEnd);
  let tailSum = 0;
  for (let i = tailBegin; i < restEnd; i++) tailSum += v[i]!;
  const tailMean = tailSum / (restEnd - tailBegin);
  let tailSquares = 0;
  for (let i = tailBegin; i < restEnd; i++) {
    const d = v[i]! - tailMean;
    tailSquares += d * d;
  }

  // Power sums about a voltage of the step itself: the central moments then lose no digits to cancellation.
  const n = stepEnd - stepBegin;
  const shift = n > 0 ? v[stepEnd - 1]! : 0;
  const mergeSamples = MERGE_MS / dtMs;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let s4 = 0;
  let spikes = 0;
  let last = Number.NEGATIVE_INFINITY;
  // Two samples a turn: a sum waits for its last addition, and so waits half as often.
  const pairsEnd = stepEnd - (Math.max(n, 0) % 2);
  for (let i = stepBegin; i < pairsEnd; i += 2) {
    const one = v[i]!;
    const two = v[i + 1]!;
    const d = one - shift;
    const e = two - shift;
    const d2 = d * d;
    const e2 = e * e;
    s1 += d + e;
    s2 += d2 + e2;
    s3 += d2 * d + e2 * e;
    s4 += d2 * d2 + e2 * e2;
    if (one > SPIKE_FLOOR_MV || two > SPIKE_FLOOR_MV) {
      for (let at = i; at < i + 2; at++) {
        if (!firesAt(v, at)) continue;
        if (at - last > mergeSamples) spikes++;
        last = at;
      }
    }
  }
  // The last of an odd number has the shift's own voltage: it adds nothing to the sums.
  if (pairsEnd < stepEnd && firesAt(v, pairsEnd) && pairsEnd - last > mergeSamples) spikes++;
  const a = s1 / n;
  const b = s2 / n;
  const c = s3 / n;
  const variance = Math.max(b - a * a, 0);
  const third = c - 3 * a * b + 2 * a * a * a;
  const fourth = s4 / n - 4 * a * c + 6 * a * a * b - 3 * a * a * a * a;

  out[offset] = n > 0 ? spikes : Number.NaN;
  out[offset + 1] = restSum / restEnd;
  out[offset + 2] = Math.sqrt(tailSquares / (restEnd - tailBegin));
  out[offset + 3] = shift + a;
  out[offset + 4] = n > 0 ? variance : Number.NaN;
  out[offset + 5] = variance > 0 ? third / (variance * Math.sqrt(variance)) : Number.NaN;
  out[offset + 6] = variance > 0 ? fourth / (variance * variance) : Number.NaN;
}

export const moments: FeatureSet = { name: 'moments', definitions: momentDefinitions, compute };
