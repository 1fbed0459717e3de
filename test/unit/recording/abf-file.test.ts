import { readFileSync, statSync, truncateSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openRecording } from '../../../main/recording/recording.ts';
import { abf1, abf2, writeBytes, type AbfFixture } from './abf-fixture.ts';

/** Three sweeps of 1280 samples at 10 kHz: a step of 50, 100 and 150 pA during samples 20–819. */
const SAMPLES = 1280;
const steps: AbfFixture = {
  episodes: 3,
  channels: [{ unit: 'mV', instrumentScale: 0.01 }],
  outputs: [{ unit: 'pA', holding: -10, epochs: [{ type: 1, level: 50, levelStep: 50, duration: 800 }] }],
  data: Int16Array.from({ length: 3 * SAMPLES }, (_, i) => -2000 - (i % 50)),
  protocol: String.raw`C:\Params\three steps.pro`,
};
/** 10 V in 32768 steps at 10 mV/mV */
const STEP_MV = 10 / 32768 / 0.01;

async function inspect(name: string, bytes: Uint8Array) {
  const recording = await openRecording(writeBytes(name, bytes));
  await recording.close();
  return recording.summary;
}

describe.each([
  ['ABF 1', abf1, 'ABF 1.83'],
  ['ABF 2', abf2, 'ABF 2.6'],
])('an %s file', (version, write, format) => {
  const name = (what: string) => `${version}-${what}.abf`;

  it('is read as sweeps in mV with their command in pA, any stretch of them', async () => {
    const path = writeBytes(name('steps'), write(steps));
    const before = readFileSync(path);
    const recording = await openRecording(path);
    const { summary } = recording;
    expect(summary).toMatchObject({ format, protocol: 'three steps' });
    expect(
      summary.sweeps.map(({ name, usable, samples, rateHz }) => [name, usable, samples, rateHz]),
    ).toEqual([
      ['Sweep 0', true, SAMPLES, 10_000],
      ['Sweep 1', true, SAMPLES, 10_000],
      ['Sweep 2', true, SAMPLES, 10_000],
    ]);
    expect(summary.sweeps[2]!.current).toEqual({
      kind: 'command',
      holdingPa: -10,
      steps: [{ startMs: 2, endMs: 82, amplitudePa: 150, relativePa: 160 }],
    });
    const { voltageMv, currentPa } = await recording.readSweep(1, { start: 18, count: 4 });
    // samples 1298 … 1301 of the file, whose stored numbers are −2000 − i mod 50
    [48, 49, 0, 1].forEach((stored, i) => expect(voltageMv[i]).toBeCloseTo((-2000 - stored) * STEP_MV, 4));
    expect(Array.from(currentPa!)).toEqual([-10, -10, 100, 100]);
    await recording.close();
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it('multiplies every gain of the way from the cell to the digitiser, and both offsets', async () => {
    const channel = {
      instrumentScale: 0.02,
      instrumentOffset: 3,
      signalGain: 5,
      signalOffset: 1,
      programmableGain: 2,
      telegraph: { instrument: 24, mode: 1, gain: 10 },
    };
    const recording = await openRecording(
      writeBytes(name('gains'), write({ ...steps, channels: [channel] })),
    );
    const { voltageMv } = await recording.readSweep(0);
    await recording.close();
    // −2000 · 10 V/32768 / (0.02 · 5 · 2 · 10) + 3 − 1
    expect(voltageMv[0]).toBeCloseTo((-2000 * 10) / 32768 / 2 + 2, 5);
  });

  it('reads 32-bit floats as they are', async () => {
    const data = Float32Array.from({ length: 3 * SAMPLES }, (_, i) => -60 - (i % 7));
    const recording = await openRecording(writeBytes(name('floats'), write({ ...steps, data })));
    expect(Array.from((await recording.readSweep(1)).voltageMv)).toEqual(
      Array.from(data.slice(SAMPLES, 2 * SAMPLES)),
    );
    await recording.close();
  });

  it('takes channels that share the samples apart, whatever their numbers', async () => {
    const channels = [
      { number: 3, name: 'Im', unit: 'nA', instrumentScale: 1 },
      { number: 1, name: 'Vm', unit: 'mV', instrumentScale: 0.01 },
    ];
    const data = Int16Array.from({ length: 2 * SAMPLES }, (_, i) => (i % 2 === 0 ? 100 : -2000 - (i % 50)));
    const written = write({ ...steps, episodes: 1, channels, data, outputs: [{ unit: 'mV', epochs: [] }] });
    const recording = await openRecording(writeBytes(name('two'), written));
    const { voltageMv, currentPa } = await recording.readSweep(0);
    await recording.close();
    expect(voltageMv[1]).toBeCloseTo(-2003 * STEP_MV, 4);
    // 100 · 10 V/32768 / (1 V/nA), in pA
    expect(currentPa![0]).toBeCloseTo((100 * 10 * 1000) / 32768, 3);
  });

  it('is one sweep at its holding level where it was recorded without gaps', async () => {
    const { sweeps } = await inspect(name('gap-free'), write({ ...steps, mode: 3, episodes: 77 }));
    expect(sweeps).toHaveLength(1);
    expect(sweeps[0]).toMatchObject({
      samples: 3 * SAMPLES,
      current: { holdingPa: -10, steps: [] },
    });
    expect(sweeps[0]!.reason).toBe('Its current holds no rectangular step to measure during.');
  });

  it('reads events of different lengths one by one', async () => {
    const lengths = [600, 1000, 2240];
    const synch = lengths.map((length, i): [number, number] => [i * 50_000, length]);
    const recording = await openRecording(
      writeBytes(name('events'), write({ ...steps, mode: 1, synch, synchUnitUs: 100 })),
    );
    expect(recording.summary.sweeps.map(({ samples }) => samples)).toEqual(lengths);
    const { voltageMv } = await recording.readSweep(2, { start: 1, count: 1 });
    expect(voltageMv[0]).toBeCloseTo((-2000 - (1601 % 50)) * STEP_MV, 4);
    await recording.close();
  });

  it('reads no further than its samples where the lengths of its events claim more', async () => {
    const synch = [600, 1000, 2260].map((length, i): [number, number] => [i * 50_000, length]);
    const recording = await openRecording(
      writeBytes(name('too-long'), write({ ...steps, mode: 1, synch, synchUnitUs: 100 })),
    );
    expect(recording.summary.sweeps.map(({ samples }) => samples)).toEqual([600, 1000, 2240]);
    const { voltageMv } = await recording.readSweep(2);
    expect(Math.max(...voltageMv)).toBeLessThan(-1900 * STEP_MV);
    await recording.close();
  });

  it('refuses events whose lengths were cut off with the end of the file', async () => {
    const cut = writeBytes(
      name('lost'),
      write({
        ...steps,
        mode: 1,
        synch: [
          [0, 600],
          [9, 1000],
          [99, 2240],
        ],
      }),
    );
    truncateSync(cut, statSync(cut).size - 1400);
    await expect(openRecording(cut)).rejects.toMatchObject({ code: 'file-unreadable' });
  });

  it('tells the tags with their times and sweeps, and the channels that it leaves out', async () => {
    const data = Int16Array.from({ length: 6 * SAMPLES }, (_, i) => -2000 - (i % 50));
    const { warnings } = await inspect(
      name('tags'),
      write({
        ...steps,
        channels: [{ unit: 'mV' }, { name: 'Temp', unit: 'deg C' }],
        data,
        synchUnitUs: 50,
        synch: [
          [0, 2560],
          [20_000, 2560],
          [40_000, 2560],
        ],
        tags: [[22_000, '+TTX']],
      }),
    );
    expect(warnings.find(({ code }) => code === 'tags')!.message).toContain('“+TTX” at 1.1 s, sweep 1');
    expect(warnings.find(({ code }) => code === 'channels-left-out')!.message).toContain('Temp (deg C)');
  });

  it.each([
    [
      'stimulus file',
      { outputs: [{ ...steps.outputs![0]!, source: 2, file: String.raw`D:\noise.atf` }] },
      /noise\.atf/,
    ],
    ['user list', { userListFor: 0 }, /user list/],
    ['unknown epoch', { outputs: [{ unit: 'pA', epochs: [{ type: 6, level: 5, duration: 9 }] }] }, /epoch/],
  ])('says that a command from a %s cannot be rebuilt', async (what, change, reason) => {
    const { sweeps } = await inspect(name(what), write({ ...steps, ...change }));
    expect(sweeps[0]).toMatchObject({ usable: false, current: { kind: 'none' } });
    expect(sweeps[0]!.reason).toMatch(reason);
  });

  it('does not mind a user list that varies the time between sweeps', async () => {
    const { sweeps } = await inspect(
      name('interval-list'),
      write({ ...steps, userListFor: 0, userListVaries: 7 }),
    );
    expect(sweeps[2]).toMatchObject({ usable: true, current: { steps: [{ amplitudePa: 150 }] } });
  });

  it('refuses voltage clamp and says why', async () => {
    const clamp = { ...steps, channels: [{ unit: 'pA' }], outputs: [{ unit: 'mV', epochs: [] }] };
    const { sweeps } = await inspect(name('clamp'), write(clamp));
    expect(sweeps[0]).toMatchObject({ mode: 'voltage-clamp', usable: false });
    expect(sweeps[0]!.reason).toMatch(/recorded in voltage clamp/);
  });

  it('says which sweeps a truncated file has lost, and gives no zeros for them', async () => {
    const path = writeBytes(name('cut'), write({ ...steps, tags: [] }));
    const start = statSync(path).size - 3 * SAMPLES * 2;
    truncateSync(path, start + 2 * SAMPLES * 2);
    const recording = await openRecording(path);
    expect(recording.summary.sweeps.map(({ usable }) => usable)[0]).toBe(true);
    expect(recording.summary.sweeps[2]).toMatchObject({ usable: false, voltageMv: null });
    expect(recording.summary.sweeps[2]!.reason).toMatch(/truncated/);
    await recording.close();
  });

  it('refuses sizes that no file has, at once', async () => {
    const huge = write({ ...steps, episodes: 2_000_000_000 });
    const rejects = async (what: string, bytes: Uint8Array) =>
      expect(openRecording(writeBytes(name(what), bytes))).rejects.toMatchObject({ code: 'file-unreadable' });
    const before = performance.now();
    await rejects('huge', huge);
    await rejects('head', huge.slice(0, 100));
    await rejects('zero-rate', write({ ...steps, intervalUs: 0 }));
    await rejects('mode', write({ ...steps, mode: 99 }));
    await rejects('no-samples', write({ ...steps, data: new Int16Array(0) }));
    // five threads are started and ended; nothing is allocated
    expect(performance.now() - before).toBeLessThan(5000);
  });
});

describe('an ABF 1 file from before version 1.6', () => {
  it('is read with its short header and its one waveform', async () => {
    const { format, sweeps } = await inspect('old.abf', abf1({ ...steps, version: 1.3 }));
    expect(format).toBe('ABF 1.3');
    expect(sweeps[1]!.current.steps).toMatchObject([{ startMs: 2, endMs: 82, amplitudePa: 100 }]);
    const listed = await inspect('old-list.abf', abf1({ ...steps, version: 1.3, userListFor: 0 }));
    expect(listed.sweeps[1]!.reason).toMatch(/user list/);
  });
});

it.each([1.3, 1.83])('refuses an ABF %s file whose samples begin inside its header', async (version) => {
  const bytes = abf1({ ...steps, version });
  new DataView(bytes.buffer, bytes.byteOffset).setInt32(40, 3, true); // block 3 of 512 bytes: byte 1536
  await expect(openRecording(writeBytes(`inside-${version}.abf`, bytes))).rejects.toMatchObject({
    code: 'file-unreadable',
    message: expect.stringContaining('its samples begin inside its header') as string,
  });
});

describe('a channel that kept voltage clamp’s unit', () => {
  it('gets the factor that its amplifier’s gain suggests', async () => {
    // 0.5 mV/pA, while the MultiClamp in current clamp gave 10·V_m: −70 mV are −0.7 V at the digitiser
    const channel = { unit: 'pA', instrumentScale: 0.0005, telegraph: { instrument: 24, mode: 1, gain: 1 } };
    const data = Int16Array.from(
      { length: 3 * SAMPLES },
      (_, i) => Math.round((-0.7 * 32768) / 10) - (i % 3),
    );
    const path = writeBytes('mislabelled.abf', abf2({ ...steps, channels: [channel], data }));
    const stated = await openRecording(path);
    await stated.close();
    expect(stated.summary.sweeps[0]).toMatchObject({ mode: 'current-clamp', usable: false });
    expect(stated.likelyUnits.voltageFactor).toBe(0.05);
    const mended = await openRecording(path, {
      reading: { voltageFactor: 0.05, currentFactor: null, givenStep: null, mapping: null },
    });
    await mended.close();
    expect(mended.summary.sweeps[0]).toMatchObject({ usable: true });
    // 0.03 mV: a step of the digitiser
    expect(mended.summary.sweeps[0]!.voltageMv!.max).toBeCloseTo(-70, 1);
  });
});
