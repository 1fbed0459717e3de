import type { Dataset } from 'h5wasm/node';
import { numberOf, type Hdf5File } from './hdf5-file.ts';
import { giveSignOfLife } from './sign-of-life.ts';

export interface TimeBase {
  rateHz: number;
  /** Seconds from the session's reference time; null where the file does not say. */
  startS: number | null;
  /** Why the series has no usable time base; null when it has one. */
  problem: string | null;
}

/** A sample may lie this fraction of the sampling interval away from the regular grid. */
const JITTER = 0.5;

/** So many timestamps are read whole when a file is opened; of more, blocks spread over all of them. */
const [MOST_AT_ONCE, BLOCKS, BLOCK] = [131_072, 32, 4096];

const untimed = 'it has neither a sampling rate nor timestamps';

/** Timestamps that lie together, and the index of the first. */
interface Stretch {
  at: number;
  seconds: Float64Array | Float32Array;
}

/**
 * The sampling of a series: `starting_time` with its rate, or `timestamps` if they are regular. Of a long series they
 * are looked at in places, so that a large file opens as fast as a small one; {@link irregularStretch} looks at the rest.
 */
export function timeBase(file: Hdf5File, path: string): TimeBase {
  const start = file.dataset(`${path}/starting_time`);
  if (start !== null) {
    const rateHz = tidyRate(file.numberAttribute(start.path, 'rate') ?? Number.NaN);
    if (!(rateHz > 0)) return noTimeBase('its sampling rate is missing or not positive');
    return { rateHz, startS: numberOf(start.value), problem: null };
  }
  const timestamps = file.dataset(`${path}/timestamps`);
  const n = timestamps?.shape?.[0] ?? 0;
  if (n === 0) return noTimeBase(untimed);
  const inPlaces = Array.from({ length: BLOCKS }, (_, i) => Math.round((i * (n - BLOCK)) / (BLOCKS - 1)));
  const stretches =
    n <= MOST_AT_ONCE
      ? [stretchOf(timestamps, 0, n)]
      : inPlaces.map((at) => stretchOf(timestamps, at, at + BLOCK));
  if (stretches.includes(null)) return noTimeBase(untimed);
  return fromStretches(stretches as Stretch[], n);
}

/**
 * How samples start … start+count−1 of a series are not regular, though the places looked at when its file was opened
 * were; null where they are, or were all looked at then.
 */
export function irregularStretch(
  file: Hdf5File,
  { path, rateHz }: { path: string; rateHz: number },
  start: number,
  count: number,
): string | null {
  if (file.dataset(`${path}/starting_time`) !== null) return null;
  const timestamps = file.dataset(`${path}/timestamps`);
  const n = timestamps?.shape?.[0] ?? 0;
  if (n <= MOST_AT_ONCE) return null;
  for (let at = start; at < start + count - 1; at += MOST_AT_ONCE) {
    // one more than a block, so that what lies between two blocks is looked at too
    const stretch = stretchOf(timestamps, at, Math.min(at + MOST_AT_ONCE + 1, start + count));
    if (stretch === null) return 'its timestamps are not numbers';
    const { problem, rateHz: rate } = fromTimestamps(stretch.seconds);
    if (problem !== null) return problem;
    const strayS = Math.abs(1 / rate - 1 / rateHz) * (stretch.seconds.length - 1);
    if (strayS > (2 * JITTER) / rateHz) return irregular(strayS);
    giveSignOfLife();
  }
  return null;
}

function stretchOf(timestamps: Dataset | null, at: number, end: number): Stretch | null {
  const range: [number, number] = [at, end];
  const seconds = timestamps?.slice(timestamps.shape?.length === 2 ? [range, []] : [range]);
  return seconds instanceof Float64Array || seconds instanceof Float32Array ? { at, seconds } : null;
}

/** Regular timestamps tᵢ = t₀ + i/rate give a rate; others are refused with the size of the irregularity. */
export function fromTimestamps(seconds: Float64Array | Float32Array): TimeBase {
  return fromStretches([{ at: 0, seconds }], seconds.length);
}

/** {@link fromTimestamps} of n timestamps, the first and the last in the first and last of some stretches. */
function fromStretches(stretches: readonly Stretch[], n: number): TimeBase {
  if (n < 2) return noTimeBase('it has fewer than two timestamps');
  const first = stretches[0]!.seconds[0]!;
  const interval = (stretches.at(-1)!.seconds.at(-1)! - first) / (n - 1);
  if (!(interval > 0)) return noTimeBase('its timestamps do not increase');
  let worst = 0;
  for (const { at, seconds } of stretches) {
    for (let i = 0; i < seconds.length; i++) {
      const away = Math.abs(seconds[i]! - (first + (at + i) * interval));
      if (Number.isNaN(away)) return noTimeBase('some of its timestamps are not numbers');
      if (away > worst) worst = away;
    }
  }
  if (worst > JITTER * interval) return noTimeBase(irregular(worst));
  return { rateHz: tidyRate(1 / interval), startS: first, problem: null };
}

const irregular = (strayS: number): string =>
  `its timestamps are irregular, by up to ${(strayS * 1e3).toPrecision(2)} ms`;

/** Rates such as 49999.99999999999 Hz are whole numbers that went through a division. */
export function tidyRate(rateHz: number): number {
  const whole = Math.round(rateHz);
  return Math.abs(rateHz - whole) <= 1e-6 * whole ? whole : rateHz;
}

function noTimeBase(problem: string): TimeBase {
  return { rateHz: Number.NaN, startS: null, problem };
}
