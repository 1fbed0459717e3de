/**
 * A recording as large as labs have them: 100 sweeps of 500,000 samples (25 s at 20 kHz), voltage and command, float32,
 * 400 MB. The traces are the bundled example's sweeps, repeated, so that spikes and noise are real.
 *
 *   node bench/big-recording.ts big.nwb
 */
import * as hdf5 from 'h5wasm/node';
import { openRecording } from '../main/recording/recording.ts';
import { exampleRecording } from '../main/shell/app-root.ts';

const sweeps = 100;
const samples = 500_000;

export async function writeBigRecording(path: string): Promise<void> {
  await hdf5.ready;
  const example = await openRecording(exampleRecording()!);
  const sources = await Promise.all(
    example.summary.sweeps.map(async ({ sweep, rateHz }) => ({
      ...(await example.readSweep(sweep)),
      rateHz,
    })),
  );
  const file = new hdf5.File(path, 'w');
  file.create_attribute('nwb_version', '2.7.0');
  file.create_attribute('neurodata_type', 'NWBFile');
  for (const group of ['acquisition', 'stimulus', 'stimulus/presentation']) file.create_group(group);
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const { voltageMv, currentPa, rateHz } = sources[sweep % sources.length]!;
    const repeated = (values: Float32Array) =>
      Float32Array.from({ length: samples }, (_, i) => values[i % values.length]!);
    const parts = [
      ['acquisition', 'CurrentClampSeries', 'volts', 1e-3, repeated(voltageMv)],
      ['stimulus/presentation', 'CurrentClampStimulusSeries', 'amperes', 1e-12, repeated(currentPa!)],
    ] as const;
    for (const [folder, type, unit, conversion, data] of parts) {
      const group = (file.get(folder) as hdf5.Group).create_group(`sweep_${sweep}`);
      group.create_attribute('neurodata_type', type);
      group.create_attribute('sweep_number', sweep);
      const set = group.create_dataset({ name: 'data', data });
      set.create_attribute('unit', unit);
      set.create_attribute('conversion', conversion);
      group.create_dataset({ name: 'starting_time', data: 0 }).create_attribute('rate', rateHz);
    }
  }
  file.close();
  await example.close();
}

if (import.meta.main) {
  const path = process.argv[2] ?? 'big.nwb';
  const started = performance.now();
  await writeBigRecording(path);
  console.log(`${path} written in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}
