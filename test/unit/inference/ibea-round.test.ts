import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { fitConfigSchema, type FitConfigInput } from '../../../main/contract/config.ts';
import type { Progress } from '../../../main/contract/run.ts';
import type { ResultRecord } from '../../../main/inference/fit-store.ts';
import { predictiveView } from '../../../main/inference/predictive-view.ts';
import { searchView } from '../../../main/inference/ibea-view.ts';
import { populationFromJson } from '../../../main/inference/ibea-evaluations.ts';
import { runFit } from '../../../main/inference/run-fit.ts';
import { MemoryStore } from '../../support/memory-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'chronaxie-search-'));
function source(name: string, observation: string) {
  const path = join(folder, `${name}-${observation.length}.csv`);
  writeFileSync(path, observation);
  return {
    simulator: fileURLToPath(new URL(`../../support/simulators/${name}.mjs`, import.meta.url)),
    observation: path,
  };
}
const linear = source('linear-gaussian', 'x,y\n0.8,1.5\n');
const configure = (changes: FitConfigInput) =>
  fitConfigSchema.parse({
    source: linear,
    algorithm: 'ibea',
    rounds: 2,
    simulations: 650,
    pilotSimulations: 100,
    predictiveSimulations: 50,
    workers: 2,
    ...changes,
  });
const run = (id: string, changes: FitConfigInput = {}, store = new MemoryStore()) =>
  runFit({ id, config: configure(changes), store, version: 'test' });
/** What must not depend on anything but the configuration. */
function numbers({ summary, samples, predictiveX }: ResultRecord) {
  const rounds = summary.rounds.map(({ seconds: _, ...report }) => report);
  return { rounds, search: summary.search, samples: [...samples], predictiveX: [...predictiveX] };
}

describe('a search by IBEA', () => {
  const store = new MemoryStore();
  const heard: Progress[] = [];
  let result: ResultRecord;
  beforeAll(async () => {
    result = await runFit({
      id: 'one',
      config: configure({}),
      store,
      version: 'test',
      onProgress: (progress) => heard.push(progress),
    });
  });

  it('ends near the parameters that give the observation', () => {
    expect(result.samples).toHaveLength(2 * 20);
    // The best of 1,300 noisy simulations: each lies within the noise's 0.3 of the observation, three times it at most.
    for (let i = 0; i < result.samples.length; i += 2) {
      expect(Math.abs(result.samples[i]! - 0.8)).toBeLessThan(0.9);
      expect(Math.abs(result.samples[i + 1]! - 1.5)).toBeLessThan(0.9);
    }
    expect(result.summary.parameters.map((parameter) => parameter.map)).toEqual([
      ...result.samples.slice(0, 2),
    ]);
  });
  it('spends exactly the simulations of an inference, in generations', () => {
    const rounds = store.rounds('one');
    expect(rounds.map(({ report }) => [report.simulations, report.epochs])).toEqual([
      [650, 7],
      [650, 7],
    ]);
    expect(rounds.map((round) => round.theta.length)).toEqual([1300, 1300]);
    expect(populationFromJson(rounds[1]!.posterior)).toHaveLength(100);
  });
  it('reports the best sum of objectives, which never rises, and the population’s median', () => {
    const [first, second] = store.rounds('one');
    const best = [...first!.losses, ...second!.losses];
    expect(best).toEqual(best.toSorted((a, b) => b - a));
    expect(second!.report.loss).toBe(result.summary.search!.hallOfFame[0]!.sum);
    expect(second!.report.validationLoss).toBeGreaterThanOrEqual(second!.report.loss);
    expect(second!.report).toMatchObject({ drawnFrom: 'search', acceptance: 1, ess: 650 });
  });
  it('orders its hall of fame by the sum of objectives and names them', () => {
    const { objectives, hallOfFame } = result.summary.search!;
    expect(objectives).toEqual(['x', 'y']);
    const sums = hallOfFame.map(({ sum }) => sum);
    expect(sums).toEqual(sums.toSorted((a, b) => a - b));
    expect(hallOfFame[3]!.objectives[0]! + hallOfFame[3]!.objectives[1]!).toBeCloseTo(sums[3]!, 14);
  });
  it('says that these are point estimates', () => {
    expect(result.summary.warnings.map(({ code }) => code)).toContain('point-estimates-only');
    expect(result.summary.diagnostics.verdict).not.toBe('trust');
    expect(result.summary.diagnostics.reasons[0]).toMatch(/no uncertainty/);
  });
  it('tells its generations and their best sum as it goes', () => {
    const told = heard.find(({ phase }) => phase === 'sample');
    expect(told).toMatchObject({ round: 2, epoch: 7, loss: result.summary.rounds[1]!.loss });
  });
  it('shows its hall of fame after every round over the prior, without any density', () => {
    const last = searchView(store, 'one', 2, 64);
    expect(last.hallOfFame).toEqual(result.samples);
    expect(last.pairs).toEqual([]);
    expect(last.marginals.map(({ density, map }) => [density.length, map])).toEqual([
      [0, result.samples[0]],
      [0, result.samples[1]],
    ]);
    expect(last.marginals.map(({ median }) => median)).toEqual(
      result.summary.parameters.map((p) => p.median),
    );
    const first = searchView(store, 'one', 1, 64);
    expect(first.hallOfFame).toHaveLength(40);
    expect(first.hallOfFame).not.toEqual(last.hallOfFame);
    expect(() => searchView(store, 'one', 3, 64)).toThrow(expect.objectContaining({ code: 'not-found' }));
  });
  it('predicts features from its hall of fame, each member as often as the others', async () => {
    const view = await predictiveView(store, 'one', 2, 5, 100);
    expect(view.features.map(({ posterior }) => posterior.length)).toEqual([200, 200]);
    // The first fifty are what predictive.csv holds.
    expect([...view.features[0]!.posterior.subarray(0, 50)]).toEqual(
      [...result.predictiveX].filter((_, at) => at % 2 === 0),
    );
  });
  it('gives the same numbers with another number of workers', async () => {
    expect(numbers(await run('two', { workers: 1 }))).toEqual(numbers(result));
  });
  it('resumes after a cancel to the numbers of an uninterrupted search', async () => {
    const kept = new MemoryStore();
    const controller = new AbortController();
    const interrupted = runFit({
      id: 'three',
      config: configure({}),
      store: kept,
      version: 'test',
      signal: controller.signal,
      onRound: () => controller.abort(),
    });
    await expect(interrupted).rejects.toMatchObject({ code: 'cancelled' });
    expect(kept.rounds('three')).toHaveLength(1);
    expect(numbers(await run('three', {}, kept))).toEqual(numbers(result));
  });
});

describe('a search by IBEA on harder ground', () => {
  it('finds either of two parameter sets that explain the observation, and nothing else', async () => {
    const mirrored = source('mirrored', 'square,b\n2.25,0.7\n');
    const found: number[] = [];
    for (const seed of [1, 2, 3]) {
      const { samples } = await run(`mirrored ${seed}`, { source: mirrored, simulations: 1000, seed });
      found.push(...samples.filter((_, at) => at % 2 === 0));
      // The noise of ± 0.05 in θ² is ± 0.017 in θ at 1.5, and in b ± 0.05; twice that is allowed.
      samples.forEach((value, at) =>
        expect(Math.abs(at % 2 === 0 ? Math.abs(value) - 1.5 : value - 0.7)).toBeLessThan(0.1),
      );
    }
    expect(found.some((a) => a < 0) && found.some((a) => a > 0)).toBe(true);
  });
  it('gives bad simulations the worst score, and leaves out what was not observed', async () => {
    const patchy = source('patchy', 'sum,latency\n0.5,\n');
    const { summary, samples } = await run('patchy', { source: patchy });
    expect(summary.rounds[0]!.bad).toBe(
      Object.values(summary.rounds[0]!.badReasons).reduce((a, b) => a + b, 0),
    );
    expect(summary.rounds[0]!.bad).toBeGreaterThan(0);
    expect(summary.rounds[0]!.ess).toBe(650 - summary.rounds[0]!.bad);
    expect(summary.search!.objectives).toEqual(['sum']);
    expect(summary.warnings.map(({ code }) => code)).toContain('objective-left-out');
    // The noise is at most ± 0.3.
    samples.forEach((value, at) => at % 2 === 0 && expect(Math.abs(value - 0.5)).toBeLessThan(0.4));
  });
  it('counts simulations that lack an observed feature as bad where that is asked for', async () => {
    const patchy = source('patchy', 'sum,latency\n0.5,0.40\n');
    const { summary } = await run('incomplete', {
      source: patchy,
      rounds: 1,
      badSimulations: { missingFeatures: 'bad' },
    });
    expect(summary.rounds[0]!.missing).toEqual({});
    expect(summary.rounds[0]!.badReasons['lacks features that the observation has']).toBeGreaterThan(10);
    expect(summary.search!.hallOfFame.every(({ objectives }) => objectives.every((f) => f < 250))).toBe(true);
  });
  it('runs with rounds smaller than its population, and with a population that does not divide them', async () => {
    const { summary } = await run('small', {
      rounds: 3,
      simulations: 7,
      ibea: { population: 10, hallOfFame: 50 },
    });
    expect(summary.rounds.map(({ epochs }) => epochs)).toEqual([1, 1, 1]);
    expect(summary.search!.hallOfFame).toHaveLength(21);
  });
});
