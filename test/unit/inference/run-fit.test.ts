import { appendFileSync, copyFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { fitConfigSchema, type FitConfigInput } from '../../../main/contract/config.ts';
import type { Progress } from '../../../main/contract/run.ts';
import type { ResultRecord } from '../../../main/inference/fit-store.ts';
import { posteriorView } from '../../../main/inference/posterior-view.ts';
import { predictiveView } from '../../../main/inference/predictive-view.ts';
import { runFit } from '../../../main/inference/run-fit.ts';
import { kernelBuild } from '../../../main/train/kernels.ts';
import { MemoryStore } from '../../support/memory-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'chronaxie-fit-'));
const simulator = (name: string) =>
  fileURLToPath(new URL(`../../support/simulators/${name}.mjs`, import.meta.url));

function observation(name: string, text: string): string {
  const path = join(folder, `${name}.csv`);
  writeFileSync(path, text);
  return path;
}
const linear = {
  simulator: simulator('linear-gaussian'),
  observation: observation('linear', 'x,y\n0.8,1.5\n'),
};
function configure(changes: FitConfigInput) {
  return fitConfigSchema.parse({
    source: linear,
    rounds: 2,
    simulations: 600,
    pilotSimulations: 100,
    samples: 2000,
    predictiveSimulations: 50,
    workers: 2,
    training: { maxEpochs: 40 },
    network: { hidden: [20] },
    ...changes,
  });
}
/** What must not depend on anything but the configuration: not times, not identifiers. */
function numbers({ summary, samples, predictiveX }: ResultRecord) {
  const rounds = summary.rounds.map(({ seconds: _, families, ...report }) => ({
    ...report,
    families: families.map(({ seconds: _seconds, ...score }) => score),
  }));
  return { parameters: summary.parameters, rounds, samples: [...samples], predictiveX: [...predictiveX] };
}

describe('runFit', () => {
  const store = new MemoryStore();
  let result: ResultRecord;
  const heard: Progress[] = [];
  beforeAll(async () => {
    result = await runFit({
      id: 'one',
      config: configure({}),
      store,
      version: 'test',
      onProgress: (progress) => heard.push(progress),
    });
  });

  it.each(['snpe', 'tsnpe'] as const)(
    'finds the posterior of a linear Gaussian model (%s)',
    async (algorithm) => {
      const { summary } =
        algorithm === 'snpe'
          ? result
          : await runFit({
              id: algorithm,
              config: configure({ algorithm }),
              store: new MemoryStore(),
              version: 'test',
            });
      // Closed form: precision 1/s² + 1/0.09, mean weighted accordingly. A sixth of a posterior standard deviation is what
      // 1,200 simulations and a mixture-density network are asked for here; test/statistical asks for more.
      const expected = [1, 0.5].map((sd, i) => {
        const precision = 1 / sd ** 2 + 1 / 0.09;
        const mean = ([0, 2][i]! / sd ** 2 + [0.8, 1.5][i]! / 0.09) / precision;
        return { mean, sd: 1 / Math.sqrt(precision) };
      });
      summary.parameters.forEach((parameter, i) => {
        const { mean, sd } = expected[i]!;
        expect(Math.abs(parameter.median - mean)).toBeLessThan(sd / 3);
        const width = (parameter.q95 - parameter.q05) / (2 * 1.645);
        expect(width / sd).toBeGreaterThan(0.75);
        expect(width / sd).toBeLessThan(1.33);
        expect(Math.abs(parameter.map - mean)).toBeLessThan(sd / 2);
      });
    },
  );
  it('stores every round before it says so, and reports counts, sample size and losses', () => {
    const rounds = store.rounds('one');
    expect(rounds.map((round) => round.round)).toEqual([1, 2]);
    expect(rounds[0]!.report).toMatchObject({ simulations: 600, bad: 0, missing: {}, skippedSteps: 0 });
    expect(rounds[0]!.report.kernels).toBe(kernelBuild(false));
    // All 1,200 simulations of both rounds are trained on, with weights that differ little; the sum of squares rounds.
    expect(rounds[1]!.report.ess).toBeGreaterThan(600);
    expect(rounds[1]!.report.ess).toBeLessThan(1200.001);
    expect(rounds[1]!.losses).toHaveLength(rounds[1]!.report.epochs);
  });
  it('tells what it is doing, phase by phase', () => {
    const phases = heard.map((progress) => `${progress.phase} ${progress.round}`);
    const order = ['pilot 1', 'simulate 1', 'train 1', 'simulate 2', 'train 2', 'sample 2', 'predict 2'];
    expect(order.map((phase) => phases.indexOf(phase))).toEqual(
      order.map((phase) => phases.indexOf(phase)).sort((a, b) => a - b),
    );
    expect(phases).toEqual(expect.arrayContaining(order));
  });
  it('says how far each parameter contracted and how they hang together', () => {
    const { contraction, correlation, misspecification } = result.summary.diagnostics;
    // Closed form: 1 − 0.09/(s² + 0.09) is .917 for s = 1 and .735 for s = ½; widths may be off by a third (see above), so
    // variances by 80 %, which is .15 and .48 of what is left of the prior's.
    expect(Math.abs(contraction['a']! - 0.917)).toBeLessThan(0.07);
    expect(Math.abs(contraction['b']! - 0.735)).toBeLessThan(0.22);
    expect(correlation.map((row, i) => row[i])).toEqual([1, 1]);
    expect(misspecification).toMatchObject({ outOfRange: [] });
  });
  it('warns after the pilot run, before any round, of an observation that the prior does not reach', async () => {
    const source = { ...linear, observation: observation('far', 'x,y\n40,2\n') };
    const told: string[] = [];
    const { summary } = await runFit({
      id: 'far',
      config: configure({ source, rounds: 1 }),
      store: new MemoryStore(),
      version: 'test',
      onWarning: ({ code }) => told.push(code),
      onRound: () => told.push('round'),
    });
    expect(told).toEqual(['observation-outside-simulations', 'round']);
    expect(summary.warnings.map(({ code }) => code)).toContain('observation-outside-simulations');
    expect(summary.diagnostics.misspecification).toEqual({ mahalanobisRank: 1, outOfRange: ['x'] });
    expect(summary.diagnostics.reasons.join()).toMatch(/further from the centre .* than every simulation/);
  });
  it('gives the same numbers with another number of workers', async () => {
    const other = await runFit({
      id: 'two',
      config: configure({ workers: 1 }),
      store: new MemoryStore(),
      version: 'test',
    });
    expect(numbers(other)).toEqual(numbers(result));
  });
  it('is cancelled between rounds with the finished one kept, and then resumes to the same numbers', async () => {
    const kept = new MemoryStore();
    const controller = new AbortController();
    await expect(
      runFit({
        id: 'three',
        config: configure({}),
        store: kept,
        version: 'test',
        signal: controller.signal,
        onRound: () => controller.abort(),
      }),
    ).rejects.toMatchObject({ code: 'cancelled' });
    expect(kept.rounds('three')).toHaveLength(1);
    const resumed = await runFit({ id: 'three', config: configure({}), store: kept, version: 'test' });
    expect(numbers(resumed)).toEqual(numbers(result));
    expect(resumed.summary.warnings.map(({ code }) => code)).not.toContain('kernels-changed');
  });
  it('warns of rounds that were trained by other kernels', async () => {
    const kept = new MemoryStore();
    const config = configure({ simulations: 100, training: { maxEpochs: 2 } });
    const first = await runFit({
      id: 'four',
      config: { ...config, rounds: 1 },
      store: kept,
      version: 'test',
    });
    expect(first.summary.rounds).toHaveLength(1);
    const [round] = kept.rounds('four');
    const moved = new MemoryStore();
    moved.saveRound('four', { ...round!, report: { ...round!.report, kernels: 'other' } });
    const pilot = kept.pilot('four');
    if (pilot) moved.savePilot('four', pilot);
    const { summary } = await runFit({ id: 'four', config, store: moved, version: 'test' });
    const warning = summary.warnings.find(({ code }) => code === 'kernels-changed');
    expect(warning?.message).toContain(`(other, ${kernelBuild(false)})`);
  });
  it('goes on with more rounds after it was finished, to the numbers of its configuration', async () => {
    const two = configure({ algorithm: 'tsnpe', rounds: 1, simulations: 200, training: { maxEpochs: 12 } });
    const first = new MemoryStore();
    await runFit({ id: 'first', config: two, store: first, version: 'test' });
    const added = { rounds: 2, roundsAddedAfter: [1] };
    const more = { ...two, ...added };
    const grown = new MemoryStore();
    const { config, ...prepared } = first.prepared('first')!;
    grown.savePrepared('grown', { ...prepared, config: { ...config, ...added } });
    grown.savePilot('grown', first.pilot('first')!);
    grown.saveRound('grown', first.rounds('first')[0]!);
    const result = await runFit({ id: 'grown', config: more, store: grown, version: 'test' });
    const again = await runFit({ id: 'again', config: more, store: new MemoryStore(), version: 'test' });
    expect(numbers(again)).toEqual(numbers(result));
    // Round 1 was a last round: it was trained on to the end, which a round before the last is not.
    expect(result.summary.rounds.map(({ round }) => round)).toEqual([1, 2]);
    expect(result.summary.rounds[0]!.epochs).toBeGreaterThan(4);
  });
  it('does not go on with a simulator that was changed in between', async () => {
    const kept = new MemoryStore();
    const path = join(folder, 'edited.mjs');
    copyFileSync(linear.simulator, path);
    const config = configure({ source: { ...linear, simulator: path } });
    const controller = new AbortController();
    const run = { id: 'edited', config, store: kept, version: 'test' };
    await expect(
      runFit({ ...run, signal: controller.signal, onRound: () => controller.abort() }),
    ).rejects.toMatchObject({ code: 'cancelled' });
    appendFileSync(path, '\n// another simulator now\n');
    await expect(runFit(run)).rejects.toMatchObject({
      code: 'input-invalid',
      message: expect.stringMatching(/has changed since this run began/),
    });
  });
  it('draws a view of every round whose marginals hold one unit of mass', async () => {
    for (const round of [1, 2]) {
      const view = await posteriorView(store, 'one', round, 128);
      expect(view.marginals.map((marginal) => marginal.name)).toEqual(['a', 'b']);
      for (const { grid, density, median, q05, q95 } of view.marginals) {
        const step = grid[1]! - grid[0]!;
        // The display range holds 99.8 % of the prior; the grid's midpoint rule is exact to 1e-3 on smooth curves.
        expect(density.reduce((sum, value) => sum + value * step, 0)).toBeCloseTo(1, 2);
        expect(q05).toBeLessThan(median);
        expect(median).toBeLessThan(q95);
      }
      expect(view.pairs).toHaveLength(1);
      expect(view.pairs[0]!.level90).toBeLessThan(view.pairs[0]!.level50);
    }
  });
  it('agrees with the written samples on the last round', async () => {
    const view = await posteriorView(store, 'one', 2, 64);
    expect(view.marginals.map((m) => m.median)).toEqual(result.summary.parameters.map((p) => p.median));
  });
  it('shows predictive features without traces for a simulator module', async () => {
    const view = await predictiveView(store, 'one', 1, 5, 100);
    expect(view.draws).toEqual([]);
    expect(view.features.map((feature) => feature.observed)).toEqual([0.8, 1.5]);
    expect(view.features[0]!.posterior.length).toBe(200);
  });
  it('says which rounds there are when asked for another', async () => {
    await expect(posteriorView(store, 'one', 7, 64)).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('runFit on an unreliable simulator', () => {
  it('sets bad simulations aside with their reasons, counts missing features and accepts a missing observation', async () => {
    const source = {
      simulator: simulator('patchy'),
      observation: observation('patchy', 'sum,latency\n0.5,\n'),
    };
    const { summary } = await runFit({
      id: 'patchy',
      config: configure({ source }),
      store: new MemoryStore(),
      version: 'test',
    });
    const [first] = summary.rounds;
    expect(first!.bad).toBe(Object.values(first!.badReasons).reduce((sum, n) => sum + n, 0));
    expect(first!.bad).toBeGreaterThan(20);
    expect(Object.keys(first!.badReasons).join()).toMatch(/too low/);
    expect(first!.missing['latency']).toBeGreaterThan(200);
    expect(summary.features[1]).toMatchObject({ name: 'latency', observed: null });
    expect(summary.diagnostics.predictivePercentiles['latency']).toBeNull();
    // The latency is missing where b ≤ 0, and it is missing here: the posterior of b lies mostly below 0.
    expect(summary.parameters[1]!.median).toBeLessThan(0);
  });
  it.each(['snpe', 'tsnpe'] as const)(
    'learns from the first rounds where simulations go bad, and resumes with the same classifier (%s)',
    async (algorithm) => {
      const source = {
        simulator: simulator('half-bad'),
        observation: observation(`half-bad-${algorithm}`, 'x,y\n0.2,0.1\n'),
      };
      const config = configure({ source, algorithm, rounds: 3 });
      const [whole, kept] = [new MemoryStore(), new MemoryStore()];
      const result = await runFit({ id: 'whole', config, store: whole, version: 'test' });
      const [first, ...later] = result.summary.rounds;
      expect(first!.classifier).toBeNull();
      later.forEach(({ classifier, bad }, i) => {
        expect(classifier!.trainedOn).toBe(600 * (i + 1));
        // The boundary is a line, and 600 simulations place it to a few per cent.
        expect(classifier!.accuracy).toBeGreaterThan(0.9);
        expect(classifier!.thinned).toBeGreaterThan(100);
        expect(bad).toBeLessThan(first!.bad / 3);
      });
      const controller = new AbortController();
      const run = { id: 'cut', config, store: kept, version: 'test' };
      const onRound = () => controller.abort();
      await expect(runFit({ ...run, signal: controller.signal, onRound })).rejects.toMatchObject({
        code: 'cancelled',
      });
      const resumed = await runFit(run);
      expect(numbers(resumed)).toEqual(numbers(result));
      expect(kept.rounds('cut').map((round) => round.proposal)).toEqual(
        whole.rounds('whole').map((round) => round.proposal),
      );
      const off = configure({ source, algorithm, rounds: 2, badSimulations: { classifier: false } });
      const without = await runFit({ id: 'off', config: off, store: new MemoryStore(), version: 'test' });
      expect(without.summary.rounds[1]!.classifier).toBeNull();
      expect(without.summary.rounds[1]!.bad).toBeGreaterThan(2 * later[0]!.bad);
    },
  );
  it('leaves a feature that was not measured out of the fit, and says so', async () => {
    const source = { ...linear, observation: observation('half', 'x,y\n0.8,\n') };
    const { summary } = await runFit({
      id: 'half',
      config: configure({ source, rounds: 1, simulations: 2000 }),
      store: new MemoryStore(),
      version: 'test',
    });
    expect(summary.warnings.map((warning) => warning.code)).toContain('feature-not-measured');
    // Without y, nothing is known about b beyond its prior N(2, 0.5); a third of its sd is far outside the sampling error.
    const b = summary.parameters[1]!;
    expect(Math.abs(b.median - 2)).toBeLessThan(0.15);
    expect((b.q95 - b.q05) / (2 * 1.645 * 0.5)).toBeGreaterThan(0.75);
  });
  it('refuses a device that is not there and two wishes that exclude each other, naming what to do', async () => {
    const strict = configure({ device: 'webgpu', strict: true });
    const contradictory = runFit({ id: 'y', config: strict, store: new MemoryStore(), version: 'test' });
    await expect(contradictory).rejects.toMatchObject({
      code: 'usage',
      remedy: expect.stringMatching(/--strict/),
    });
    vi.stubEnv('CHRONAXIE_TENSORFLOW', '/nowhere/tensorflow');
    const config = configure({ device: 'cuda' });
    const run = runFit({ id: 'x', config, store: new MemoryStore(), version: 'test' });
    await expect(run).rejects.toMatchObject({
      code: 'device-unavailable',
      remedy: expect.stringMatching(/CUDA 11.2/),
    });
    vi.unstubAllEnvs();
  });
  it('refuses a configuration without a source', async () => {
    const run = runFit({
      id: 'x',
      config: configure({ source: null }),
      store: new MemoryStore(),
      version: 'test',
    });
    await expect(run).rejects.toMatchObject({ code: 'usage' });
  });
});
