import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as hdf5 from 'h5wasm/node';
import { afterAll } from 'vitest';

/** One series to write; `data` in the unit that it states. */
export interface FixtureSeries {
  folder?: string;
  name: string;
  type: string;
  unit: string;
  data: Float32Array | Float64Array | Int16Array;
  rateHz?: number | undefined;
  timestamps?: Float64Array;
  startS?: number;
  conversion?: number;
  offset?: number;
  sweepNumber?: number;
}

const folder = mkdtempSync(join(tmpdir(), 'chronaxie-nwb-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Writes a small NWB file with these series and returns its path. */
export async function writeNwb(
  name: string,
  series: readonly FixtureSeries[],
  version = '2.7.0',
  change: (file: hdf5.File) => void = () => undefined,
): Promise<string> {
  await hdf5.ready;
  const path = join(folder, name);
  const file = new hdf5.File(path, 'w');
  file.create_attribute('nwb_version', version);
  file.create_attribute('neurodata_type', 'NWBFile');
  for (const group of ['acquisition', 'acquisition/timeseries', 'stimulus', 'stimulus/presentation']) {
    file.create_group(group);
  }
  for (const one of series) writeSeries(file, one);
  change(file);
  file.close();
  return path;
}

function writeSeries(file: hdf5.File, series: FixtureSeries): void {
  const group = (file.get(series.folder ?? 'acquisition') as hdf5.Group).create_group(series.name);
  group.create_attribute('neurodata_type', series.type);
  if (series.sweepNumber !== undefined) group.create_attribute('sweep_number', series.sweepNumber);
  const data = group.create_dataset({ name: 'data', data: series.data });
  data.create_attribute('unit', series.unit);
  if (series.conversion !== undefined) data.create_attribute('conversion', series.conversion);
  if (series.offset !== undefined) data.create_attribute('offset', series.offset);
  if (series.timestamps) group.create_dataset({ name: 'timestamps', data: series.timestamps });
  if (series.rateHz !== undefined) {
    const start = group.create_dataset({ name: 'starting_time', data: series.startS ?? 0 });
    start.create_attribute('rate', series.rateHz);
  }
}

/** A current of `samples` at 10 kHz with one step between two times. */
export function stepCurrent(
  samples: number,
  startMs: number,
  endMs: number,
  level: number,
  holding = 0,
): Float32Array {
  const perMs = 10;
  return Float32Array.from({ length: samples }, (_, i) =>
    i >= startMs * perMs && i < endMs * perMs ? level : holding,
  );
}

/** A passive membrane's voltage (mV) at 10 kHz: rest −70, R in MΩ, τ in ms, for a current in pA. */
export function passiveVoltage(current: Float32Array, resistanceMohm: number, tauMs: number): Float32Array {
  const decay = Math.exp(-0.1 / tauMs);
  let v = -70;
  return current.map((pa) => {
    const target = -70 + (resistanceMohm * pa) / 1000;
    const here = v;
    v = target + (v - target) * decay;
    return here;
  });
}
