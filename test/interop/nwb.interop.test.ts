import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openNwb } from '../../main/recording/nwb.ts';
import type { FileSweep } from '../../main/recording/recording-file.ts';
import { commonSamples, readSweepData } from '../../main/recording/sweep-reader.ts';
import { pythonEnvironment, type Python } from './python.ts';

interface PyNwbSweep {
  response: string;
  stimulus: string | null;
  start: number;
  count: number;
  rateHz: number;
  electrode: string | null;
  number: number | null;
  izero: boolean;
}

interface PyNwbFile {
  path: string;
  version: string;
  sweeps: PyNwbSweep[];
}

const folder = mkdtempSync(join(tmpdir(), 'chronaxie-pynwb-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let python: Python;
beforeAll(() => {
  python = pythonEnvironment();
});

const counts = { files: 0, sweeps: 0, samples: 0, commands: 0 };

/** Opens one file here and compares each sweep with what PyNWB (or, of NWB 1, h5py) read. */
async function compare(there: PyNwbFile, take: (samples: number) => Float64Array): Promise<void> {
  const file = await openNwb(there.path);
  try {
    expect(file.format, there.path).toMatch(`NWB ${there.version}`);
    const clamped = file.sweeps.filter(({ mode }) => mode !== 'voltage-clamp');
    expect(clamped.length, there.path).toBe(there.sweeps.length);
    for (const sweep of there.sweeps) {
      const place = `${there.path}, ${sweep.response}`;
      const here = clamped.find(
        ({ response, start, count }) =>
          response.path === sweep.response && start === sweep.start && count === sweep.count,
      );
      expect(here, place).toBeDefined();
      compareSweep(here!, sweep, place);
      const { voltageMv, currentPa } = readSweepData(file, here!, commonSamples(here!));
      expectSame(voltageMv, take(sweep.count), 1e3, place);
      if (sweep.stimulus !== null) expectSame(currentPa!, take(sweep.count), 1e12, `${place}: its stimulus`);
      else if (sweep.izero) expect(currentPa!.every((pa) => pa === 0)).toBe(true);
      else expect(currentPa, place).toBeNull();
      counts.sweeps++;
      counts.samples += sweep.count;
      if (sweep.stimulus !== null) counts.commands += sweep.count;
    }
    counts.files++;
  } finally {
    file.close();
  }
}

function compareSweep(here: FileSweep, there: PyNwbSweep, place: string): void {
  expect(here.stimulus?.series.path ?? null, place).toBe(there.stimulus);
  expect(here.response.electrode, place).toBe(there.electrode);
  expect(here.response.sweepNumber, place).toBe(there.number);
  // rates are made whole when they miss a whole number by less than 1e-6
  expect(Math.abs(here.response.rateHz / there.rateHz - 1), place).toBeLessThan(1e-6);
}

/** Ours are 32-bit floats of the same 64-bit product: half a unit in the last place, 6e-8, and 1e-9 for zero crossings. */
function expectSame(here: Float32Array, there: Float64Array, factor: number, place: string): void {
  expect(here.length, place).toBe(there.length);
  const wrong = there.findIndex((value, i) => {
    const expected = value * factor;
    return !(Math.abs(here[i]! - expected) <= 6e-8 * Math.abs(expected) + 1e-9);
  });
  expect(wrong, `${place}: sample ${wrong} is ${here[wrong]}, there ${there[wrong]! * factor}`).toBe(-1);
}

async function compareAll(script: string): Promise<void> {
  const out = join(folder, 'samples.bin');
  const files = python.json<PyNwbFile[]>(script, folder, out);
  const bytes = readFileSync(out);
  let at = bytes.byteOffset;
  const take = (samples: number) => {
    const values = new Float64Array(bytes.buffer.slice(at, at + 8 * samples));
    at += 8 * samples;
    return values;
  };
  for (const file of files) await compare(file, take);
  expect(at).toBe(bytes.byteOffset + bytes.byteLength);
}

describe('NWB files', () => {
  it('are read as PyNWB reads them, number by number, in every variant', async () => {
    await compareAll('nwb.py');
    console.log(
      `${counts.files} files, ${counts.sweeps} sweeps, ${counts.samples} voltages and ${counts.commands} currents are PyNWB’s`,
    );
  });
});
