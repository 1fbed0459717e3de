import { chmodSync, copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Group } from 'h5wasm/node';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../main/contract/errors.ts';
import { openRecording } from '../../../main/recording/recording.ts';
import { passiveVoltage, stepCurrent, writeNwb, type FixtureSeries } from './nwb-fixture.ts';

const current = stepCurrent(3000, 50, 250, 100);
const voltage = passiveVoltage(current, 100, 10);

function response(change: Partial<FixtureSeries> = {}): FixtureSeries {
  return {
    name: 'sweep_0_response',
    type: 'CurrentClampSeries',
    unit: 'volts',
    data: voltage,
    conversion: 1e-3,
    rateHz: 10_000,
    ...change,
  };
}

function stimulus(change: Partial<FixtureSeries> = {}): FixtureSeries {
  return {
    folder: 'stimulus/presentation',
    name: 'sweep_0_stimulus',
    type: 'CurrentClampStimulusSeries',
    unit: 'amperes',
    data: current,
    conversion: 1e-12,
    rateHz: 10_000,
    ...change,
  };
}

async function inspect(name: string, series: FixtureSeries[], version?: string) {
  const recording = await openRecording(await writeNwb(name, series, version));
  await recording.close();
  return recording.summary;
}

describe('openRecording', () => {
  it('gives mV, pA and steps in ms, and the samples of any stretch', async () => {
    const recording = await openRecording(await writeNwb('plain.nwb', [response(), stimulus()]));
    const { summary } = recording;
    expect(summary).toMatchObject({
      format: 'NWB 2.7.0',
      sweeps: [{ sweep: 0, usable: true, rateHz: 10_000, samples: 3000, durationMs: 300 }],
    });
    expect(summary.sweeps[0]!.current).toEqual({
      kind: 'command',
      holdingPa: 0,
      steps: [{ startMs: 50, endMs: 250, amplitudePa: 100, relativePa: 100 }],
    });
    const piece = await recording.readSweep(0, { start: 498, count: 5 });
    expect(Array.from(piece.currentPa!)).toEqual([0, 0, 100, 100, 100]);
    // 1e-5 mV: 32-bit floats of −70 are 8e-6 apart
    piece.voltageMv.forEach((v, i) => expect(v).toBeCloseTo(voltage[498 + i]!, 5));
    expect((await recording.readSweep(0, { start: 2990, count: 100 })).voltageMv).toHaveLength(10);
    await recording.close();
  });

  it('applies conversion and offset to integers, and never the gain', async () => {
    const stored = Int16Array.from(voltage, (mv) => Math.round((mv - 1) / 0.05));
    const series = response({ data: stored, conversion: 5e-5, offset: 1e-3 });
    const recording = await openRecording(await writeNwb('int16.nwb', [series, stimulus()]));
    const { voltageMv } = await recording.readSweep(0);
    // half a step of the 0.05 mV converter
    voltageMv.forEach((mv, i) => expect(Math.abs(mv - voltage[i]!)).toBeLessThan(0.0251));
    await recording.close();
  });

  it('understands other spellings of the units, and mV and pA themselves', async () => {
    const summary = await inspect('units.nwb', [
      response({ unit: 'mV', conversion: 1 }),
      stimulus({ unit: 'amps' }),
    ]);
    expect(summary.sweeps[0]).toMatchObject({ usable: true, current: { steps: [{ amplitudePa: 100 }] } });
    expect(summary.sweeps[0]!.voltageMv!.max).toBeCloseTo(-60, 1);
  });

  it('takes regular timestamps for a rate and refuses irregular ones with their size', async () => {
    const regular = Float64Array.from(voltage, (_, i) => 7 + i * 1e-4);
    const untimedResponse = response({ rateHz: undefined });
    const untimedStimulus = stimulus({ rateHz: undefined });
    const good = await inspect('regular.nwb', [
      { ...untimedResponse, timestamps: regular },
      { ...untimedStimulus, timestamps: regular },
    ]);
    expect(good.sweeps[0]).toMatchObject({ usable: true, rateHz: 10_000 });
    const irregular = regular.with(1500, regular[1500]! + 4e-4);
    const bad = await inspect('irregular.nwb', [{ ...untimedResponse, timestamps: irregular }, stimulus()]);
    expect(bad.sweeps[0]!.reason).toBe('Its timestamps are irregular, by up to 0.40 ms.');
  });

  it('looks at long timestamps in places when a file is opened, and at the others when they are read', async () => {
    const n = 400_000;
    const seconds = Float64Array.from({ length: n }, (_, i) => 7 + i * 1e-4);
    const series = response({
      data: Float32Array.from({ length: n }, (_, i) => -0.06 - (i % 7) * 1e-5),
      conversion: 1,
      rateHz: undefined,
    });
    const command = stimulus({ data: stepCurrent(n, 50, 250, 100) });
    const late = seconds.with(9000, seconds[9000]! + 4e-4);
    const long = await inspect('long.nwb', [
      { ...series, timestamps: late },
      { ...series, name: 'sweep_1_response', sweepNumber: 1, timestamps: seconds },
      command,
      { ...command, name: 'sweep_1_stimulus', sweepNumber: 1 },
    ]);
    expect(long.sweeps[0]!.reason).toMatch(/its timestamps are irregular, by up to 0\.40 ms/i);
    expect(long.sweeps[1]).toMatchObject({ usable: true, rateHz: 10_000 });

    const paused = seconds.map((s, i) => (i < 300_000 ? s : s + 0.5));
    const summary = await inspect('paused.nwb', [{ ...series, timestamps: paused }, command]);
    expect(summary.sweeps[0]!.reason).toMatch(/^Its timestamps are irregular, by up to/);
  });

  it('pairs an NWB 1 file by its sweep names', async () => {
    const old = { type: 'TimeSeries', name: 'Sweep_12' };
    const summary = await inspect(
      'old.nwb',
      [response({ ...old, folder: 'acquisition/timeseries' }), stimulus(old)],
      'NWB-1.0.6',
    );
    expect(summary).toMatchObject({ format: 'NWB 1.0.6', sweeps: [{ sweep: 12, usable: true }] });
  });

  it('numbers sweeps naturally and keeps the file’s own numbers', async () => {
    const summary = await inspect('order.nwb', [
      response({ name: 'Series_10' }),
      response({ name: 'Series_9' }),
      stimulus({ name: 'StimulusSeries_9' }),
      stimulus({ name: 'StimulusSeries_10' }),
    ]);
    expect(summary.sweeps.map(({ sweep, name }) => `${sweep} ${name}`)).toEqual([
      '9 Series_9',
      '10 Series_10',
    ]);
    expect(summary.sweeps.every((sweep) => sweep.usable)).toBe(true);
  });

  it('rejects a voltage-clamp sweep and says why', async () => {
    const summary = await inspect('vc.nwb', [
      response({ type: 'VoltageClampSeries', unit: 'amperes' }),
      stimulus(),
    ]);
    expect(summary.sweeps[0]).toMatchObject({ mode: 'voltage-clamp', usable: false, voltageMv: null });
    expect(summary.sweeps[0]!.reason).toMatch(/^It was recorded in voltage clamp/);
    expect(summary.warnings[0]!.code).toBe('no-usable-sweep');
  });

  it('knows that an I = 0 sweep has no current', async () => {
    const recording = await openRecording(
      await writeNwb('izero.nwb', [response({ type: 'IZeroClampSeries' })]),
    );
    expect(recording.summary.sweeps[0]).toMatchObject({
      mode: 'i-zero',
      current: { kind: 'none', holdingPa: 0 },
    });
    expect((await recording.readSweep(0)).currentPa).toEqual(new Float32Array(3000));
    await recording.close();
  });

  it('says that the stimulus is missing instead of inventing one', async () => {
    const recording = await openRecording(await writeNwb('alone.nwb', [response()]));
    expect(recording.summary.sweeps[0]).toMatchObject({
      usable: false,
      current: { kind: 'none', holdingPa: null },
    });
    expect(recording.summary.warnings.map(({ code }) => code)).toContain('missing-stimulus');
    expect((await recording.readSweep(0)).currentPa).toBeNull();
    await recording.close();
  });

  it('cuts the NaN that fill a stopped sweep, and refuses NaN inside', async () => {
    const stopped = voltage.map((v, i) => (i >= 2800 ? Number.NaN : v));
    const cut = await inspect('stopped.nwb', [response({ data: stopped }), stimulus()]);
    expect(cut.sweeps[0]).toMatchObject({ usable: true, samples: 2800, durationMs: 280 });
    expect(cut.warnings.map(({ code }) => code)).toContain('cut-at-nan');
    const holed = await inspect('holed.nwb', [response({ data: voltage.with(9, Number.NaN) }), stimulus()]);
    expect(holed.sweeps[0]!.reason).toBe('Some of its voltage samples are not numbers.');
  });

  it('refuses values that no cell has, and a trace on which nothing was recorded', async () => {
    const wrong = await inspect('wrong.nwb', [response({ conversion: 1 }), stimulus()]);
    expect(wrong.sweeps[0]!.reason).toMatch(/so its unit must be wrong/);
    expect(wrong.warnings.map(({ code }) => code)).toContain('implausible-units');
    const flat = await inspect('flat.nwb', [response({ data: new Float32Array(3000) }), stimulus()]);
    expect(flat.sweeps[0]!.reason).toBe('Its voltage is 0 mV from beginning to end: nothing was recorded.');
  });

  it('gives the sweep of 0 pA in a family the family’s step', async () => {
    const summary = await inspect('family.nwb', [
      response(),
      stimulus(),
      response({ name: 'sweep_1_response', data: voltage.map((v, i) => -70 + 0.1 * Math.sin(v + i)) }),
      stimulus({ name: 'sweep_1_stimulus', data: new Float32Array(3000) }),
    ]);
    expect(summary.sweeps[1]).toMatchObject({
      usable: true,
      current: { steps: [{ startMs: 50, endMs: 250, amplitudePa: 0, relativePa: 0 }] },
    });
  });

  it('follows links into a file beside it, and says that its content lies there', async () => {
    const raw = await writeNwb('raw.nwb', [response(), stimulus()]);
    const path = await writeNwb('apart.nwb', [], '2.7.0', (file) => {
      const linked = (folder: string, name: string, to: string) =>
        (file.get(folder) as Group).create_external_link(to, `/${folder}/${name}`, name);
      linked('acquisition', 'sweep_0_response', 'raw.nwb');
      linked('stimulus/presentation', 'sweep_0_stimulus', 'D:\\lab\\raw.nwb');
    });
    const [there, here] = await Promise.all([openRecording(raw), openRecording(path)]);
    const [sweep, linked] = [await there.readSweep(0), await here.readSweep(0)];
    await Promise.all([there.close(), here.close()]);
    expect(linked).toEqual(sweep);
    expect(here.summary.sweeps[0]!.current).toEqual(there.summary.sweeps[0]!.current);
    const codes = (warnings: typeof here.summary.warnings) => warnings.map(({ code }) => code);
    expect(codes(here.summary.warnings)).toContain('samples-in-other-files');
    expect(codes(there.summary.warnings)).not.toContain('samples-in-other-files');
  });

  it('names the links to what is not there', async () => {
    const path = await writeNwb('links.nwb', [response(), stimulus()], '2.7.0', (file) => {
      const group = file.get('acquisition') as Group;
      group.create_external_link('elsewhere.nwb', '/acquisition/x', 'linked');
      group.create_soft_link('/nothing', 'broken');
    });
    const recording = await openRecording(path);
    await recording.close();
    expect(recording.summary.sweeps.map((sweep) => sweep.usable)).toEqual([true]);
    const warning = recording.summary.warnings.find(({ code }) => code === 'links-not-followed');
    expect(warning?.message).toContain(
      '/acquisition/broken (to nothing), /acquisition/linked (elsewhere.nwb)',
    );
  });

  it('refuses a sweep without a step, and a stimulus at another rate', async () => {
    const none = await inspect('none.nwb', [response(), stimulus({ data: new Float32Array(3000) })]);
    expect(none.sweeps[0]!.reason).toBe('Its current holds no rectangular step to measure during.');
    const other = await inspect('rate.nwb', [response(), stimulus({ rateHz: 20_000 })]);
    expect(other.sweeps[0]!.reason).toBe('Its stimulus is sampled at 20000 Hz and its response at 10000 Hz.');
  });

  it('refuses what is not there and what is not a file', async () => {
    const code = (path: string) =>
      openRecording(path).then(
        () => 'opened',
        (error: unknown) => (error instanceof AppError ? error.code : 'not coded'),
      );
    expect(await code('/nowhere/at-all.nwb')).toBe('file-not-found');
    expect(await code(import.meta.dirname)).toBe('file-unreadable');
  });

  it('refuses an unknown sweep and names those there are', async () => {
    const recording = await openRecording(await writeNwb('one.nwb', [response(), stimulus()]));
    await expect(recording.readSweep(7)).rejects.toMatchObject({
      code: 'not-found',
      remedy: 'Its sweeps are 0.',
    });
    await expect(recording.readSweep(0, { start: -1, count: 2 })).rejects.toMatchObject({ code: 'usage' });
    await recording.close();
    await expect(recording.readSweep(0)).rejects.toMatchObject({ code: 'usage' });
  });

  it('opens a file and a folder that cannot be written, and leaves the file as it was', async () => {
    const path = await writeNwb('read-only.nwb', [response(), stimulus()]);
    const folder = mkdtempSync(join(tmpdir(), 'chronaxie-read-only-'));
    const copy = join(folder, 'copy.nwb');
    copyFileSync(path, copy);
    chmodSync(copy, 0o444);
    chmodSync(folder, 0o555);
    const before = statSync(copy);
    try {
      const recording = await openRecording(copy);
      expect((await recording.readSweep(0)).voltageMv).toHaveLength(3000);
      await recording.close();
      expect(statSync(copy)).toMatchObject({ mtimeMs: before.mtimeMs, size: before.size });
      expect(readFileSync(copy).equals(readFileSync(path))).toBe(true);
      expect(readdirSync(folder)).toEqual(['copy.nwb']);
    } finally {
      chmodSync(folder, 0o755);
      rmSync(folder, { recursive: true });
    }
  });

  it('stops when it is cancelled, and when it takes too long', async () => {
    const path = await writeNwb('slow.nwb', [response(), stimulus()]);
    const cancel = new AbortController();
    const opening = openRecording(path, { signal: cancel.signal });
    cancel.abort();
    await expect(opening).rejects.toMatchObject({ code: 'cancelled' });
    await expect(openRecording(path, { timeLimitMs: 1 })).rejects.toMatchObject({
      code: 'file-unreadable',
      message: expect.stringContaining('came to nothing') as string,
    });
  });
});
