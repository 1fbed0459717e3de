import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AbfBytes } from '../../main/recording/abf-bytes.ts';
import { readAbfHeader } from '../../main/recording/abf-file.ts';
import type { AbfHeader } from '../../main/recording/abf-header.ts';
import { AbfSamples } from '../../main/recording/abf-samples.ts';
import { AbfSeries } from '../../main/recording/abf-series.ts';
import { unitMeaning } from '../../main/recording/units.ts';
import { abf1, abf2, writeBytes, type AbfFixture } from '../unit/recording/abf-fixture.ts';
import { pythonEnvironment, type Python } from './python.ts';
import { variants } from './abf-variants.ts';

interface PyAbf {
  version: string;
  rateHz: number;
  names: string[];
  units: string[];
  outputNames: string[];
  outputUnits: string[];
  protocol: string;
  tags: [number, string][];
  holdingReplaced: boolean;
  /** Samples of the response and of the command, a channel and a sweep. */
  channels: [number, number][][];
}

const folder = mkdtempSync(join(tmpdir(), 'chronaxie-pyabf-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let python: Python;
beforeAll(() => {
  python = pythonEnvironment();
});

interface Counts {
  files: number;
  sweeps: number;
  samples: number;
  commands: number;
  /** Command samples that pyABF leaves undefined: the rest of a triangle train. */
  undefinedThere: number;
  holdingReplaced: number;
}

/** Reads files here and with pyABF and compares every number. */
function compare(paths: readonly string[]): Counts {
  const out = join(folder, 'samples.bin');
  const answers = python.json<PyAbf[]>('abf.py', out, ...paths);
  const bytes = readFileSync(out);
  let at = 0;
  const take = (size: number) => bytes.buffer.slice(bytes.byteOffset + at, bytes.byteOffset + (at += size));
  const counts = { files: 0, sweeps: 0, samples: 0, commands: 0, undefinedThere: 0, holdingReplaced: 0 };
  for (const [i, path] of paths.entries()) {
    const there = answers[i]!;
    const file = new AbfBytes(path);
    const here = readAbfHeader(file);
    compareHeaders(here, there, path);
    const samples = new AbfSamples(file, here);
    const series = new AbfSeries(here, samples);
    for (const [c, sweeps] of there.channels.entries()) {
      expect(sweeps.length, path).toBe(here.sweeps.length);
      for (const [s, [measured, commanded]] of sweeps.entries()) {
        const sweep = here.sweeps[s]!;
        const place = `${path}, channel ${c}, sweep ${s}`;
        expect(sweep.samples, place).toBe(measured);
        const y = new Float32Array(take(4 * measured));
        // pyABF multiplies 32-bit floats, we 64-bit ones: each of its three roundings is at most 6e-8 of the number
        expect(farthest(samples.read(here.channels[c]!, sweep, 0, measured), y), place).toBeLessThan(2.4e-7);
        counts.samples += measured;
        if (commanded > 0) {
          const command = new Float64Array(take(8 * commanded));
          const output = here.outputs[c]!;
          const factor = unitMeaning(output.unit)!.toInternal;
          const defined = series
            .read(series.output(output, s, 'current-clamp'), 0, commanded)
            .map((value, k) => (Number.isNaN(command[k]) ? Number.NaN : value / factor));
          // ours are 32-bit floats, in pA or mV, pyABF's 64-bit ones in the output's unit: three roundings of at most 6e-8
          expect(farthest(defined, command), `${place}, command`).toBeLessThan(1.8e-7);
          counts.commands += commanded;
          counts.undefinedThere += command.reduce((n, value) => n + Number(Number.isNaN(value)), 0);
        }
        counts.sweeps++;
      }
    }
    file.close();
    counts.files++;
    counts.holdingReplaced += Number(there.holdingReplaced);
  }
  expect(at).toBe(bytes.length);
  return counts;
}

function compareHeaders(here: AbfHeader, there: PyAbf, path: string): void {
  expect(Number(here.format.split(' ')[1]), path).toBeCloseTo(versionOf(there.version), 6);
  // pyABF cuts the rate to a whole number
  expect(Math.floor(here.rateHz * (1 + 1e-7)), path).toBe(there.rateHz);
  expect(
    here.channels.map(({ name }) => name || '?'),
    path,
  ).toEqual(there.names);
  expect(
    here.channels.map(({ unit }) => plain(unit) || '?'),
    path,
  ).toEqual(there.units);
  const n = there.outputNames.length;
  expect(
    here.outputs.slice(0, n).map(({ name }) => name),
    path,
  ).toEqual(there.outputNames);
  expect(
    here.outputs.slice(0, n).map(({ unit }) => plain(unit)),
    path,
  ).toEqual(there.outputUnits);
  expect(here.protocol || 'None', path).toBe(there.protocol);
  expect(
    here.tags.map(({ comment }) => comment),
    path,
  ).toEqual(there.tags.map(([, comment]) => comment));
  // pyABF rounds to 10 µs
  here.tags.forEach(({ timeS }, i) => expect(timeS, path).toBeCloseTo(there.tags[i]![0], 4));
}

/** «1.8.3.0» → 1.83; «1.2.9.9» is 1.3 as a 32-bit float, cut. */
function versionOf(text: string): number {
  const [major, ...rest] = text.split('.');
  return Number((Number(`${major}.${rest.join('')}`) + 1e-4).toFixed(2));
}

/** pyABF writes the µ of a unit as u. */
const plain = (unit: string) => unit.replace(/[µμ]/g, 'u');

/** The largest difference, as a share of the largest value; a place where both are undefined counts as equal. */
function farthest(here: Float32Array, there: Float32Array | Float64Array): number {
  let largest = 0;
  let worst = 0;
  for (let i = 0; i < there.length; i++) {
    const [a, b] = [here[i]!, there[i]!];
    largest = Math.max(largest, Math.abs(b) || 0);
    const away = Number.isNaN(a) && Number.isNaN(b) ? 0 : Math.abs(a - b);
    worst = Number.isNaN(away) ? Infinity : Math.max(worst, away);
  }
  return worst === 0 ? 0 : worst / largest;
}

const say = (what: string, counts: Counts) =>
  console.log(
    `pyABF 2.3.8, ${what}: ${counts.files} files, ${counts.sweeps} sweeps, ${counts.samples} samples and ${counts.commands} ` +
      `command samples agree (${counts.undefinedThere} undefined there; holding level taken from the header ${counts.holdingReplaced} times)`,
  );

describe('ABF files read here and by pyABF', () => {
  it('agree on every number of the recordings', () => {
    const recordings = join(import.meta.dirname, '../reference/data/recordings/abf');
    const names = ['18711001', 'File_axon_5', 'PYR2', 'opto_aps_bad_units'];
    const counts = compare(names.map((name) => join(recordings, `${name}.abf`)));
    say('recordings', counts);
    expect(counts.samples).toBe(30 * 30_000 + 9 * 20_000 + 2 * 13 * 20_000 + 3 * 400_000);
  });

  it.each([
    ['ABF 1', abf1],
    ['ABF 2', abf2],
  ] as const)('agree on every variant of %s that is written for the purpose', (version, write) => {
    const written = variants(version).map(([name, fixture]: [string, AbfFixture]) =>
      writeBytes(`${version} ${name}.abf`, write(fixture)),
    );
    const counts = compare(written);
    say(version, counts);
    expect(counts.files).toBe(written.length);
    expect(counts.commands).toBeGreaterThan(100_000);
  });
});
