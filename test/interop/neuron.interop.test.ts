import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { neuronFolder } from '../../main/export/neuron-folder.ts';
import { languageModels } from '../unit/simulate/language-models.ts';
import { builtInModels, cellOf, compiledTrace, largestDifference, plainTrace, spikeTimes } from './cells.ts';
import { fitted, type Fitted } from './fitted.ts';
import { pythonEnvironment, type Python } from './python.ts';

interface Replayed {
  sweep: number;
  spikes: number;
  spikeTimesMs: number[];
}
const dtMs = 0.025;
const builtIn = await builtInModels();

let python: Python;
const folder = mkdtempSync(join(tmpdir(), 'chronaxie-neuron-'));
const cells = [...builtIn, ...languageModels].map((model) => ({
  name: model.name,
  cell: cellOf(model, dtMs),
}));
beforeAll(async () => {
  python = pythonEnvironment();
  const compiled = join(folder, 'compiled');
  mkdirSync(compiled);
  for (const { name, cell } of cells) {
    const own = join(folder, name);
    mkdirSync(own);
    for (const file of await neuronFolder(cell)) {
      writeFileSync(join(own, file.name), file.bytes);
      if (file.name.endsWith('.mod')) writeFileSync(join(compiled, file.name), file.bytes);
    }
  }
  python.run('nrnivmodl', [], { cwd: compiled, timeoutMs: 500_000 });
  const architecture = readdirSync(compiled, { withFileTypes: true }).find((entry) => entry.isDirectory())!;
  for (const { name } of cells)
    symlinkSync(join(compiled, architecture.name), join(folder, name, architecture.name));
}, 600_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function replay(cwd: string, ...options: string[]): Replayed[] {
  return JSON.parse(python.run('python', ['run.py', ...options], { cwd })) as Replayed[];
}

describe('models at their reference values, in NEURON', () => {
  it.each(cells)('$name has our voltages at the same time step', ({ name, cell }) => {
    const own = join(folder, name);
    const [{ spikeTimesMs }] = replay(own, '--out', 'out') as [Replayed];
    const lines = readFileSync(join(own, 'out/sweep-1.csv'), 'utf8').trimEnd().split('\n').slice(1);
    const ours = plainTrace(cell);
    const theirs = lines.map((line) => Number(line.split(',')[1]));
    expect(theirs).toHaveLength(ours.length);
    const worst = ours.reduce((most, v, i) => Math.max(most, Math.abs(v - theirs[i]!)), 0);
    const difference = largestDifference(spikeTimes(compiledTrace(cell), dtMs), spikeTimesMs);
    console.log(`${name}: ${spikeTimesMs.length} spikes, ${difference.toFixed(4)} ms, ${worst.toExponential(1)} mV`);
    // Rounding: its growth in 10,400 steps, and nine digits in the file.
    expect(worst).toBeLessThan(1e-3);
    expect(difference).toBeLessThan(0.1);
    if (builtIn.some((model) => model.name === name)) expect(spikeTimesMs.length).toBeGreaterThan(2);
  }); // prettier-ignore

  it('fires at the same times with a variable step, but for the error of ours', () => {
    const small = cellOf(
      builtIn.find(({ name }) => name === 'hh8')!,
      0.005,
    );
    const [{ spikeTimesMs }] = replay(join(folder, 'hh8'), '--variable-step') as [Replayed];
    expect(largestDifference(spikeTimes(plainTrace(small), 0.005), spikeTimesMs)).toBeLessThan(0.1);
  });

  it('is noisy on request, by its seed', () => {
    const of = (seed: string) => replay(join(folder, 'hh8'), '--noise', seed)[0]!.spikeTimesMs;
    expect(of('1')).toEqual(of('1'));
    expect(of('1')).not.toEqual(of('2'));
    expect(of('1')).not.toEqual(replay(join(folder, 'hh8'))[0]!.spikeTimesMs);
  });
});

describe('a fitted run, in NEURON', () => {
  let run: Fitted;
  let cell: string;
  beforeAll(() => {
    run = fitted();
    cell = join(run.folder, 'cell');
    run.chronaxie('export', run.summary.id, '--format', 'neuron', '--out', cell);
    python.run('nrnivmodl', [], { cwd: cell });
  });
  afterAll(() => rmSync(run.folder, { recursive: true, force: true }));

  const ours = (draw: number | null): number[] => {
    const { parameters } = run.summary;
    const names = parameters.map(({ name }) => name);
    const samples = readFileSync(join(run.out, 'posterior-samples.csv'), 'utf8').split('\n');
    const row = draw === null ? parameters.map(({ map }) => map) : samples[draw + 1]!.split(',').map(Number);
    // Without noise: NEURON's numbers are others.
    const values = row.map((value, i) => (names[i] === 'sigma' ? 0 : value));
    const [params, out] = [join(run.folder, 'params.csv'), join(run.folder, 'trace.csv')];
    writeFileSync(params, `${names.join(',')}\n${values.join(',')}\n`);
    const protocol = join(run.folder, 'protocol.json');
    const about = JSON.parse(readFileSync(join(cell, 'cell.json'), 'utf8')) as {
      sweeps: { dtMs: number; durationMs: number; initialMv: number }[];
    };
    const { dtMs, durationMs, initialMv } = about.sweeps[0]!;
    const steps = readFileSync(join(cell, 'protocol.csv'), 'utf8').trimEnd().split('\n').slice(1).map((line) => line.split(',').map(Number)); // prettier-ignore
    const stimulus = steps.map(([, startMs, uAPerCm2], i) => ({ startMs, endMs: steps[i + 1]?.[1] ?? durationMs, uAPerCm2 })); // prettier-ignore
    writeFileSync(protocol, JSON.stringify({ dtMs, durationMs, initialMv, stimulus }));
    const model = ['--model', 'hh8', '--params', params, '--protocol', protocol];
    run.chronaxie('simulate', ...model, '--out', out, '--precision', 'f64');
    const lines = readFileSync(out, 'utf8').trimEnd().split('\n').slice(1);
    return spikeTimes(lines.map((line) => Number(line.split(',')[1])), dtMs); // prettier-ignore
  };

  it.each([null, 0, 7])('replays the sweep with the spikes of chronaxie simulate (draw %s)', (draw) => {
    const [{ spikeTimesMs, sweep }] = replay(cell, ...(draw === null ? [] : ['--draw', String(draw)])) as [Replayed]; // prettier-ignore
    const difference = largestDifference(ours(draw), spikeTimesMs);
    console.log(`draw ${draw ?? 'MAP'}: ${spikeTimesMs.length} spikes, ${difference.toFixed(4)} ms`);
    expect(sweep).toBe(run.summary.recording!.sweeps[0]);
    expect(difference).toBeLessThan(0.1);
  });

  it('is one archive where a .zip is asked for', () => {
    const archive = join(run.folder, 'cell.zip');
    run.chronaxie('export', run.summary.id, '--format', 'neuron', '--out', archive);
    const names = python.run('python', ['-m', 'zipfile', '-l', archive]);
    expect(names).toContain(`${run.summary.id}-neuron/chx_hh8.mod`);
    expect(names).toContain(`${run.summary.id}-neuron/posterior-samples.csv`);
  });
});
