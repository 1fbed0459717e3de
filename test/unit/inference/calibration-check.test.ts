import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CalibrationProgress } from '../../../main/contract/calibration.ts';
import { fitConfigSchema, type FitConfigInput } from '../../../main/contract/config.ts';
import { shareAt } from '../../../main/diagnostics/calibration-summary.ts';
import { calibrateRun } from '../../../main/inference/calibration-check.ts';
import { calibrationCost } from '../../../main/inference/calibration-cost.ts';
import { runFit } from '../../../main/inference/run-fit.ts';
import { MemoryStore } from '../../support/memory-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'chronaxie-calibration-'));
const observation = join(folder, 'observed.csv');
writeFileSync(observation, 'x,y\n0.8,1.5\n');
const simulator = fileURLToPath(new URL('../../support/simulators/linear-gaussian.mjs', import.meta.url));

const configure = (changes: FitConfigInput) =>
  fitConfigSchema.parse({
    source: { simulator, observation },
    pilotSimulations: 100,
    samples: 1000,
    predictiveSimulations: 20,
    workers: 2,
    network: { hidden: [20] },
    ...changes,
  });

async function fitted(changes: FitConfigInput): Promise<MemoryStore> {
  const store = new MemoryStore();
  await runFit({ id: 'run', config: configure(changes), store, version: 'test' });
  return store;
}

describe('calibrateRun on an amortised fit', () => {
  let store: MemoryStore;
  beforeAll(async () => {
    store = await fitted({ algorithm: 'npe', simulations: 4000, training: { maxEpochs: 40 } });
  });

  it('finds the posterior of a linear Gaussian model calibrated, with the network that was trained', async () => {
    const heard: CalibrationProgress[] = [];
    const found = await calibrateRun(store, 'run', {
      simulations: 300,
      shuffles: 49,
      onProgress: (progress) => heard.push(progress),
    });
    expect(found).toMatchObject({ method: 'network', compared: 300, lost: 0, draws: 999 });
    expect(found.parameters.map(({ name }) => name)).toEqual(['a', 'b']);
    // The network learns this posterior well; a study of 300 then stays within 5 binomial standard errors (.017 and .029).
    expect(Math.abs(shareAt(found.coverage.curve, 0.9) - 0.9)).toBeLessThan(0.087);
    expect(Math.abs(shareAt(found.coverage.curve, 0.5) - 0.5)).toBeLessThan(0.145);
    expect(found.verdict).not.toBe('not-calibrated');
    expect(found.local!.pValue).toBeGreaterThan(0.02);
    expect(new Set(heard.map(({ phase }) => phase))).toEqual(new Set(['simulate', 'compare', 'local']));
    expect(heard.filter(({ phase }) => phase === 'compare').at(-1)).toMatchObject({ done: 300, total: 300 });
  });

  it('sees a posterior that is too narrow', async () => {
    // Simulations of a noisier model than the network has learned from: it is as sure as before, and wrong more often.
    const noisy = join(folder, 'noisier.mjs');
    writeFileSync(
      noisy,
      `export { parameters, features } from ${JSON.stringify(simulator)};
       import { simulate as quiet } from ${JSON.stringify(simulator)};
       export const simulate = (theta, random) => quiet(theta, random).map((value) => value + 3 * (random() - 0.5));`,
    );
    const { prepareProblem } = await import('../../../main/inference/problem.ts');
    const prepare = async () => {
      const problem = await prepareProblem(configure({ source: { simulator: noisy, observation } }));
      return { ...problem, prepared: store.prepared('run')! };
    };
    const found = await calibrateRun(store, 'run', { simulations: 200, shuffles: 9, prepare });
    expect(found.coverage.shape).toBe('narrow');
    expect(found.verdict).toBe('not-calibrated');
    expect(found.reasons[0]).toMatch(/overconfident|too narrow/);
  });

  it('gives the same numbers again, and with another number of workers', async () => {
    const study = async () => ({
      ...(await calibrateRun(store, 'run', { simulations: 40, shuffles: 9 })),
      seconds: 0,
    });
    const first = await study();
    const prepared = store.prepared('run')!;
    store.savePrepared('run', { ...prepared, config: { ...prepared.config, workers: 1 } });
    const second = await study();
    store.savePrepared('run', prepared);
    expect(second).toEqual(first);
  });

  it('says what it costs before it starts', async () => {
    const cost = await calibrationCost(store, 'run', 300);
    expect(cost).toMatchObject({ id: 'run', method: 'network', simulations: 300 });
    expect(cost.words).toMatch(/^Simulates 300 parameter sets from the prior and asks the trained network/);
    expect(cost.seconds).toBeGreaterThan(0);
  });

  it('stops when it is cancelled, and says that the run is as it was', async () => {
    const controller = new AbortController();
    const run = calibrateRun(store, 'run', {
      simulations: 100,
      signal: controller.signal,
      onProgress: ({ phase, done }) => {
        if (phase === 'compare' && done === 5) controller.abort();
      },
    });
    await expect(run).rejects.toMatchObject({
      code: 'cancelled',
      message: expect.stringMatching(/as it was/),
    });
  });

  it('refuses to judge by a handful', async () => {
    await expect(calibrateRun(store, 'run', { simulations: 10 })).rejects.toMatchObject({
      code: 'inference-failed',
      remedy: expect.stringMatching(/at least 20/),
    });
  });

  it('refuses a run that is not finished, and a search for points', async () => {
    await expect(calibrateRun(store, 'nobody', { simulations: 50 })).rejects.toMatchObject({ code: 'usage' });
    const prepared = store.prepared('run')!;
    store.savePrepared('run', { ...prepared, config: { ...prepared.config, algorithm: 'ibea' } });
    const refused = calibrateRun(store, 'run', { simulations: 50 });
    await expect(refused).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(/no posterior/),
    });
    store.savePrepared('run', prepared);
  });
});

describe('calibrateRun on fits in rounds', () => {
  it('asks tsnpe’s last network inside the region that it was trained for', async () => {
    const store = await fitted({ algorithm: 'tsnpe', rounds: 2, simulations: 2000 });
    const found = await calibrateRun(store, 'run', { simulations: 200, shuffles: 19 });
    expect(found).toMatchObject({ method: 'network', compared: 200 });
    expect(found.verdict).not.toBe('not-calibrated');
  });

  it('fits every simulation anew for snpe, whose network is bound to its observation', async () => {
    const store = await fitted({
      algorithm: 'snpe',
      rounds: 2,
      simulations: 300,
      training: { maxEpochs: 10 },
      workers: 1,
    });
    const cost = await calibrationCost(store, 'run', 20);
    expect(cost.method).toBe('refit');
    expect(cost.words).toMatch(/fits each anew/);
    const phases = new Set<string>();
    const found = await calibrateRun(store, 'run', {
      simulations: 20,
      onProgress: ({ phase }) => phases.add(phase),
    });
    expect(found).toMatchObject({ method: 'refit', compared: 20, local: null });
    expect(phases).toEqual(new Set(['simulate', 'refit']));
  }, 60_000);
});
