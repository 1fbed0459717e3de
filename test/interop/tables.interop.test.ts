import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openRecording } from '../../main/recording/recording.ts';
import { pythonEnvironment } from './python.ts';

const folder = mkdtempSync(join(tmpdir(), 'chronaxie-tables-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let written: { sweeps: number; samples: number; rateHz: number };
/** [2, sweeps, samples]: voltages in mV, currents in pA */
let there: Float64Array;
beforeAll(() => {
  written = pythonEnvironment().json('tables.py', folder);
  there = new Float64Array(Uint8Array.from(readFileSync(join(folder, 'samples.bin'))).buffer);
}, 600_000);

it.each(['matrix.h5', 'point.csv', 'comma.csv', 'tabs.tsv'])(
  'reads every sample of %s as it was written',
  async (name) => {
    const { sweeps, samples, rateHz } = written;
    const recording = await openRecording(join(folder, name));
    try {
      expect(recording.summary.sweeps.map(({ usable }) => usable)).toEqual(Array(sweeps).fill(true));
      let furthest = 0;
      for (const [i, { sweep }] of recording.summary.sweeps.entries()) {
        const data = await recording.readSweep(sweep);
        expect(data.rateHz).toBeCloseTo(rateHz, 3);
        for (const [values, from] of [
          [data.voltageMv, i * samples],
          [data.currentPa!, (sweeps + i) * samples],
        ] as const) {
          expect(values).toHaveLength(samples);
          values.forEach((value, at) => {
            const expected = there[from + at]!;
            // Single precision keeps 24 bits; the way through V and A rounds twice more.
            furthest = Math.max(furthest, Math.abs(value - expected) / Math.max(1, Math.abs(expected)));
          });
        }
      }
      expect(furthest).toBeLessThan(3 * 2 ** -24);
      console.log(
        `${name}: ${2 * sweeps * samples} samples, furthest ${furthest.toExponential(1)} of the value`,
      );
    } finally {
      await recording.close();
    }
  },
);
