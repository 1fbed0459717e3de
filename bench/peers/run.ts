/**
 * The simulator and the trainer against their peers, and docs/benchmarks.md with its plot. Needs a Python 3 with venv; peers are
 * installed from PyPI into a temporary folder. What cannot be installed or run is left out, with a sentence in the document.
 * Run: npm run bench:peers [-- --folder FOLDER], which keeps environments and peers' results there and goes on from them;
 * --skip neuron|jaxley|brian2|sbi leaves a peer out.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { kernelBuilds } from '../../main/train/kernels.ts';
import { benchmarkDocument, type Findings } from './document.ts';
import { workPrecisionFigure } from './figure.ts';
import { nativeSeries } from './native-loop.ts';
import { ourSeries, referenceSpikes } from './ours.ts';
import {
  featureShare,
  loadAverage,
  matrixGigaFma,
  peakGigaFma,
  trainingStep,
  twoWorkers,
} from './own-figures.ts';
import { linearity } from './linearity.ts';
import { manySimulations } from './many-simulations.ts';
import { problemFile } from './problem.ts';
import { curveOf, type Series } from './series.ts';
import { wholeRunFile, wholeRunWith, type WholeRun } from './whole-run.ts';

const { values } = parseArgs({
  options: { folder: { type: 'string' }, skip: { type: 'string', multiple: true } },
});
const folder = values.folder ? resolve(values.folder) : mkdtempSync(join(tmpdir(), 'peers-'));
const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const limitMs = 15 * 60_000;
const simulators = ['numpy<2.3', 'neuron==9.0.2', 'brian2==2.9.0', 'jaxley==0.14.0'];
const leftOut: string[] = [];
const earlier: string[] = [];
const loadBefore = loadAverage();

function environment(name: string, packages: readonly string[]): string {
  const bin = join(folder, name, 'bin');
  if (!existsSync(bin)) {
    execFileSync('python3', ['-m', 'venv', join(folder, name)]);
    console.log(`installing ${packages.join(', ')}`);
    execFileSync(join(bin, 'pip'), ['install', '-q', ...packages], { timeout: limitMs, stdio: 'inherit' });
  }
  return bin;
}

interface PeerResult {
  versions: Record<string, string>;
  series?: Series[];
  microseconds?: Record<1 | 8, number>;
  wholeRun?: Pick<WholeRun, 'seconds' | 'simulateSeconds'>;
}

/** What a peer's script found; null, with a sentence in the document, where it could not be run. */
function peer(
  name: string,
  venv: string,
  packages: readonly string[],
  prepare?: (bin: string) => void,
): PeerResult | null {
  const result = join(folder, `${name}.json`);
  if (values.skip?.includes(name)) {
    leftOut.push(`${name}: not part of this run.`);
    return null;
  }
  try {
    if (existsSync(result)) earlier.push(name);
    else {
      const bin = environment(venv, packages);
      prepare?.(bin);
      const env = { ...process.env, PATH: `${bin}${delimiter}${process.env['PATH']}` };
      const call = [here(`${name}_peer.py`), join(folder, 'problem.json'), result];
      execFileSync(join(bin, 'python'), call, {
        cwd: join(folder, 'mod'),
        env,
        timeout: limitMs,
        stdio: 'inherit',
      });
    }
    return JSON.parse(readFileSync(result, 'utf8')) as PeerResult;
  } catch (error) {
    console.error(error);
    leftOut.push(`${name}: it could not be installed or run here.`);
    return null;
  }
}

function compileMod(bin: string): void {
  copyFileSync(here('hh8.mod'), join(folder, 'mod', 'hh8.mod'));
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env['PATH']}` };
  execFileSync(join(bin, 'nrnivmodl'), ['-coreneuron', '.'], {
    cwd: join(folder, 'mod'),
    env,
    stdio: 'ignore',
  });
}

function native(): Series[] {
  try {
    return [nativeSeries(folder, [0.02, 0.025, 0.04])];
  } catch (error) {
    console.error(error);
    leftOut.push('The native loop: there is no g++ here, or the processor lacks AVX2.');
    return [];
  }
}

mkdirSync(join(folder, 'mod'), { recursive: true });
writeFileSync(join(folder, 'problem.json'), problemFile());
writeFileSync(join(folder, 'whole-run.json'), await wholeRunFile());
const peers = [
  peer('neuron', 'sim', simulators, compileMod),
  peer('jaxley', 'sim', simulators),
  peer('brian2', 'sim', simulators),
  peer('sbi', 'sbi', ['sbi==0.27.0']),
].filter((found) => found !== null);

console.log('our own simulator and the native loop');
const reference = referenceSpikes();
const series = [
  ourSeries('f32', false, [0.01, 0.02, 0.025, 0.04, 0.05]),
  ...native(),
  ourSeries('f32', true, [0.02, 0.025, 0.04]),
  ourSeries('f64', false, [0.02, 0.025, 0.04]),
  ...peers.flatMap((found) => found.series ?? []),
];
const isCheck = ({ variant }: { variant: string }) => variant === 'check of the reference';
const all = series.map((s) => curveOf(s, reference));
const curves = all.filter((curve) => !isCheck(curve));

const nativeBuild = kernelBuilds().find((build) => !build.startsWith('wasm'));
const findings: Findings = {
  machine: `Processor: ${cpus()[0]!.model.trim()}, ${cpus().length} cores; Node ${process.versions.node}`,
  versions: peers.flatMap(({ versions }) =>
    Object.entries(versions).map(([name, version]) => `${name} ${version}`),
  ),
  curves,
  referenceCheck: all.find(isCheck)?.points[0] ?? null,
  leftOut,
  earlier,
  trainingUs: {
    ours: { 1: trainingStep(1, 'wasm-relaxed'), 8: trainingStep(8, 'wasm-relaxed') },
    native: nativeBuild ? { 1: trainingStep(1, nativeBuild), 8: trainingStep(8, nativeBuild) } : null,
    sbi: peers.find((found) => found.microseconds)?.microseconds ?? null,
  },
  wholeRun: {
    ours: wholeRunWith('wasm'),
    native: nativeBuild ? wholeRunWith('native') : null,
    sbi: peers.find((found) => found.wholeRun)?.wholeRun ?? null,
  },
  own: {
    peakGigaFma: peakGigaFma(),
    matrixGigaFma: matrixGigaFma(),
    featureShare: featureShare(),
    twoWorkers: await twoWorkers(),
    ...linearity(),
  },
  many: manySimulations([1e4, 1e5, 1e6]),
  load: [loadBefore, loadAverage()],
};
writeFileSync(here('../../docs/benchmarks.md'), benchmarkDocument(findings));
writeFileSync(here('../../docs/images/work-precision.svg'), workPrecisionFigure(curves));
console.log(`docs/benchmarks.md written; results kept in ${folder}`);
