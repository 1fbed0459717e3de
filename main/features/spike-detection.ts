import { median } from '../numeric/statistics.ts';

type Trace = Float32Array | Float64Array;

/** An action potential; indices are samples of the trace it was found in. */
export interface Spike {
  threshold: number;
  upstroke: number;
  peak: number;
  downstroke: number;
  /** The lowest point before the next spike, or before the end of the search. */
  trough: number;
  /** mV/ms at `upstroke` and at `downstroke` (negative). */
  upstrokeMvPerMs: number;
  downstrokeMvPerMs: number;
}

/** mV/ms: the slope that only an action potential reaches. */
const ONSET_SLOPE = 20;
/** It must also stand out of the recording's noise by this factor: sharp electrodes reach 20 mV/ms by noise alone. */
const ONSET_SIGMAS = 5;
/** Turns the median of |x| into a Gaussian's standard deviation: 1/Φ⁻¹(3/4). */
const MEDIAN_TO_SIGMA = 1.4826;
const LONGEST_RISE_MS = 5;
const SMALLEST_HEIGHT_MV = 2;
const LOWEST_PEAK_MV = -30;
/** The threshold lies where the slope is this share of the mean maximal upstroke. */
const THRESHOLD_SHARE = 0.05;
/** Corner of the low-pass before differentiating (kHz); the sampling must be twice as fast. */
const CORNER_KHZ = 10;
/** A Gaussian of standard deviation σ in time has its −3 dB corner at √(ln 2)/(2πσ). */
const SIGMA_TIMES_CORNER = Math.sqrt(Math.LN2) / (2 * Math.PI);

/**
 * Finds action potentials: dV/dt ≥ 20 mV/ms after a 10 kHz low-pass, then a peak of at least −30 mV, reached within 5 ms
 * of the threshold and at least 2 mV above it. The threshold is the last point before the maximal upstroke at which
 * dV/dt ≤ 5 % of the mean maximal upstroke of all spikes. Same rule as the Allen Institute's feature extraction (Gouwens et
 * al., Nat. Neurosci. 2019, methods), in an implementation of our own; its Bessel filter is a Gaussian of the same corner.
 *
 * @param end samples from here on are not searched; the troughs end there too.
 */
export function detectSpikes(voltageMv: Trace, dtMs: number, begin = 0, end = voltageMv.length): Spike[] {
  const slope = smoothSlope(voltageMv, dtMs, begin, end);
  const at = (i: number) => slope[i - begin]!;
  const onsets = upwardCrossings(slope, begin, onsetSlope(slope));
  const drafts = onsets.flatMap((onset, k) => {
    const limit = onsets[k + 1] ?? end;
    const peak = argExtreme(voltageMv, onset, limit, 1);
    const upstroke = argMaxSlope(at, onset, Math.max(peak, onset + 1));
    return voltageMv[peak]! >= LOWEST_PEAK_MV ? [{ peak, upstroke }] : [];
  });
  const mean = drafts.reduce((sum, draft) => sum + at(draft.upstroke), 0) / drafts.length;
  const risen = drafts
    .map((draft, k) => ({
      ...draft,
      threshold: lastFlat(
        at,
        draft.upstroke,
        Math.max(drafts[k - 1]?.peak ?? begin, draft.peak - Math.floor(LONGEST_RISE_MS / dtMs)),
        THRESHOLD_SHARE * mean,
      ),
    }))
    .filter(
      ({ peak, threshold, upstroke }) =>
        voltageMv[peak]! - voltageMv[threshold]! >= SMALLEST_HEIGHT_MV &&
        (peak - upstroke) * dtMs < LONGEST_RISE_MS,
    );
  return risen.map(({ threshold, peak, upstroke }, k) => {
    const limit = risen[k + 1]?.threshold ?? end;
    const trough = argExtreme(voltageMv, peak, Math.max(limit, peak + 1), -1);
    const downstroke = argMaxSlope((i) => -at(i), peak, Math.max(Math.min(trough, end - 1), peak + 1));
    return {
      threshold,
      upstroke,
      peak,
      downstroke,
      trough,
      upstrokeMvPerMs: at(upstroke),
      downstrokeMvPerMs: at(downstroke),
    };
  });
}

/** dV/dt (mV/ms) of samples begin … end−1, forward differences, after the low-pass where the sampling allows one. */
function smoothSlope(v: Trace, dtMs: number, begin: number, end: number): Float64Array {
  const smooth =
    1 / dtMs > 2 * CORNER_KHZ ? lowPass(v, SIGMA_TIMES_CORNER / CORNER_KHZ / dtMs, begin, end) : v;
  const shift = smooth === v ? begin : 0;
  const slope = new Float64Array(Math.max(end - begin, 0));
  for (let i = 0; i + 1 < slope.length; i++) {
    slope[i] = (smooth[shift + i + 1]! - smooth[shift + i]!) / dtMs;
  }
  return slope;
}

/** Gaussian of `sigma` samples over samples begin … end−1; the ends repeat their last value. */
function lowPass(v: Trace, sigma: number, begin: number, end: number): Float64Array {
  const reach = Math.ceil(3 * sigma);
  const weights = Float64Array.from({ length: 2 * reach + 1 }, (_, k) =>
    Math.exp(-0.5 * ((k - reach) / sigma) ** 2),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const smooth = new Float64Array(Math.max(end - begin, 0));
  for (let i = 0; i < smooth.length; i++) {
    let sum = 0;
    for (let k = -reach; k <= reach; k++) {
      sum += weights[k + reach]! * v[Math.min(Math.max(begin + i + k, begin), end - 1)]!;
    }
    smooth[i] = sum / total;
  }
  return smooth;
}

/** The slope that begins a spike in this trace; its noise is what most of its samples show, spikes being brief. */
function onsetSlope(slope: Float64Array): number {
  const noise = MEDIAN_TO_SIGMA * median(slope.map(Math.abs));
  return Math.max(ONSET_SLOPE, ONSET_SIGMAS * (noise > 0 ? noise : 0));
}

/** Samples at which the slope rises to the onset slope, the voltage having fallen since the one before. */
function upwardCrossings(slope: Float64Array, begin: number, onset: number): number[] {
  const found: number[] = [];
  let fallen = true;
  let above = false;
  for (let i = 0; i < slope.length; i++) {
    const here = slope[i]!;
    if (here < 0) fallen = true;
    if (here >= onset && !above && fallen) {
      found.push(begin + i);
      fallen = false;
    }
    above = here >= onset;
  }
  return found;
}

function argExtreme(v: Trace, begin: number, end: number, sign: 1 | -1): number {
  let best = begin;
  for (let i = begin + 1; i < end; i++) if (sign * v[i]! > sign * v[best]!) best = i;
  return best;
}

function argMaxSlope(slope: (i: number) => number, begin: number, end: number): number {
  let best = begin;
  for (let i = begin + 1; i < end; i++) if (slope(i) > slope(best)) best = i;
  return best;
}

/** The last sample before `from` whose slope is at most `limit`; `earliest` where there is none. */
function lastFlat(slope: (i: number) => number, from: number, earliest: number, limit: number): number {
  let i = from;
  while (i > earliest && slope(i) > limit) i--;
  return i;
}
