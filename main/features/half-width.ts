import type { Spike } from './spike-detection.ts';

/**
 * Width (ms) of a spike at half of peak-to-trough, between linearly interpolated crossings. Where that level lies below the
 * threshold (a deep after-hyperpolarisation) or the trough above it (the next spike, or the trace's end, comes first), half
 * of peak-to-threshold is used. NaN where the voltage does not come down to the level again.
 */
export function halfWidthMs(v: Float32Array | Float64Array, dtMs: number, spike: Spike): number {
  const peak = v[spike.peak]!;
  const threshold = v[spike.threshold]!;
  const trough = v[spike.trough]!;
  const toTrough = (peak + trough) / 2;
  const level = toTrough < threshold || trough > threshold ? (peak + threshold) / 2 : toTrough;
  let rise = spike.peak;
  while (rise > spike.threshold && v[rise - 1]! > level) rise--;
  let fall = spike.peak;
  while (fall < spike.trough && v[fall + 1]! > level) fall++;
  if (!(v[rise - 1]! <= level && v[fall + 1]! <= level)) return Number.NaN;
  const before = (v[rise]! - level) / (v[rise]! - v[rise - 1]!);
  const after = (v[fall]! - level) / (v[fall]! - v[fall + 1]!);
  return (fall - rise + before + after) * dtMs;
}
