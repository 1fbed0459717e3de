import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runningMedian } from '../../../main/recording/running-median.ts';
import { openRecording } from '../../../main/recording/recording.ts';
import { minMaxColumns, traceView } from '../../../main/recording/trace-view.ts';
import { median } from '../../../main/numeric/statistics.ts';
import { passiveVoltage, stepCurrent, writeNwb } from './nwb-fixture.ts';

describe('minMaxColumns', () => {
  it('keeps the extremes of every stretch', () => {
    const { min, max } = minMaxColumns(new Float32Array([1, 5, -3, 0, 2, 2]), 1, 0, 6, 3);
    expect([Array.from(min), Array.from(max)]).toEqual([
      [1, -3, 2],
      [5, 0, 2],
    ]);
  });

  it('loses no peak at any width', () => {
    fc.assert(
      fc.property(
        fc.float32Array({ minLength: 1, maxLength: 300, noNaN: true, noDefaultInfinity: true }),
        fc.integer({ min: 1, max: 40 }),
        (values, columns) => {
          const { min, max } = minMaxColumns(values, 0.05, 0, values.length * 0.05, columns);
          const known = (x: Float32Array) => x.filter((v) => !Number.isNaN(v));
          expect(Math.max(...known(max))).toBe(Math.max(...values));
          expect(Math.min(...known(min))).toBe(Math.min(...values));
        },
      ),
      { seed: 3, numRuns: 200 },
    );
  });

  it('repeats the last sample in columns finer than the sampling, and is NaN beyond the end', () => {
    const { max } = minMaxColumns(new Float32Array([7, 8]), 1, 0, 4, 8);
    expect(Array.from(max)).toEqual([7, 7, 8, Number.NaN, Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
  });
});

describe('traceView', () => {
  it('decimates a long stretch, gives every sample of a short one, and refuses an impossible one', async () => {
    const current = stepCurrent(4000, 50, 250, 100);
    const voltage = passiveVoltage(current, 100, 10);
    voltage[1234] = 40;
    const path = await writeNwb('view.nwb', [
      { name: 's_0', type: 'CurrentClampSeries', unit: 'mV', data: voltage, rateHz: 10_000 },
      {
        folder: 'stimulus/presentation',
        name: 's_0',
        type: 'CurrentClampStimulusSeries',
        unit: 'pA',
        data: current,
        rateHz: 10_000,
      },
    ]);
    const recording = await openRecording(path);
    const [wide] = await traceView(
      { sweeps: recording.summary.sweeps, readSweep: recording.readSweep },
      [0],
      0,
      400,
      50,
    );
    expect(wide!.timeMs).toHaveLength(50);
    expect(Math.max(...wide!.voltageMaxMv)).toBe(40);
    expect(wide!.voltageMaxMv[Math.floor(1234 / 80)]).toBe(40);
    expect(wide!.timeMs[1]).toBeCloseTo(8, 5);
    const [close] = await traceView(
      { sweeps: recording.summary.sweeps, readSweep: recording.readSweep },
      [0],
      123,
      124,
      50,
    );
    expect(close!.timeMs).toHaveLength(11);
    expect(close!.timeMs[4]).toBeCloseTo(123.4, 4);
    expect(close!.voltageMinMv[4]).toBe(40);
    expect(close!.currentMinPa[0]).toBe(100);
    await expect(
      traceView({ sweeps: recording.summary.sweeps, readSweep: recording.readSweep }, [0], 20, 10, 50),
    ).rejects.toMatchObject({ code: 'usage' });
    await recording.close();
  });
});

describe('runningMedian', () => {
  it('is the median of each neighbourhood, cut at the ends', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 8 }),
        (values, half) => {
          const smooth = runningMedian(Float32Array.from(values), 2 * half + 1);
          values.forEach((_, i) =>
            expect(smooth[i]).toBe(median(values.slice(Math.max(0, i - half), i + half + 1))),
          );
        },
      ),
      { seed: 4, numRuns: 100 },
    );
  });
});
