import { readFileSync } from 'node:fs';
import type { Group } from 'h5wasm/node';
import { abf1, abf2, type AbfFixture } from '../unit/recording/abf-fixture.ts';
import { writeHdf5 } from '../unit/recording/table-fixture.ts';
import { passiveVoltage, stepCurrent, writeNwb } from '../unit/recording/nwb-fixture.ts';

export interface Seed {
  name: string;
  extension: string;
  bytes: Uint8Array;
}

const samples = 1200;

/** A holding current keeps every sample away from zero: a zero in what is read was not in the file. */
const current = stepCurrent(samples, 30, 90, 80, 10);
const voltage = passiveVoltage(current, 100, 10);

type Store = 'floats' | 'integers' | 'gzip';

async function nwbSeed(store: Store): Promise<Seed> {
  const integers = store === 'integers';
  const stored = (values: Float32Array, step: number) =>
    integers ? Int16Array.from(values, (value) => Math.round(value / step)) : values;
  const path = await writeNwb(
    `seed-${store}.nwb`,
    [0, 1].flatMap((n) => [
      {
        name: `sweep_${n}`,
        type: 'CurrentClampSeries',
        unit: 'volts',
        data: stored(voltage, 0.05),
        conversion: integers ? 5e-5 : 1e-3,
        rateHz: 10_000,
        sweepNumber: n,
      },
      {
        folder: 'stimulus/presentation',
        name: `sweep_${n}`,
        type: 'CurrentClampStimulusSeries',
        unit: 'amperes',
        data: stored(current, 0.5),
        conversion: integers ? 5e-13 : 1e-12,
        rateHz: 10_000,
        sweepNumber: n,
      },
    ]),
    '2.7.0',
    (file) => {
      if (store !== 'gzip') return;
      for (const folder of ['acquisition', 'stimulus/presentation']) {
        const group = (file.get(folder) as Group).create_group('packed_2');
        const response = folder === 'acquisition';
        group.create_attribute(
          'neurodata_type',
          response ? 'CurrentClampSeries' : 'CurrentClampStimulusSeries',
        );
        group.create_attribute('sweep_number', 2);
        const data = group.create_dataset({
          name: 'data',
          data: response ? voltage : current,
          chunks: [200],
          compression: 'gzip',
          compression_opts: 4,
        });
        data.create_attribute('unit', response ? 'volts' : 'amperes');
        data.create_attribute('conversion', response ? 1e-3 : 1e-12);
        group.create_dataset({ name: 'starting_time', data: 0 }).create_attribute('rate', 10_000);
      }
    },
  );
  return { name: `NWB, ${store}`, extension: 'nwb', bytes: readFileSync(path) };
}

/** Its samples fill whole blocks: the padding of a last block would be zeros that are in the file. */
const abf: AbfFixture = {
  episodes: 3,
  intervalUs: 100,
  channels: [{ name: 'Vm', unit: 'mV', instrumentScale: 0.06 }],
  outputs: [
    { name: 'Cmd', unit: 'pA', holding: 10, epochs: [{ type: 1, level: 40, levelStep: 20, duration: 500 }] },
  ],
  data: Int16Array.from({ length: 3 * 1280 }, (_, i) => -14_000 + ((i * 37) % 900)),
};

const text = (header: string, delimiter: string): Uint8Array =>
  Buffer.from(
    `${[header, ...Array.from(voltage, (mv, i) => [(i + 1) / 10, mv, current[i]!].join(delimiter))].join('\n')}\n`,
  );

/** Matrices of two sweeps, one packed. */
async function plainSeed(): Promise<Seed> {
  const path = await writeHdf5('seed-plain.h5', (file) => {
    file.create_attribute('fs', 10_000);
    const twice = (values: Float32Array) => Float32Array.from([...values, ...values]);
    const shape = [2, samples];
    const packed = { chunks: [1, 200], compression: 4 };
    file.create_dataset({ name: 'voltage_mV', data: twice(voltage), shape, ...packed });
    file.create_dataset({ name: 'current_pA', data: twice(current), shape });
  });
  return { name: 'HDF5', extension: 'h5', bytes: readFileSync(path) };
}

/** Small files, each undamaged and read with numbers other than zero throughout. */
export async function seeds(): Promise<Seed[]> {
  return [
    await nwbSeed('floats'),
    await nwbSeed('integers'),
    await nwbSeed('gzip'),
    { name: 'ABF 1', extension: 'abf', bytes: abf1(abf) },
    { name: 'ABF 2', extension: 'abf', bytes: abf2(abf) },
    await plainSeed(),
    { name: 'CSV', extension: 'csv', bytes: text('time (ms),Vm (mV),I (pA)', ',') },
    { name: 'TSV', extension: 'tsv', bytes: text('t_ms\tv_mV\ti_pA', '\t') },
  ];
}
