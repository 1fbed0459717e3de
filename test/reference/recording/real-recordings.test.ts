import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as jsfive from 'jsfive';
import { describe, expect, it } from 'vitest';
import type { SweepSummary } from '../../../main/contract/recording.ts';
import { inspectRecording } from '../../../main/features/inspection.ts';
import { openRecording, type Recording } from '../../../main/recording/recording.ts';

/** Origins and licences of the recordings: test/reference/data/recordings/README.md. */
const folder = join(import.meta.dirname, '../data/recordings');
const example = join(import.meta.dirname, '../../../resources/examples/18711001-steps.nwb');
const path = (name: string) => join(folder, `${name}.nwb`);

async function sweepsOf(file: string): Promise<SweepSummary[]> {
  const { recording, inspection } = await inspectRecording(file);
  await recording.close();
  return inspection.sweeps;
}

const spikes = (sweeps: readonly SweepSummary[]) => sweeps.map((sweep) => sweep.spikes);
const amplitudes = (sweeps: readonly SweepSummary[]) =>
  sweeps.map((sweep) => sweep.current.steps[0]!.relativePa);

describe('real current-clamp recordings', () => {
  it('finds the two Allen sweeps’ steps of 205–1205 ms and their 12 and 25 spikes', async () => {
    const [a] = await sweepsOf(path('allen_518290966_sweep57'));
    const [b] = await sweepsOf(path('allen_509881736_sweep39'));
    expect(a).toMatchObject({ sweep: 0, usable: true, rateHz: 50_000, durationMs: 1450, spikes: 12 });
    expect(a!.current).toEqual({
      kind: 'command',
      holdingPa: 0,
      steps: [{ startMs: 205, endMs: 1205, amplitudePa: 170, relativePa: 170 }],
    });
    expect(b).toMatchObject({
      spikes: 25,
      current: { steps: [{ startMs: 205, endMs: 1205, amplitudePa: 130 }] },
    });
  });

  it('reads the bundled example as its ORIGIN.md describes it', async () => {
    const sweeps = await sweepsOf(example);
    expect(sweeps.every((sweep) => sweep.usable && sweep.current.kind === 'command')).toBe(true);
    expect(amplitudes(sweeps)).toEqual([-100, -100, 40, 120, 220, 290]);
    expect(spikes(sweeps)).toEqual([0, 0, 0, 4, 6, 7]);
    expect(sweeps[0]!.current.steps).toMatchObject([{ startMs: 23.4, endMs: 323.4 }]);
    expect(sweeps[4]!.current.steps).toMatchObject([{ startMs: 100, endMs: 600 }]);
    expect(sweeps[4]).toMatchObject({ rateHz: 20_000, samples: 14_000, durationMs: 700 });
  });

  it('finds the steps in BluePyEfe’s recorded current and its holding current', async () => {
    const sweeps = await sweepsOf(path('bluepyefe_B6_IDRest'));
    expect(spikes(sweeps)).toEqual([26, 50, 68, 82, 89]);
    for (const sweep of sweeps) {
      expect(sweep).toMatchObject({ usable: true, rateHz: 4000, durationMs: 3000 });
      expect(sweep.current).toMatchObject({ kind: 'recorded', steps: [{ startMs: 700.25, endMs: 2700.25 }] });
      // the current is stored in units of 3.125 pA: its median is exact to half of that
      expect(Math.abs(sweep.current.holdingPa! + 12.5)).toBeLessThan(1.6);
    }
    [118.7, 175, 237.5, 296.9, 353.1].forEach((pa, i) =>
      expect(Math.abs(amplitudes(sweeps)[i]! - pa)).toBeLessThan(1.6),
    );
  });

  it('finds one step per sweep in Ferguson’s noisy current, through the transients that spikes leave in it', async () => {
    const sweeps = await sweepsOf(path('FergusonEtAl2015_PYR2'));
    expect(sweeps.map((sweep) => sweep.sweep)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
    expect(spikes(sweeps)).toEqual([0, 0, 1, 2, 3, 4, 7, 7, 8, 8, 10, 8, 9]);
    sweeps.forEach((sweep, n) => {
      expect(sweep.current.kind).toBe('recorded');
      expect(sweep.current.steps).toHaveLength(1);
      const step = sweep.current.steps[0]!;
      // 1 s steps of 25 pA more each, from about −74 pA; noise 9 pA, so edges to 0.3 ms and levels to 4 pA
      expect(Math.abs(step.startMs - 81.5)).toBeLessThan(0.3);
      expect(Math.abs(step.endMs - 1081.5)).toBeLessThan(0.3);
      expect(Math.abs(step.amplitudePa - (-48.8 + 25 * n))).toBeLessThan(8);
      expect(Math.abs(sweep.current.holdingPa! + 75)).toBeLessThan(5);
    });
  });

  it('finds Lantyer’s long and short pulses, whatever the descriptions say', async () => {
    const sweeps = await sweepsOf(path('LantyerEtAl2018_180817_ME_9_CC'));
    expect(sweeps).toHaveLength(10);
    expect(spikes(sweeps).slice(0, 9)).toEqual([0, 0, 0, 9, 21, 27, 33, 37, 42]);
    sweeps.forEach((sweep, n) => {
      const [long, short] = sweep.current.steps;
      expect(long).toMatchObject({ startMs: 100.15, endMs: 600.15 });
      expect(short).toMatchObject({ startMs: 1100.15, endMs: 1110.15 });
      // steps of 40 pA, which the amplifier overshoots by 0.7 %
      expect(Math.abs(long!.relativePa / (40 * (n + 1)) - 1)).toBeLessThan(0.01);
      expect(Math.abs(short!.relativePa - 61.4)).toBeLessThan(0.1);
    });
  });

  it('reads the extension’s file with references inside compounds, in the sweeps’ natural order', async () => {
    const { recording, inspection } = await inspectRecording(path('hippocampus_99111002'));
    await recording.close();
    expect(inspection.format).toBe('NWB 2.4.0 (NDXICEphysFile)');
    expect(inspection.sweeps.map((sweep) => sweep.name)).toEqual(
      Array.from({ length: 16 }, (_, i) => `ic__Step__${i + 1}`),
    );
    expect(amplitudes(inspection.sweeps)).toEqual(Array.from({ length: 16 }, (_, i) => -2000 + 200 * i));
    expect(inspection.sweeps.every((sweep) => sweep.usable)).toBe(true);
    expect(inspection.sweeps[10]!.current.steps).toMatchObject([
      { startMs: 31.2, endMs: 431.2, relativePa: 0 },
    ]);
  });

  it('refuses every sweep of the voltage-clamp file with the reason', async () => {
    const recording = await openRecording(path('LantyerEtAl2018_170328_AB_277_ST50_C'));
    await recording.close();
    expect(recording.summary.sweeps).toHaveLength(2);
    for (const sweep of recording.summary.sweeps) {
      expect(sweep).toMatchObject({ mode: 'voltage-clamp', usable: false, rateHz: 50_000 });
      expect(sweep.reason).toMatch(/voltage clamp/);
    }
    expect(recording.summary.warnings[0]!.code).toBe('no-usable-sweep');
  });

  it('says of a file without intracellular series that it has none', async () => {
    const recording = await openRecording(path('simple_example'));
    await recording.close();
    expect(recording.summary.sweeps).toEqual([]);
    expect(recording.summary.warnings).toMatchObject([
      { code: 'no-usable-sweep', message: expect.stringContaining('no intracellular') as string },
    ]);
  });

  it('hashes the content of the file', async () => {
    const recording = await openRecording(example);
    await recording.close();
    expect(recording.summary.sha256).toBe(createHash('sha256').update(readFileSync(example)).digest('hex'));
  });
});

describe('jsfive, an independent reader', () => {
  const seriesOf: Record<string, (sweep: number) => [string, string]> = {
    [path('allen_518290966_sweep57')]: () => ['sweep_000_response', 'sweep_000_stimulus'],
    [path('bluepyefe_B6_IDRest')]: (n) => [`sweep_00${n}_response`, `sweep_00${n}_stimulus`],
    [path('hippocampus_99111002')]: (n) => [`ic__Step__${n}`, `ics__Step__${n}`],
    [path('FergusonEtAl2015_PYR2')]: (n) => numbered(n),
    [path('LantyerEtAl2018_180817_ME_9_CC')]: (n) => numbered(n),
    [example]: (n) => [`sweep_0${n}_response`, `sweep_0${n}_stimulus`],
  };

  it.each(Object.keys(seriesOf))('gives the same samples of %s', async (file) => {
    const recording = await openRecording(file);
    const other = new jsfive.File(arrayBuffer(file), file);
    for (const { sweep } of recording.summary.sweeps)
      await compare(recording, other, sweep, seriesOf[file]!(sweep));
    await recording.close();
  });

  function numbered(n: number): [string, string] {
    const number = String(n).padStart(2, '0');
    return [`CurrentClampSeries_${number}`, `CurrentClampStimulusSeries_${number}`];
  }

  async function compare(
    recording: Recording,
    other: jsfive.File,
    sweep: number,
    [response, stimulus]: [string, string],
  ) {
    const { voltageMv, currentPa } = await recording.readSweep(sweep);
    expect(largestDifference(voltageMv, other, `acquisition/${response}/data`, 1e3)).toBeLessThan(1);
    expect(largestDifference(currentPa!, other, `stimulus/presentation/${stimulus}/data`, 1e12)).toBeLessThan(
      1,
    );
  }

  /** In units of what a 32-bit float resolves at the value's size: below 1 is equal. */
  function largestDifference(
    ours: Float32Array,
    other: jsfive.File,
    dataset: string,
    toInternal: number,
  ): number {
    const data = other.get(dataset) as jsfive.Dataset;
    const scale = Number(data.attrs.conversion ?? 1) * toInternal;
    const stored = data.value;
    expect(ours.length).toBe(stored.length);
    let worst = 0;
    ours.forEach((value, i) => {
      const theirs = stored[i]! * scale;
      worst = Math.max(worst, Math.abs(value - theirs) / (Math.abs(theirs) * 2 ** -23 + 1e-30));
    });
    return worst;
  }
});

function arrayBuffer(file: string): ArrayBuffer {
  const bytes = readFileSync(file);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
}
