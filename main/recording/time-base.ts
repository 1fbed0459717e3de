import type { Hdf5File } from './hdf5-file.ts';
import { numberOf } from './hdf5-file.ts';

export interface TimeBase {
  rateHz: number;
  /** Seconds from the session's reference time; null where the file does not say. */
  startS: number | null;
  /** Why the series has no usable time base; null when it has one. */
  problem: string | null;
}

/** A sample may lie this fraction of the sampling interval away from the regular grid. */
const JITTER = 0.5;

/** The sampling of a series: `starting_time` with its rate, or `timestamps` if they are regular. */
export function timeBase(file: Hdf5File, path: string): TimeBase {
  const start = file.dataset(`${path}/starting_time`);
  if (start !== null) {
    const rateHz = tidyRate(file.numberAttribute(start.path, 'rate') ?? Number.NaN);
    if (!(rateHz > 0)) return noTimeBase('its sampling rate is missing or not positive');
    return { rateHz, startS: numberOf(start.value), problem: null };
  }
  const timestamps = file.dataset(`${path}/timestamps`)?.value;
  if (!(timestamps instanceof Float64Array || timestamps instanceof Float32Array)) {
    return noTimeBase('it has neither a sampling rate nor timestamps');
  }
  return fromTimestamps(timestamps);
}

/** Regular timestamps tᵢ = t₀ + i/rate give a rate; others are refused with the size of the irregularity. */
export function fromTimestamps(seconds: Float64Array | Float32Array): TimeBase {
  const n = seconds.length;
  if (n < 2) return noTimeBase('it has fewer than two timestamps');
  const first = seconds[0]!;
  const interval = (seconds[n - 1]! - first) / (n - 1);
  if (!(interval > 0)) return noTimeBase('its timestamps do not increase');
  let worst = 0;
  for (let i = 0; i < n; i++) {
    const away = Math.abs(seconds[i]! - (first + i * interval));
    if (Number.isNaN(away)) return noTimeBase('some of its timestamps are not numbers');
    if (away > worst) worst = away;
  }
  if (worst > JITTER * interval) {
    return noTimeBase(`its timestamps are irregular, by up to ${(worst * 1e3).toPrecision(2)} ms`);
  }
  return { rateHz: tidyRate(1 / interval), startS: first, problem: null };
}

/** Rates such as 49999.99999999999 Hz are whole numbers that went through a division. */
export function tidyRate(rateHz: number): number {
  const whole = Math.round(rateHz);
  return Math.abs(rateHz - whole) <= 1e-6 * whole ? whole : rateHz;
}

function noTimeBase(problem: string): TimeBase {
  return { rateHz: Number.NaN, startS: null, problem };
}
