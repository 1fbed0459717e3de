import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { neuromlFolder } from '../../main/export/neuroml-folder.ts';
import { languageModels } from '../unit/simulate/language-models.ts';
import { builtInModels, cellOf, largestDifference, plainTrace, spikeTimes } from './cells.ts';
import { fitted, type Fitted } from './fitted.ts';
import { pythonEnvironment, type Python } from './python.ts';

/** The time steps of the simulation files. */
const channelsDtMs = 0.001;
const componentDtMs = 0.0005;
const builtIn = await builtInModels();
/** These have no form among NeuroML's channels: jNeuroML runs them itself. */
const components = ['adex', 'izhikevich', 'pinsky-rinzel'];
const cells = builtIn.map((model) => {
  const dtMs = components.includes(model.name) ? componentDtMs : channelsDtMs;
  return { name: model.name, cell: cellOf(model, dtMs, 100) };
});
const own = ['two-compartments', 'refractory-integrate-and-fire', 'spikes-of-coupled-states'];

let python: Python;
const folder = mkdtempSync(join(tmpdir(), 'chronaxie-neuroml-'));
beforeAll(() => {
  python = pythonEnvironment();
  requireJava();
}, 600_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Machines of the tests have apt and no Java; elsewhere somebody has to install one. */
function requireJava(): void {
  try {
    execFileSync('java', ['-version'], { stdio: 'ignore' });
  } catch {
    execFileSync('apt-get', ['update'], { stdio: 'ignore' });
    execFileSync('apt-get', ['install', '-y', '-q', 'default-jre-headless'], { stdio: 'inherit' });
  }
}

type Cell = Parameters<typeof neuromlFolder>[0];

function write(name: string, cell: Cell): string {
  const at = join(folder, name);
  mkdirSync(at);
  for (const file of neuromlFolder(cell)) writeFileSync(join(at, file.name), file.bytes);
  return at;
}
const table = (path: string): number[][] =>
  readFileSync(path, 'utf8').trimEnd().split('\n').map((line) => line.trim().split(/\s+/).map(Number)); // prettier-ignore

/** jNeuroML's translation, solved by NEURON's CVode: the times of the peaks, ms. */
function throughNeuron(at: string, sweep = 1): number[] {
  python.run('pynml', [`LEMS_sweep${sweep}.xml`, '-neuron', '-nogui'], { cwd: at });
  python.run('nrnivmodl', [], { cwd: at });
  python.run('python', [`LEMS_sweep${sweep}_nrn.py`], { cwd: at });
  const rows = table(join(at, `sweep${sweep}.dat`));
  return spikeTimes(rows.map(([, volts]) => 1e3 * volts!), 1).map((i) => 1e3 * rows[i]![0]!); // prettier-ignore
}
/** jNeuroML alone: the times of its spike events, ms. */
function byItself(at: string): number[] {
  python.run('pynml', ['LEMS_sweep1.xml', '-nogui'], { cwd: at });
  return table(join(at, 'sweep1.spikes')).map(([seconds]) => 1e3 * seconds!);
}
/** When our voltage rises through −20 mV, or is reset. */
function spikesOf(cell: Cell): number[] {
  const trace = plainTrace(cell);
  const { dtMs } = cell.sweeps[0]!.protocol;
  if (cell.model.spike) return spikeTimes(trace, dtMs);
  const rises = [...trace.keys()].filter((i) => i > 0 && trace[i - 1]! < -20 && trace[i]! >= -20);
  return rises.map((i) => i * dtMs);
}

const named = (name: string) => cells.find((cell) => cell.name === name)!.cell;
const said = (name: string, spikes: readonly number[], difference: number, by: string): void =>
  console.log(`${name}: ${spikes.length} spikes, ${difference.toFixed(4)} ms (${by})`);

describe('models of channels, translated by jNeuroML and solved by NEURON', () => {
  it.each(cells.filter(({ name }) => !components.includes(name)))('$name fires when ours does', ({ name, cell }) => {
    const spikes = throughNeuron(write(name, cell));
    const difference = largestDifference(spikeTimes(plainTrace(cell), channelsDtMs), spikes);
    said(name, spikes, difference, 'CVode');
    expect(spikes.length).toBeGreaterThan(0);
    expect(difference).toBeLessThan(0.1);
  }); // prettier-ignore
});

describe('models that are components of their own, in jNeuroML', () => {
  it.each(components)('%s fires when ours does', (name) => {
    const cell = named(name);
    const spikes = byItself(write(name, cell));
    const difference = largestDifference(spikesOf(cell), spikes);
    said(name, spikes, difference, 'forward Euler, dt 0.0005 ms');
    expect(spikes.length).toBeGreaterThan(0);
    expect(difference).toBeLessThan(0.1);
  });

  it.each(own)('%s, made of other parts of the language, does so too', (name) => {
    const cell = cellOf(
      languageModels.find((model) => model.name === name)!,
      componentDtMs,
      100,
    );
    const spikes = byItself(write(name, cell));
    const difference = largestDifference(spikesOf(cell), spikes);
    said(name, spikes, difference, 'forward Euler, dt 0.0005 ms');
    expect(difference).toBeLessThan(0.1);
  });
});

describe('a fitted run as NeuroML', () => {
  let run: Fitted;
  beforeAll(() => {
    run = fitted();
  });
  afterAll(() => rmSync(run.folder, { recursive: true, force: true }));

  it('is valid by NeuroML’s schema, and runs', () => {
    const at = join(run.folder, 'nml');
    const [sweep] = run.summary.recording!.sweeps as [number];
    run.chronaxie('export', run.summary.id, '--format', 'neuroml', '--out', at);
    for (const file of readdirSync(at).filter((name) => name.endsWith('.nml')))
      expect(() => python.run('pynml', [file, '-validate'], { cwd: at })).not.toThrow();
    const spikes = throughNeuron(at, sweep);
    expect(existsSync(join(at, `sweep${sweep}.dat`))).toBe(true);
    console.log(`the MAP: ${spikes.length} spikes`);
  }); // prettier-ignore

  it('is written for a draw as well', () => {
    const at = join(run.folder, 'draw');
    run.chronaxie('export', run.summary.id, '--format', 'neuroml', '--draw', '3', '--out', at);
    const { values } = JSON.parse(readFileSync(join(at, 'cell.json'), 'utf8')) as {
      values: Record<string, number>;
    };
    const samples = readFileSync(join(run.out, 'posterior-samples.csv'), 'utf8').split('\n');
    expect(Object.values(values)).toEqual(samples[4]!.split(',').map(Number));
  });
});
