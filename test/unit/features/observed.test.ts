import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Inspection, SweepSummary } from '../../../main/contract/recording.ts';
import { featureSet } from '../../../main/features/feature-set.ts';
import { inspectRecording, suggestSweep } from '../../../main/features/inspection.ts';
import { featureValues } from '../../../main/features/observed.ts';
import type { Recording } from '../../../main/recording/recording.ts';

const example = join(import.meta.dirname, '../../../resources/examples/18711001-steps.nwb');

describe('the bundled example', () => {
  let recording: Recording;
  let inspection: Inspection;
  beforeAll(async () => ({ recording, inspection } = await inspectRecording(example)));
  afterAll(() => recording.close());

  const observe = async (sweep: number, set: 'moments' | 'all', liquidJunctionMv = 0) =>
    Object.fromEntries(
      (await featureValues(recording, sweep, featureSet(set), liquidJunctionMv)).map((value) => [
        value.name,
        value,
      ]),
    );

  it('counts spikes, which the reader leaves open', () => {
    expect(inspection.sweeps.map((sweep) => sweep.spikes)).toEqual([0, 0, 0, 4, 6, 7]);
    expect(recording.summary.sweeps.every((sweep) => sweep.spikes === null)).toBe(true);
    expect(suggestSweep(inspection)).toBe(4);
  });

  it('measures about the step', async () => {
    const moments = await observe(4, 'moments');
    expect(moments.spikeCount).toMatchObject({ value: 6, unit: '', missingBecause: null });
    // mean of the 2000 samples before the step, as h5py and NumPy give it
    expect(moments.restMean!.value).toBeCloseTo(-66.7, 2);
    expect(moments.restMean!.unit).toBe('mV');
  });

  it('adds the liquid junction correction to voltages and to nothing else', async () => {
    const [plain, corrected] = [await observe(4, 'moments'), await observe(4, 'moments', -14)];
    for (const name of ['restMean', 'stimMean']) {
      expect(corrected[name]!.value! - plain[name]!.value!).toBeCloseTo(-14, 4);
    }
    expect(corrected.stimVar!.value! / plain.stimVar!.value!).toBeCloseTo(1, 5);
  });

  it('says of a missing value that it is not defined, and gives resistance in MΩ', async () => {
    const silent = await observe(0, 'all');
    expect(silent.latency).toMatchObject({
      value: null,
      missingBecause: expect.stringContaining('not defined') as string,
    });
    expect(silent.inputResistance!.unit).toBe('MΩ');
    expect(silent.inputResistance!.value).toBeGreaterThan(150);
    expect(silent.inputResistance!.value).toBeLessThan(230);
  });

  it('refuses a sweep that does not exist', async () => {
    await expect(featureValues(recording, 99, featureSet('moments'), 0)).rejects.toMatchObject({
      code: 'not-found',
      remedy: 'Its sweeps are 0, 1, 2, 3, 4, 5.',
    });
  });
});

describe('suggestSweep', () => {
  const sweep = (number: number, spikes: number | null, relativePa = 10, usable = true): SweepSummary => ({
    sweep: number,
    name: `s${number}`,
    mode: 'current-clamp',
    usable,
    reason: usable ? null : 'No.',
    rateHz: 1000,
    samples: 10,
    durationMs: 10,
    voltageMv: null,
    current: {
      kind: 'command',
      holdingPa: 0,
      steps: [{ startMs: 1, endMs: 2, amplitudePa: relativePa, relativePa }],
    },
    spikes,
  });
  const suggest = (sweeps: SweepSummary[]) =>
    suggestSweep({ file: '', format: '', sha256: '', warnings: [], sweeps });

  it('takes the median of those that spike, the lower of two', () => {
    expect(suggest([sweep(1, 0), sweep(2, 9), sweep(3, 2), sweep(4, 5)])).toBe(4);
    expect(suggest([sweep(1, 3), sweep(2, 9)])).toBe(1);
  });

  it('takes the largest depolarisation where nothing spikes, and nothing where nothing is usable', () => {
    expect(suggest([sweep(1, 0, -50), sweep(2, 0, 30), sweep(3, 0, 20)])).toBe(2);
    expect(suggest([sweep(1, null, 10, false)])).toBeNull();
    expect(suggest([])).toBeNull();
  });

  it('refuses to measure a sweep that is not usable, with its reason', async () => {
    const file = join(
      import.meta.dirname,
      '../../reference/data/recordings/LantyerEtAl2018_170328_AB_277_ST50_C.nwb',
    );
    const { recording } = await inspectRecording(file);
    await expect(featureValues(recording, 1, featureSet('moments'), 0)).rejects.toMatchObject({
      code: 'recording-unusable',
      message: expect.stringContaining('voltage clamp') as string,
    });
    await recording.close();
  });
});
