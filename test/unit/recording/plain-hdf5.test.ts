import { describe, expect, it } from 'vitest';
import { asStated, type Reading } from '../../../main/contract/recording.ts';
import { parseMapping } from '../../../main/recording/mapping-text.ts';
import { openRecording } from '../../../main/recording/recording.ts';
import { currentPa, voltageMv, writeHdf5 } from './table-fixture.ts';

const n = voltageMv.length;
const both = (values: Float32Array, change: (value: number) => number) =>
  Float32Array.from([...values, ...values.map(change)]);

async function read(path: string, reading: Reading = asStated) {
  const recording = await openRecording(path, { reading });
  const sweeps = await Promise.all(recording.summary.sweeps.map(({ sweep }) => recording.readSweep(sweep)));
  await recording.close();
  return { summary: recording.summary, sweeps };
}

describe('an HDF5 file that is no NWB', () => {
  it('is read as matrices of sweeps, whichever way they lie, by their units', async () => {
    const path = await writeHdf5('matrices.h5', (file) => {
      const time = file.create_dataset({
        name: 'time',
        data: Float64Array.from({ length: n }, (_, i) => i * 1e-4),
      });
      time.create_attribute('unit', 's');
      const data = both(voltageMv, (mv) => mv - 1);
      file
        .create_dataset({ name: 'v', data, shape: [2, n], chunks: [1, 300], compression: 4 })
        .create_attribute('units', 'mV');
      const rows = Float32Array.from({ length: 2 * n }, (_, k) => currentPa[k >> 1]! * (1 + (k & 1)));
      file.create_dataset({ name: 'i', data: rows, shape: [n, 2] }).create_attribute('units', 'pA');
    });
    const { summary, sweeps } = await read(path);
    expect(summary).toMatchObject({ format: 'HDF5', sweeps: [{ rateHz: 10_000 }, { rateHz: 10_000 }] });
    expect(sweeps[0]!.voltageMv).toEqual(voltageMv);
    expect(sweeps[1]!.voltageMv).toEqual(voltageMv.map((mv) => mv - 1));
    expect(sweeps[0]!.currentPa).toEqual(currentPa);
    expect(sweeps[1]!.currentPa![500]).toBe(160);
  });

  it('takes the rate that it states, and a group a sweep', async () => {
    const path = await writeHdf5('groups.h5', (file) => {
      file.create_attribute('fs', 10_000);
      for (const sweep of [0, 1]) {
        const group = file.create_group(`sweep_${sweep}`);
        group.create_dataset({ name: 'v_mV', data: voltageMv });
        group.create_dataset({ name: 'i_pA', data: currentPa });
      }
    });
    const { sweeps } = await read(path);
    expect(sweeps.map((one) => one.currentPa)).toEqual([currentPa, currentPa]);
  });

  it('without units is asked about with the names of its datasets, and read as they were said to be', async () => {
    const path = await writeHdf5('bare.mat', (file) => {
      file.create_dataset({
        name: 'Vm',
        data: Float64Array.from(voltageMv, (mv) => mv / 1000),
        shape: [1, n],
      });
      file.create_dataset({ name: 'Istim', data: currentPa });
    });
    await expect(read(path)).rejects.toMatchObject({
      code: 'input-invalid',
      message: expect.stringContaining('“Istim”, “Vm”') as string,
    });
    const mapping = parseMapping('rate=10kHz,voltage=Vm:V,current=Istim:pA');
    const { summary, sweeps } = await read(path, { ...asStated, mapping });
    expect(sweeps[0]!.voltageMv).toEqual(voltageMv);
    expect(summary.mapping).toEqual(mapping);
  });

  it('gives no zeros for a chunk that is missing', async () => {
    const path = await writeHdf5('hole.h5', (file) => {
      file.create_attribute('fs', 10_000);
      const data = voltageMv.map((mv, i) => (i >= 300 && i < 600 ? 0 : mv));
      file.create_dataset({ name: 'v_mV', data, chunks: [300], compression: 4 });
      file.create_dataset({ name: 'i_pA', data: currentPa });
    });
    await expect(read(path)).rejects.toMatchObject({
      code: 'file-unreadable',
      message: expect.stringContaining('which is missing in the file') as string,
    });
  });

  it('is refused where its time has another length, and where it holds no numbers', async () => {
    const path = await writeHdf5('short.h5', (file) => {
      file.create_dataset({ name: 'time_ms', data: Float64Array.from({ length: 100 }, (_, i) => i / 10) });
      file.create_dataset({ name: 'v_mV', data: voltageMv });
    });
    const recording = await openRecording(path);
    await recording.close();
    expect(recording.summary.sweeps[0]!.reason).toBe('It has 1200 samples and its time 100.');
    const words = await writeHdf5(
      'words.h5',
      (file) => void file.create_dataset({ name: 'note', data: 'lost' }),
    );
    await expect(openRecording(words)).rejects.toMatchObject({ code: 'format-unsupported' });
  });
});
