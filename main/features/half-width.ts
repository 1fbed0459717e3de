import type { Spike } from './spike-detection.ts';

type Trace = Float32Array | Float64Array;

/**
 * Width (ms) of a spike at half of peak-to-trough, between linearly interpolated crossings. Where that level lies below the
 * threshold (a deep after-hyperpolarisation) or the trough above it (the next spike, or the trace's end, comes first), half
 * of peak-to-threshold is used. NaN where the voltage does not come down to the level again.
 */
export function halfWidthMs(v: Trace, dtMs: number, spike: Spike): number {
  const span = halfWidthSpan(v, spike);
  return span === null ? Number.NaN : (span.to - span.from) * dtMs;
}

/** The same as where it lies: both crossings in samples, and the level. */
export function halfWidthSpan(v: Trace, spike: Spike): { from: number; to: number; levelMv: number } | null {
  const peak = v[spike.peak]!;
  const threshold = v[spike.threshold]!;
  const trough = v[spike.trough]!;
  const toTrough = (peak + trough) / 2;
  const levelMv = toTrough < threshold || trough > threshold ? (peak + threshold) / 2 : toTrough;
  let rise = spike.peak;
  while (rise > spike.threshold && v[rise - 1]! > levelMv) rise--;
  let fall = spike.peak;
  while (fall < spike.trough && v[fall + 1]! > levelMv) fall++;
  if (!(v[rise - 1]! <= levelMv && v[fall + 1]! <= levelMv)) return null;
  const before = (v[rise]! - levelMv) / (v[rise]! - v[rise - 1]!);
  const after = (v[fall]! - levelMv) / (v[fall]! - v[fall + 1]!);
  return { from: rise - before, to: fall + after, levelMv };
}
