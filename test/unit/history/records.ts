import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fitConfigSchema } from '../../../main/contract/config.ts';
import type { RoundReport, Summary } from '../../../main/contract/run.ts';
import type {
  PilotRecord,
  PreparedRecord,
  ResultRecord,
  RoundRecord,
} from '../../../main/inference/fit-store.ts';
import { createRandom } from '../../../main/numeric/random.ts';

/** Records of a small made-up run (2 parameters, 3 features) whose numbers depend only on the round. */

export const config = fitConfigSchema.parse({
  source: { recording: '/data/cell.nwb' },
  rounds: 3,
  simulations: 20,
});

/** A folder that is removed after use. */
export function temporaryFolder(): Disposable & { path: string; file: (name: string) => string } {
  const path = mkdtempSync(join(tmpdir(), 'chronaxie-test-'));
  return {
    path,
    file: (name) => join(path, name),
    [Symbol.dispose]: () => {
      rmSync(path, { recursive: true, force: true });
    },
  };
}

export const newRun = { name: 'cell, sweep 3', project: 'Pyramidal cells', source: '/data/cell.nwb', config };

export const prepared: PreparedRecord = {
  config: fitConfigSchema.parse({
    ...config,
    source: { recording: '/data/cell.nwb', sha256: 'ab'.repeat(32), sweep: 3 },
  }),
  recording: { file: '/data/cell.nwb', sha256: 'ab'.repeat(32), sweeps: [3] },
  model: 'hh8',
  modelSha256: 'ab12',
  parameters: [
    { name: 'gNa', symbol: 'g_Na', unit: 'mS/cm²', prior: { uniform: [0.5, 80] } },
    { name: 'gK', symbol: 'g_K', unit: 'mS/cm²', prior: { uniform: [1e-4, 15] } },
  ],
  jointPrior: null,
  features: [
    { name: 'spikeCount', unit: '', description: 'spikes in the step', observed: 4 },
    { name: 'restMean', unit: 'mV', description: 'mean before the step', observed: -70.25 },
    { name: 'latency', unit: 'ms', description: 'first spike after the onset', observed: null },
  ],
  warnings: [{ code: 'made-up', message: 'This is a test.', remedy: 'None is needed.' }],
};

function normals(n: number, ...name: [number, number]): Float64Array {
  const random = createRandom(1, ...name);
  return Float64Array.from({ length: n }, () => random.normal());
}

export const pilot: PilotRecord = {
  theta: normals(20, 0, 0),
  x: Float64Array.of(NaN, ...normals(29, 0, 1)),
  bad: Uint8Array.from({ length: 10 }, (_, i) => (i === 4 ? 1 : 0)),
  badReasons: ['diverged'],
  xMean: Float64Array.of(1, -70, NaN),
  xSd: Float64Array.of(1, 2, 3),
};

export function report(round: number): RoundReport {
  return {
    round,
    simulations: 20,
    bad: 1,
    badReasons: { diverged: 1 },
    missing: { latency: 2 },
    ess: 18.5 - round,
    acceptance: 0.75,
    loss: 1.5 / round,
    validationLoss: 1.6 / round,
    epochs: 5,
    skippedSteps: 0,
    seconds: { simulate: 0.25, train: 0.5 },
    kernels: null,
    drawnFrom: 'prior',
    truncation: null,
    classifier: null,
    families: [],
    trainedOn: null,
    notices: [],
  };
}

/** @param scale multiplies the number of simulations, for rounds whose writing takes a while */
export function round(number: number, scale = 1): RoundRecord {
  const x = normals(60 * scale, number, 1);
  x[7] = NaN;
  return {
    round: number,
    report: report(number),
    proposal: number === 1 ? null : JSON.stringify({ round: number - 1 }),
    theta: normals(40 * scale, number, 0),
    x,
    bad: Uint8Array.from({ length: 20 * scale }, (_, i) => (i === 3 ? 1 : 0)),
    badReasons: ['diverged'],
    weights: normals(20 * scale, number, 2).map(Math.exp),
    losses: normals(5, number, 3),
    validationLosses: normals(5, number, 4),
    estimator: Uint8Array.from(normals(100, number, 5), (value) => Math.abs(value) * 50),
    posterior: JSON.stringify({ round: number }),
  };
}

export function summary(id: string): Summary {
  const fitted = { median: 50.5, q05: 40.1, q95: 60.9, map: 51.25 };
  return {
    id,
    version: '0.1.0',
    seed: 1,
    algorithm: 'snpe',
    device: 'cpu',
    strict: false,
    seconds: 12.5,
    recording: prepared.recording,
    model: prepared.model,
    features: prepared.features.map(({ name, unit, observed }) => ({ name, unit, observed })),
    parameters: prepared.parameters.map(({ name, unit, prior }) => ({ name, unit, prior, ...fitted })),
    rounds: [report(1), report(2)],
    diagnostics: {
      acceptance: 0.75,
      predictivePercentiles: { spikeCount: 0.5, restMean: 0.31, latency: null },
      verdict: 'trust',
      contraction: {},
      correlation: [],
      misspecification: null,
      reasons: ['The observation lies inside the simulations.'],
    },
    search: null,
    warnings: prepared.warnings,
  };
}

export function result(id: string): ResultRecord {
  const predictiveX = normals(12, 9, 2);
  predictiveX[2] = NaN;
  return {
    summary: summary(id),
    samples: normals(10, 9, 0),
    predictiveTheta: normals(8, 9, 1),
    predictiveX,
    predictiveBad: Uint8Array.of(0, 0, 1, 0),
  };
}
