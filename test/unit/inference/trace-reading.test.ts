import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { fitConfigSchema, type FitConfigInput } from '../../../main/contract/config.ts';
import { prepareProblem } from '../../../main/inference/problem.ts';
import { runFit } from '../../../main/inference/run-fit.ts';
import { comparison } from '../../../main/inference/comparison.ts';
import { embeddingOf } from '../../../main/inference/trace-reading.ts';
import { DensityEstimator } from '../../../main/train/estimator.ts';
import { MemoryStore } from '../../support/memory-store.ts';

const recording = fileURLToPath(new URL('../../../resources/examples/18711001-steps.nwb', import.meta.url));
const configOf = (settings: FitConfigInput) =>
  fitConfigSchema.parse({ source: { recording, sweep: 4 }, cell: { capacitancePf: 100 }, ...settings });
const trace = { features: { set: 'trace' as const, traceStepMs: 5 } };

describe('a fit that reads the trace', () => {
  it('settles the bins and the network, and gives the network the current of the protocol', async () => {
    const problem = await prepareProblem(configOf({ features: { set: 'trace' }, algorithm: 'npe' }));
    const { config } = problem.prepared;
    expect(config.network).toMatchObject({ embedding: { kind: 'conv-gru', units: 25 }, family: 'mixture' });
    expect(problem.observed.length).toBe(500);
    expect(config.features.traceStepMs).toBeCloseTo(700 / 500, 2);
    expect(problem.prepared.features[3]).toMatchObject({ name: 'v3', unit: 'mV' });
    const { current } = embeddingOf(problem)!;
    expect(current).toHaveLength(500);
    const sum = current.reduce((total, value) => total + value, 0);
    const squares = current.reduce((total, value) => total + value * value, 0);
    expect(sum).toBeCloseTo(0, 9);
    expect(squares / 500).toBeCloseTo(1, 9);
    expect(config.training.learningRate).toBe(0.02);
    expect((await prepareProblem(configOf({}))).prepared.config.training.learningRate).toBe(0.01);
    // The settled configuration gives the same problem again.
    expect((await prepareProblem(config)).prepared.config).toEqual(config);
  });

  it('is compared with simulations by a few numbers, the same fit of features by its features', async () => {
    const read = await prepareProblem(configOf(trace));
    expect(read.prepared.config.network.embedding?.kind).toBe('gru');
    const compared = comparison(read.prepared);
    expect(compared.features.map(({ name }) => name)).toContain('traceRoughness');
    expect(compared.features[0]).toMatchObject({
      name: 'traceMean',
      unit: 'mV',
      observed: compared.observed[0],
    });
    expect([...compared.of(read.observed)]).toEqual([...compared.observed]);
    const measured = await prepareProblem(configOf({}));
    expect(comparison(measured.prepared).features.map(({ name }) => name)).toContain('spikeCount');
    expect(embeddingOf(measured)).toBeNull();
  });

  it('refuses what does not go together, and says what to do', async () => {
    const refused = async (settings: FitConfigInput) =>
      prepareProblem(configOf(settings)).then(
        () => 'accepted',
        (error: Error) => error.message,
      );
    expect(await refused({ features: { set: 'trace', exclude: ['v0'] } })).toContain('read as a whole');
    expect(await refused({ network: { embedding: {} } })).toContain('not the features of the set moments');
    expect(await refused({ ...trace, algorithm: 'ibea' })).toContain('a trace has none');
    expect(await refused({ ...trace, network: { family: 'bounded' } })).toContain(
      'bounded behind an embedding',
    );
    expect(await refused({ features: { set: 'trace', traceStepMs: 0.001 } })).toContain(
      'shorter than the sampling',
    );
  });

  it('runs over two rounds, with one scale for all samples, and reports no sample by itself', async () => {
    const config = configOf({
      ...trace,
      rounds: 2,
      simulations: 120,
      pilotSimulations: 60,
      samples: 200,
      predictiveSimulations: 20,
      workers: 2,
      training: { maxEpochs: 2 },
      network: { embedding: { kind: 'conv-gru', units: 6, filters: 3 } },
    });
    const store = new MemoryStore();
    const { summary } = await runFit({ id: 'trace', config, store, version: 'test' });
    expect(Object.keys(summary.diagnostics.predictivePercentiles)).toEqual(
      summary.features.map(({ name }) => name),
    );
    expect(summary.features.length).toBeLessThan(10);
    expect(summary.rounds).toHaveLength(2);
    const estimator = DensityEstimator.fromBytes(store.rounds('trace')[1]!.estimator);
    expect(estimator.spec.embedding).toMatchObject({ kind: 'conv-gru', units: 6, filters: 3, kernel: 6 });
    expect(new Set(estimator.standardisation.xSd).size).toBe(1);
    expect(estimator.standardisation.xSd[0]).toBeGreaterThan(1);
  });
});
