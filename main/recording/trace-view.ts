import { AppError } from '../contract/errors.ts';
import type { SweepSummary, TraceView } from '../contract/recording.ts';
import type { Recording } from './recording.ts';

/**
 * The smallest and the largest value in each of `columns` equal intervals of startMs … endMs: column c covers the samples i with
 * ⌊(i·dtMs − startMs)/width⌋ = c, width = (endMs − startMs)/columns. No peak is lost, whatever the zoom. A column without
 * a sample repeats the last sample before it; where there is none, and beyond the trace's end, it is NaN.
 */
export function minMaxColumns(
  values: Float32Array | Float64Array,
  dtMs: number,
  startMs: number,
  endMs: number,
  columns: number,
): { min: Float32Array; max: Float32Array } {
  const min = new Float32Array(columns).fill(Number.NaN);
  const max = new Float32Array(columns).fill(Number.NaN);
  const width = (endMs - startMs) / columns;
  const edge = (c: number) => Math.max(0, Math.ceil((startMs + c * width) / dtMs - 1e-6));
  for (let c = 0; c < columns; c++) {
    const begin = edge(c);
    const end = Math.min(edge(c + 1), values.length);
    if (begin >= values.length) break;
    if (end <= begin) {
      min[c] = max[c] = values[begin - 1] ?? Number.NaN;
      continue;
    }
    let low = values[begin]!;
    let high = low;
    for (let i = begin + 1; i < end; i++) {
      const value = values[i]!;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    min[c] = low;
    max[c] = high;
  }
  return { min, max };
}

/** What traces are drawn from: a recording, or one whose sweeps are still being looked at. */
export interface TraceSource extends Pick<Recording, 'readSweep'> {
  sweeps: readonly Pick<SweepSummary, 'sweep' | 'rateHz'>[];
}

/** Pieces of sweeps for drawing. Where the samples are fewer than the columns asked for, every sample is there. */
export async function traceView(
  source: TraceSource,
  sweeps: readonly number[],
  startMs: number,
  endMs: number,
  columns: number,
): Promise<TraceView[]> {
  if (!(endMs > startMs && startMs >= 0)) {
    throw new AppError('usage', `There is no time from ${startMs} to ${endMs} ms.`, {
      remedy: 'Ask for a stretch that begins at 0 ms or later and ends after it begins.',
    });
  }
  const views: TraceView[] = [];
  for (const sweep of sweeps) views.push(await viewOf(source, sweep, startMs, endMs, columns));
  return views;
}

async function viewOf(
  source: TraceSource,
  sweep: number,
  startMs: number,
  endMs: number,
  columns: number,
): Promise<TraceView> {
  const rateHz = source.sweeps.find((known) => known.sweep === sweep)?.rateHz ?? 1000;
  const first = Math.ceil((startMs * rateHz) / 1000);
  const count = Math.max(0, Math.floor((endMs * rateHz) / 1000) + 1 - first);
  const { voltageMv, currentPa } = await source.readSweep(sweep, { start: first, count });
  const n = voltageMv.length;
  const toMs = 1000 / rateHz;
  if (n <= columns) {
    return {
      sweep,
      timeMs: Float32Array.from(voltageMv, (_, i) => (first + i) * toMs),
      voltageMinMv: voltageMv,
      voltageMaxMv: voltageMv,
      currentMinPa: currentPa ?? new Float32Array(0),
      currentMaxPa: currentPa ?? new Float32Array(0),
    };
  }
  const voltage = minMaxColumns(voltageMv, toMs, 0, n * toMs, columns);
  const current = currentPa ? minMaxColumns(currentPa, toMs, 0, n * toMs, columns) : null;
  return {
    sweep,
    timeMs: Float32Array.from({ length: columns }, (_, c) => (first + (c * n) / columns) * toMs),
    voltageMinMv: voltage.min,
    voltageMaxMv: voltage.max,
    currentMinPa: current?.min ?? new Float32Array(0),
    currentMaxPa: current?.max ?? new Float32Array(0),
  };
}
