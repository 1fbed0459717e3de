import { describe, expect, it } from 'vitest';
import { asStated, givenStepSchema } from '../../../main/contract/recording.ts';
import { openRecording } from '../../../main/recording/recording.ts';
import { abf2, writeBytes, type AbfFixture } from './abf-fixture.ts';
import { passiveVoltage, stepCurrent, writeNwb } from './nwb-fixture.ts';

const givenStep = { startMs: 50, endMs: 250, amplitudePa: 100, incrementPa: 20 };
const reading = { ...asStated, givenStep };

describe('a step that is given where the file holds no stimulus', () => {
  it('makes a response alone usable, and is read as its command', async () => {
    const current = stepCurrent(3000, 50, 250, 100);
    const data = passiveVoltage(current, 100, 10);
    const common = { type: 'CurrentClampSeries', unit: 'volts', data, conversion: 1e-3, rateHz: 10_000 };
    const path = await writeNwb('alone.nwb', [
      { ...common, name: 'sweep_0' },
      { ...common, name: 'sweep_1' },
    ]);
    const recording = await openRecording(path, { reading });
    expect(recording.summary.sweeps.map(({ usable, current }) => [usable, current.kind])).toEqual([
      [true, 'command'],
      [true, 'command'],
    ]);
    expect(recording.summary.sweeps[1]!.current.steps).toEqual([
      { startMs: 50, endMs: 250, amplitudePa: 120, relativePa: 120 },
    ]);
    const { currentPa } = await recording.readSweep(0, { start: 498, count: 4 });
    expect(Array.from(currentPa!)).toEqual([0, 0, 100, 100]);
    expect(recording.summary.warnings.map(({ code }) => code)).not.toContain('missing-stimulus');
    await recording.close();
  });

  it('leaves sweeps alone that have a stimulus, and those of voltage clamp', async () => {
    const data = Int16Array.from({ length: 6000 }, (_, i) => -2000 - (i % 50));
    const own: AbfFixture = {
      episodes: 2,
      channels: [{ unit: 'mV' }],
      outputs: [{ epochs: [{ type: 1, level: 70, duration: 1000 }] }],
      data,
    };
    const held = await openRecording(writeBytes('own.abf', abf2(own)), { reading });
    expect(held.summary.sweeps[0]!.current.steps[0]!.amplitudePa).toBe(70);
    await held.close();
    const clamp = { ...own, channels: [{ unit: 'pA' }], outputs: [{ unit: 'mV' }] };
    const refused = await openRecording(writeBytes('clamp.abf', abf2(clamp)), { reading });
    expect(refused.summary.sweeps[0]!.reason).toMatch(/voltage clamp/);
    await refused.close();
  });

  it('stands in for a command that came from a file, which the warning asks for', async () => {
    const lost: AbfFixture = {
      episodes: 2,
      channels: [{ unit: 'mV' }],
      outputs: [{ source: 2, file: String.raw`D:\noise.atf` }],
      data: Int16Array.from({ length: 6000 }, (_, i) => -2000 - (i % 50)),
    };
    const path = writeBytes('lost.abf', abf2(lost));
    const asked = await openRecording(path);
    const warning = asked.summary.warnings.find(({ code }) => code === 'missing-stimulus')!;
    expect(warning.message).toMatch(
      /^Sweeps 0–1: Its stimulus cannot be read: the command Cmd 0 was played from a stimulus file, noise\.atf/,
    );
    expect(warning.remedy).toMatch(/cell\.givenStep/);
    await asked.close();
    const mended = await openRecording(path, { reading });
    expect(mended.summary.sweeps.map(({ current }) => current.steps[0]!.amplitudePa)).toEqual([100, 120]);
    await mended.close();
  });

  it('must end after it begins', () => {
    expect(givenStepSchema.safeParse({ ...givenStep, endMs: 50 }).success).toBe(false);
    expect(givenStepSchema.parse({ startMs: 0, endMs: 1, amplitudePa: 5 }).incrementPa).toBe(0);
  });
});
