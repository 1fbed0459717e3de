import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inspectRecording } from '../../../main/features/inspection.ts';
import { openRecording } from '../../../main/recording/recording.ts';

/** Origins and licences of the recordings: test/reference/data/recordings/README.md. */
const folder = join(import.meta.dirname, '../data/recordings');
const abf = (name: string) => join(folder, 'abf', `${name}.abf`);
const example = join(import.meta.dirname, '../../../resources/examples/18711001-steps.nwb');

async function inspect(path: string) {
  const { recording, inspection } = await inspectRecording(path);
  await recording.close();
  return inspection;
}

describe('real ABF recordings', () => {
  it('reads 30 sweeps of 18711001 with a hyperpolarising and a growing step', async () => {
    const { format, sweeps } = await inspect(abf('18711001'));
    expect(format).toBe('ABF 2.6');
    expect(sweeps).toHaveLength(30);
    expect(sweeps[22]).toMatchObject({ usable: true, rateHz: 20_000, durationMs: 1500, spikes: 6 });
    expect(sweeps[22]!.current).toEqual({
      kind: 'command',
      holdingPa: 0,
      // 30000/64 = 468 samples of 0.05 ms, then epochs of 300 and 500 ms
      steps: [
        { startMs: 23.4, endMs: 323.4, amplitudePa: -100, relativePa: -100 },
        { startMs: 823.4, endMs: 1323.4, amplitudePa: 220, relativePa: 220 },
      ],
    });
  });

  it('agrees sample by sample with the sweeps that the bundled NWB example keeps', async () => {
    const [whole, cut] = [await openRecording(abf('18711001')), await openRecording(example)];
    // resources/examples/ORIGIN.md: sweep here, sweep there, first sample kept there
    for (const [here, there, start] of [
      [0, 0, 0],
      [3, 12, 14_468],
      [5, 29, 14_468],
    ] as const) {
      const expected = await cut.readSweep(here);
      const found = await whole.readSweep(there, { start, count: expected.voltageMv.length });
      // both are 32-bit floats of the same 16-bit numbers: less than a thousandth of one
      found.voltageMv.forEach((mv, i) => expect(Math.abs(mv - expected.voltageMv[i]!)).toBeLessThan(1.5e-5));
      expect(found.currentPa).toEqual(expected.currentPa);
    }
    await whole.close();
    await cut.close();
  });

  it('agrees with the NWB of the same cell on the recorded current of an ABF 1 file', async () => {
    const original = await openRecording(abf('PYR2'));
    const converted = await openRecording(join(folder, 'FergusonEtAl2015_PYR2.nwb'));
    expect(original.summary.format).toBe('ABF 1.83');
    expect(original.summary.sweeps).toHaveLength(13);
    expect(converted.summary.sweeps).toHaveLength(13);
    for (const [i, { sweep }] of converted.summary.sweeps.entries()) {
      const expected = await converted.readSweep(sweep);
      const found = await original.readSweep(i);
      // 32-bit floats of the same 16-bit numbers, in V and in mV
      found.voltageMv.forEach((mv, k) => expect(Math.abs(mv - expected.voltageMv[k]!)).toBeLessThan(1e-4));
      found.currentPa!.forEach((pa, k) => expect(Math.abs(pa - expected.currentPa![k]!)).toBeLessThan(1e-3));
    }
    await original.close();
    await converted.close();
  });

  it('finds the nine steps of an early ABF 2 file', async () => {
    const { sweeps } = await inspect(abf('File_axon_5'));
    expect(sweeps.map(({ current }) => current.steps[0]!.amplitudePa)).toEqual([
      -100, -50, 0, 50, 100, 150, 200, 250, 300,
    ]);
    expect(sweeps.map(({ spikes }) => spikes)).toEqual([0, 0, 0, 0, 0, 0, 2, 2, 3]);
  });

  it('warns of a membrane potential labelled as a current and offers the factor that mends it', async () => {
    const { sweeps, warnings } = await inspect(abf('opto_aps_bad_units'));
    expect(sweeps.every(({ usable }) => !usable)).toBe(true);
    const warning = warnings.find(({ code }) => code === 'implausible-units')!;
    expect(warning.remedy).toBe('Set cell.voltageFactor to 0.05 to read them as −79.5 mV.');
  });
});
