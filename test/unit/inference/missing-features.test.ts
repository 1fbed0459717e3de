import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fitConfigSchema } from '../../../main/contract/config.ts';
import { History } from '../../../main/history/history.ts';
import type { ResultRecord, RoundRecord } from '../../../main/inference/fit-store.ts';
import { problemOf, type Problem } from '../../../main/inference/problem.ts';
import { runFit } from '../../../main/inference/run-fit.ts';
import { SimulatorPool } from '../../../main/simulate/simulator-pool.ts';
import { estimatorFromBytes } from '../../../main/train/stacked-estimator.ts';
import { hodgkinHuxleyProblem, thetaStar } from '../../statistical/tasks/hodgkin-huxley.ts';

/** The spike features of a silent cell: θ* with hardly any sodium conductance. */
describe('missing features, from the trace to the posterior', () => {
  const folder = mkdtempSync(join(tmpdir(), 'chronaxie-missing-'));
  const config = fitConfigSchema.parse({
    algorithm: 'tsnpe',
    rounds: 2,
    simulations: 400,
    pilotSimulations: 100,
    samples: 500,
    predictiveSimulations: 100,
    workers: 2,
    features: { set: 'spikes' },
    network: { hidden: [20] },
    training: { maxEpochs: 30 },
  });
  let problem: Problem;
  let result: ResultRecord;
  let rounds: RoundRecord[];
  let names: string[];
  beforeAll(async () => {
    const active = await hodgkinHuxleyProblem(config);
    const theta = await thetaStar('hh8');
    theta[0] = 1;
    const pool = await SimulatorPool.create(active.task, { workers: 1 });
    const { x } = await pool.simulate({ theta, n: 1, seed: 1, stream: 0x20000, firstIndex: 0 });
    await pool.close();
    const features = active.prepared.features.map((feature, f) => ({
      ...feature,
      observed: Number.isNaN(x[f]) ? null : x[f]!,
    }));
    problem = problemOf({ ...active.prepared, features }, active.task);
    names = features.map((feature) => feature.name);
    const path = join(folder, 'history.sqlite');
    const store = History.open(path);
    const { id } = store.createRun({ name: 'silent', project: 'tests', source: 'hh8', config });
    result = await runFit({ id, config, store, version: 'test', prepare: () => Promise.resolve(problem) });
    store.close();
    // Read back from the disk, as a later process would.
    const reopened = History.open(path);
    rounds = reopened.rounds(id);
    reopened.close();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('a silent observation lacks the features of spikes, and says so', () => {
    const observed = new Map(result.summary.features.map(({ name, observed: value }) => [name, value]));
    expect(observed.get('spikeCount')).toBe(0);
    expect(observed.get('latency')).toBeNull();
    expect(Number.isNaN(problem.observed[names.indexOf('latency')]!)).toBe(true);
  });
  it('simulations without a spike have no latency, in the history too, and are counted', () => {
    const [count, latency] = [names.indexOf('spikeCount'), names.indexOf('latency')];
    for (const { x, bad, report } of rounds) {
      let missing = 0;
      for (let i = 0; i < bad.length; i++) {
        expect(bad[i]).toBe(0);
        const silent = x[i * names.length + count] === 0;
        expect(Number.isNaN(x[i * names.length + latency]!)).toBe(silent);
        missing += Number(silent);
      }
      expect(missing).toBeGreaterThan(50);
      expect(report.missing['latency']).toBe(missing);
    }
  });
  it('the network has an indicator of every feature that some simulation lacks, and of no other', () => {
    const { spec } = estimatorFromBytes(rounds.at(-1)!.estimator);
    const everMissing = [...names.keys()].filter((f) =>
      rounds.some(({ x }) => x.some((value, i) => i % names.length === f && Number.isNaN(value))),
    );
    expect(spec.indicators).toEqual(everMissing);
    expect(spec.indicators).toContain(names.indexOf('latency'));
    expect(spec.indicators).not.toContain(names.indexOf('spikeCount'));
  });
  it('the stored posterior is the network’s at the observation with its gaps, and says that the cell is silent', () => {
    const { estimator, posterior } = rounds.at(-1)!;
    const network = estimatorFromBytes(estimator);
    expect(JSON.parse(posterior)).toEqual(JSON.parse(JSON.stringify(network.condition(problem.observed))));
    const spikes = result.predictiveX.filter((_, i) => i % names.length === names.indexOf('spikeCount'));
    // Nearly a half of the prior's simulations are silent; of the posterior's, most: four fifths or so after this few simulations.
    expect(spikes.filter((count) => count === 0).length / spikes.length).toBeGreaterThan(0.7);
  });
});
