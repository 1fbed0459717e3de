import { unitsAsStated } from '../../../../main/contract/recording.ts';
import type { ModelSummary } from '../../../../main/contract/model.ts';
import type { Outline, SweepSummary } from '../../../../main/contract/recording.ts';
import type { RoundReport, RunSummary } from '../../../../main/contract/run.ts';

export const model: ModelSummary = {
  name: 'hh8',
  title: 'Hodgkin–Huxley',
  description: '',
  citations: [],
  builtIn: true,
  file: '/models/hh8.json',
  parameters: [
    { name: 'gNa', symbol: 'g_Na', unit: 'mS/cm²', reference: 50, prior: { uniform: [0.5, 80] } },
    { name: 'gK', symbol: 'g_K', unit: 'mS/cm²', prior: { uniform: [1e-4, 15] } },
  ],
};

export function sweep(number: number, amplitudePa: number, usable = true): SweepSummary {
  return {
    sweep: number,
    name: `s${number}`,
    mode: 'current-clamp',
    usable,
    reason: usable ? null : 'its stimulus is missing',
    rateHz: 20_000,
    samples: 14_000,
    durationMs: 700,
    voltageMv: { min: -70, max: 40, mean: -60 },
    current: {
      kind: 'command',
      holdingPa: 0,
      steps: [
        { startMs: 10, endMs: 20, amplitudePa: -10, relativePa: -10 },
        { startMs: 100, endMs: 600, amplitudePa, relativePa: amplitudePa },
      ],
    },
    spikes: 0,
  };
}

export function opened(...sweeps: SweepSummary[]) {
  return {
    inspection: { file: '/data/a.nwb', format: 'NWB', sha256: '', sweeps, warnings: [] },
    likelyUnits: unitsAsStated,
    membrane: null,
    suggestedSweep: sweeps[1]?.sweep ?? null,
  };
}

/** What is known of a recording before its samples have been looked at. */
export function outlineOf(...sweeps: SweepSummary[]): Outline {
  return { format: 'NWB', sweeps };
}

export const run = (id: string, part: Partial<RunSummary> = {}): RunSummary => ({
  id,
  name: `run ${id}`,
  project: 'cells',
  state: 'finished',
  createdAt: `2026-01-0${id}T00:00:00Z`,
  source: '/data/a.nwb',
  sweep: 1,
  model: 'hh8',
  algorithm: 'snpe',
  roundsDone: 2,
  rounds: 2,
  seconds: 10,
  error: null,
  ...part,
});

export const report = (round: number, epochs = 10): RoundReport => ({
  round,
  simulations: 100,
  bad: 0,
  badReasons: {},
  missing: {},
  ess: 100,
  acceptance: 1,
  loss: 3 - round,
  validationLoss: 4 - round,
  epochs,
  skippedSteps: 0,
  kernels: null,
  seconds: { simulate: 1, train: 1 },
  drawnFrom: 'prior',
  truncation: null,
  classifier: null,
  families: [],
  trainedOn: null,
  notices: [],
});
