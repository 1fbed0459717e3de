import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { featureSet } from '../../../main/features/feature-set.ts';
import { spikeTimesMs } from '../../../main/features/moments.ts';
import { createRandom } from '../../../main/numeric/random.ts';
import { NeuronSimulator } from '../../../main/simulate/neuron-simulator.ts';
import type { PoolWorker } from '../../../main/simulate/pool-thread.ts';
import { moduleInfo, SimulatorPool, type SimulationTask } from '../../../main/simulate/simulator-pool.ts';
import { neuronTask, priorDraws, stepProtocol } from './hh8-fixture.ts';

type NeuronSimulationTask = Extract<SimulationTask, { kind: 'neuron' }>;

const open: SimulatorPool[] = [];
async function poolOf(task: SimulationTask, workers: number): Promise<SimulatorPool> {
  const pool = await SimulatorPool.create(task, { workers });
  open.push(pool);
  return pool;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((pool) => pool.close()));
});

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chronaxie-pool-'));
});
afterAll(() => rm(folder, { recursive: true }));
let files = 0;
async function moduleFile(body: string, head = declared): Promise<string> {
  const path = join(folder, `simulator-${files++}.mjs`);
  await writeFile(path, `${head}\n${body}`);
  return path;
}
const declared = `
export const parameters = [{ name: 'a', prior: { uniform: [0, 1] } }, { name: 'b', unit: 'mV', prior: { normal: [0, 2] } }];
export const features = ['sum', 'draw'];`;
const neuron = async (change: Partial<NeuronSimulationTask> = {}): Promise<NeuronSimulationTask> => ({
  ...(await neuronTask()),
  kind: 'neuron',
  maxVoltageMv: 200,
  maxSpikes: null,
  features: { set: 'moments', exclude: [] },
  ...change,
});
const theta = (n: number, dimension: number): Float64Array =>
  Float64Array.from({ length: n * dimension }, (_, i) => i / 10);

describe('a pool that simulates a neuron model', () => {
  it('gives identical bytes with 1, 2 and 4 workers', async () => {
    const task = await neuron({ strict: false });
    const n = 203;
    const batch = { theta: priorDraws(task.model, n), n, seed: 3, stream: 1, firstIndex: 50 };
    const results = [];
    for (const workers of [1, 2, 4]) results.push(await (await poolOf(task, workers)).simulate(batch));
    for (const result of results) {
      expect(result.x).toEqual(results[0]!.x);
      expect(result.bad).toEqual(results[0]!.bad);
    }
    expect(results[0]!.busySeconds).toBeGreaterThan(0);
  });
  it('names a simulation by its index, not by its batch', async () => {
    const task = await neuron();
    const pool = await poolOf(task, 2);
    const all = priorDraws(task.model, 40);
    const common = { seed: 3, stream: 1 };
    const whole = await pool.simulate({ ...common, theta: all, n: 40, firstIndex: 0 });
    const part = await pool.simulate({ ...common, theta: all.slice(13 * 8), n: 27, firstIndex: 13 });
    expect(part.x).toEqual(whole.x.slice(13 * 7));
    const other = await pool.simulate({ ...common, stream: 2, theta: all, n: 40, firstIndex: 0 });
    expect(other.x).not.toEqual(whole.x);
  });
  it('computes the features, spike times and traces of the simulator it drives', async () => {
    const task = await neuron();
    const pool = await poolOf(task, 1);
    const batch = { theta: priorDraws(task.model, 9), n: 9, seed: 3, stream: 1, firstIndex: 0 };
    const result = await pool.simulate(batch, { spikeTimes: true });
    const { voltageMv, steps, dtMs } = await pool.traces(batch);
    const direct = new NeuronSimulator(task);
    direct.simulate({ ...batch, first: 0, count: 9 });
    const set = featureSet('moments');
    expect(pool.features.map((f) => f.name)).toEqual(set.definitions.map((d) => d.name));
    for (let i = 0; i < 9; i++) {
      const trace = voltageMv.slice(i * steps, (i + 1) * steps);
      expect(trace).toEqual(direct.trace(i));
      const input = { voltageMv: trace, dtMs, stepStartMs: 5, stepEndMs: 35, stepAmplitude: 3.24806 };
      const out = new Float64Array(7);
      set.compute(input, out, 0);
      expect(result.x.slice(i * 7, i * 7 + 7)).toEqual(out);
      expect(result.spikeTimesMs![i]).toEqual(spikeTimesMs(input));
    }
    expect(result.spikeTimesMs!.flat().length).toBeGreaterThan(0);
  });
  it('keeps double precision in exact traces', async () => {
    const task = await neuron({ precision: 'f64' });
    const pool = await poolOf(task, 1);
    const batch = { theta: priorDraws(task.model, 2), n: 2, seed: 3, stream: 1, firstIndex: 0 };
    const exact = await pool.exactTraces(batch);
    expect(exact.voltageMv).toBeInstanceOf(Float64Array);
    expect((await pool.traces(batch)).voltageMv).toEqual(Float32Array.from(exact.voltageMv));
  });
  it('leaves out excluded features, and refuses to exclude unknown ones or all', async () => {
    const exclude = ['restStd', 'stimKurt'];
    const task = await neuron({ features: { set: 'moments', exclude } });
    const batch = { theta: priorDraws(task.model, 3), n: 3, seed: 3, stream: 1, firstIndex: 0 };
    const few = await poolOf(task, 1);
    const all = await poolOf(await neuron(), 1);
    expect(few.features.map((f) => f.name)).not.toContain('restStd');
    const [some, every] = [await few.simulate(batch), await all.simulate(batch)];
    const kept = all.features.flatMap((f, i) => (exclude.includes(f.name) ? [] : [i]));
    for (let i = 0; i < 3; i++)
      expect([...some.x.slice(i * 5, i * 5 + 5)]).toEqual(kept.map((f) => every.x[i * 7 + f]));
    const wrong = await neuron({ features: { set: 'moments', exclude: ['latency'] } });
    await expect(SimulatorPool.create(wrong, { workers: 2 })).rejects.toMatchObject({
      code: 'input-invalid',
    });
    const none = await neuron({ features: { set: 'moments', exclude: all.features.map((f) => f.name) } });
    await expect(SimulatorPool.create(none, { workers: 1 })).rejects.toThrow('nothing is left');
  });
  it('counts diverged simulations and those beyond the largest voltage, each with its reason', async () => {
    const task = await neuron({ maxVoltageMv: 75 });
    const pool = await poolOf(task, 2);
    const draws = priorDraws(task.model, 60);
    draws[5 * 8] = NaN;
    const { bad, badReasons, x } = await pool.simulate({
      theta: draws,
      n: 60,
      seed: 3,
      stream: 1,
      firstIndex: 0,
    });
    const reason = Array.from(bad, (code) => (code === 0 ? null : badReasons[code - 1]));
    expect(reason[5]).toBe('diverged: non-finite voltage');
    expect(reason.filter((r) => r === '|V| above 75 mV').length).toBeGreaterThan(0);
    expect(reason.filter((r) => r === null).length).toBeGreaterThan(0);
    reason.forEach((r, i) => expect(Number.isNaN(x[i * 7]!)).toBe(r !== null));
  });
  it.each(['moments', 'spikes', 'subthreshold', 'all'] as const)(
    'sets simulations with too many spikes aside, whatever the features (%s)',
    async (set) => {
      const features = { set, exclude: set === 'moments' ? ['spikeCount'] : [] };
      const n = 60;
      const free = await poolOf(await neuron({ features }), 2);
      const batch = { theta: priorDraws((await neuron()).model, n), n, seed: 3, stream: 1, firstIndex: 0 };
      const all = await free.simulate(batch, { spikeTimes: true });
      const pool = await poolOf(await neuron({ features, maxSpikes: 1 }), 2);
      const { x, bad, badReasons } = await pool.simulate(batch);
      expect(badReasons).toEqual(['more than 1 spikes']);
      const width = pool.features.length;
      const counted = pool.features.findIndex((f) => f.name === 'spikeCount');
      for (let i = 0; i < n; i++) {
        // The set's own count where it is fitted, else that of the moments' rule.
        const spikes = counted >= 0 ? all.x[i * width + counted]! : all.spikeTimesMs![i]!.length;
        expect(bad[i]).toBe(spikes > 1 ? 1 : 0);
        const row = x.slice(i * width, (i + 1) * width);
        expect(row).toEqual(spikes > 1 ? row.map(() => NaN) : all.x.slice(i * width, (i + 1) * width));
      }
      expect(bad.filter((code) => code === 0).length).toBeGreaterThan(0);
    },
  );
  it('lists no spikes of a simulation that another of its sweeps makes bad', async () => {
    const step = stepProtocol();
    const strong = { ...step, currentDensity: step.currentDensity.map((density) => density * 1e5) };
    const task = await neuron({ sweeps: { own: 1, others: [{ sweep: 2, protocol: strong }] } });
    const batch = { theta: priorDraws(task.model, 9), n: 9, seed: 3, stream: 1, firstIndex: 0 };
    const own = await (await poolOf(await neuron(), 1)).simulate(batch, { spikeTimes: true });
    expect(own.spikeTimesMs!.some((times) => times.length > 0)).toBe(true);
    const { bad, spikeTimesMs } = await (await poolOf(task, 1)).simulate(batch, { spikeTimes: true });
    expect([...bad]).toEqual(new Array(9).fill(1));
    expect(spikeTimesMs).toEqual(new Array(9).fill([]));
  });
  it('stops between two groups when cancelled, and simulates again afterwards', async () => {
    const task = await neuron({ protocol: stepProtocol(0.01, 400) });
    const pool = await poolOf(task, 2);
    const n = 5000;
    const batch = { theta: priorDraws(task.model, n), n, seed: 3, stream: 1, firstIndex: 0 };
    const abort = new AbortController();
    const progress: number[] = [];
    const onProgress = (done: number): void => {
      progress.push(done);
      if (done > 0) abort.abort();
    };
    await expect(pool.simulate(batch, { signal: abort.signal, onProgress })).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect(progress.at(-1)).toBeLessThan(n);
    const short = await pool.simulate({ ...batch, theta: batch.theta.slice(0, 24), n: 3 }, { onProgress });
    expect(short.x.every(Number.isFinite)).toBe(true);
    expect(progress.at(-1)).toBe(3);
    await expect(pool.simulate(batch, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'cancelled',
    });
  });
  it('runs batches that arrive together one after the other', async () => {
    const task = await neuron();
    const pool = await poolOf(task, 2);
    const batch = (firstIndex: number) => ({
      theta: priorDraws(task.model, 20),
      n: 20,
      seed: 3,
      stream: 1,
      firstIndex,
    });
    const [a, b, c] = await Promise.all([0, 1, 0].map((i) => pool.simulate(batch(i))));
    expect(c!.x).toEqual(a!.x);
    expect(b!.x).not.toEqual(a!.x);
  });
  it('refuses a wrong model before any simulation, and θ of a wrong length', async () => {
    const task = await neuron({ free: ['gNa'] });
    await expect(SimulatorPool.create(task, { workers: 1 })).rejects.toMatchObject({ code: 'input-invalid' });
    const pool = await poolOf(await neuron(), 1);
    const batch = { theta: new Float64Array(15), n: 2, seed: 1, stream: 1, firstIndex: 0 };
    await expect(pool.simulate(batch)).rejects.toThrow('2 × 8 are needed');
  });
  it('rejects the batch with a coded error when a worker dies, and works again afterwards', async () => {
    const task = await neuron({ protocol: stepProtocol(0.01, 400) });
    const pool = await poolOf(task, 2);
    const batch = { theta: priorDraws(task.model, 5000), n: 5000, seed: 3, stream: 1, firstIndex: 0 };
    const outcome = expect(pool.simulate(batch)).rejects.toMatchObject({
      code: 'internal',
      message: expect.stringContaining('Worker terminated due to reaching memory limit'),
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    // A compiled model cannot be made to crash from outside: the pool is told what Node tells it of a dead thread.
    pool.died({ place: 0 } as PoolWorker, 'Worker terminated due to reaching memory limit');
    await outcome;
    const again = await pool.simulate({ ...batch, theta: batch.theta.slice(0, 24), n: 3 });
    expect(again.x.every(Number.isFinite)).toBe(true);
  });
  it('rejects a running batch as cancelled when it is closed', async () => {
    const task = await neuron({ protocol: stepProtocol(0.01, 400) });
    const pool = await poolOf(task, 1);
    const batch = { theta: priorDraws(task.model, 5000), n: 5000, seed: 3, stream: 1, firstIndex: 0 };
    const running = pool.simulate(batch);
    const outcome = expect(running).rejects.toMatchObject({ code: 'cancelled' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await pool.close();
    await outcome;
  });
});

describe('a pool that runs a simulator module', () => {
  const task = (path: string, timeLimitS = 30): SimulationTask => ({ kind: 'module', path, timeLimitS });
  const batch = (n: number) => ({ theta: theta(n, 2), n, seed: 8, stream: 2, firstIndex: 10 });

  it('calls it with θ and the random stream of the simulation, the same with 1, 2 or 4 workers', async () => {
    const path = await moduleFile(
      `export async function simulate(theta, random) { random(); return [theta[0] + theta[1], random()]; }`,
    );
    for (const workers of [1, 2, 4]) {
      const { x, bad } = await (await poolOf(task(path), workers)).simulate(batch(9));
      expect(bad.every((b) => b === 0)).toBe(true);
      for (let i = 0; i < 9; i++) {
        const random = createRandom(8, 2, 10 + i);
        random.uniform();
        expect([x[2 * i], x[2 * i + 1]]).toEqual([(2 * i) / 10 + (2 * i + 1) / 10, random.uniform()]);
      }
    }
  });
  it('keeps missing features and sets aside null, throws and infinities with their reasons', async () => {
    const path = await moduleFile(`export function simulate([a]) {
      if (a === 0) return null;
      if (a === 0.2) throw new Error('no convergence');
      if (a === 0.4) return [1, Infinity];
      return Float32Array.of(a, NaN);
    }`);
    const { x, bad, badReasons } = await (await poolOf(task(path), 2)).simulate(batch(5));
    expect(badReasons).toEqual([
      'the simulator returned null',
      'the simulator threw: no convergence',
      'the feature «draw» was infinite',
    ]);
    expect([...bad]).toEqual([1, 2, 3, 0, 0]);
    expect([...x]).toEqual([NaN, NaN, NaN, NaN, NaN, NaN, Math.fround(0.6), NaN, Math.fround(0.8), NaN]);
  });
  it('stops a call beyond the time limit, replaces its worker and keeps the rest', async () => {
    const path = await moduleFile(`export function simulate([a]) {
      if (a === 0.4) for (;;);
      if (a === 0.6) return new Promise(() => {});
      return [a, 1];
    }`);
    const pool = await poolOf(task(path, 0.3), 2);
    const { bad, badReasons, x } = await pool.simulate(batch(12));
    expect(badReasons).toEqual(['took longer than 0.3 s']);
    expect([...bad]).toEqual([0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
    // Both workers hang at once; all the other simulations arrive.
    const rows = Array.from(bad, (code, i) => (code === 0 ? [(2 * i) / 10, 1] : [NaN, NaN]));
    expect([...x]).toEqual(rows.flat());
  });
  it('counts a thousand different messages under few reasons', async () => {
    const path = await moduleFile(`let calls = 0;
      export function simulate([a]) {
        if (calls++ % 2) throw new Error('no root at t = ' + a + ' ms');
        throw Object.create(null);
      }`);
    const { bad, badReasons } = await (await poolOf(task(path), 1)).simulate(batch(1000));
    expect(badReasons).toEqual([
      'the simulator threw: something without a text',
      'the simulator threw: no root at t = … ms',
    ]);
    expect(bad.filter((code) => code === 1).length).toBe(500);
    expect(bad.filter((code) => code === 2).length).toBe(500);
  });
  it('counts a simulation that ends its worker as bad and goes on with a new worker', async () => {
    const path = await moduleFile(`export function simulate([a]) {
      if (a === 0.4) process.exit(7);
      return [a, 1];
    }`);
    const pool = await poolOf(task(path), 1);
    const { bad, badReasons } = await pool.simulate(batch(6));
    expect([...bad]).toEqual([0, 0, 1, 0, 0, 0]);
    expect(badReasons).toEqual(['the simulator ended its worker: exit code 7']);
  });
  it('gives up on a module whose workers keep dying between two calls', async () => {
    // The fault comes when the module has been read: just before or just after the worker says that it is ready.
    const path = await moduleFile(`export function simulate() { return [1, 2]; }
      setImmediate(() => { throw new Error('late fault'); });`);
    const simulated = async () => (await poolOf(task(path), 1)).simulate(batch(3));
    await expect(simulated()).rejects.toMatchObject({
      code: 'simulator-invalid',
      message: expect.stringContaining('late fault'),
    });
  });
  it('replaces a worker that dies while the others are still being loaded', async () => {
    const path = await moduleFile(`import { mkdirSync } from 'node:fs';
      import { workerData } from 'node:worker_threads';
      const isFirst = (() => { try { mkdirSync(import.meta.filename + '.died'); return true; } catch { return false; } })();
      if (isFirst) setTimeout(() => process.exit(7), 20);
      else await new Promise((resolve) => setTimeout(resolve, 300));
      export function simulate([a]) { return [a, workerData.place]; }`);
    const pool = await poolOf(task(path), 2);
    const { x } = await pool.simulate(batch(8), { signal: AbortSignal.timeout(5000) });
    expect([...x].filter((_, i) => i % 2 === 0)).toEqual([...theta(8, 2)].filter((_, i) => i % 2 === 0));
  }, 15_000);
  it('cancels at once, even in a call that never returns', async () => {
    const path = await moduleFile(`export function simulate() { for (;;); }`);
    const pool = await poolOf(task(path), 2);
    const signal = AbortSignal.timeout(200);
    await expect(pool.simulate(batch(4), { signal })).rejects.toMatchObject({ code: 'cancelled' });
  });
  it.each([
    ['a list of a wrong length', 'return [1];', 'returned 1 values for its 2 features'],
    ['undefined', '', 'returned undefined instead of a list'],
    ['strings', "return ['1', '2'];", 'which is not a number'],
  ])('refuses a module that returns %s', async (_, body, message) => {
    const pool = await poolOf(task(await moduleFile(`export function simulate() { ${body} }`)), 2);
    const outcome = expect(pool.simulate(batch(5))).rejects;
    await outcome.toMatchObject({ code: 'simulator-invalid', message: expect.stringContaining(message) });
  });
  it('has no traces', async () => {
    const pool = await poolOf(task(await moduleFile('export const simulate = () => [1, 2];')), 1);
    await expect(pool.traces(batch(1))).rejects.toMatchObject({ code: 'usage' });
  });
});

describe('moduleInfo', () => {
  const simulate = 'export const simulate = () => [1, 2];';
  it('says what a module declares', async () => {
    expect(await moduleInfo(await moduleFile(simulate))).toEqual({
      parameters: [
        { name: 'a', unit: '', prior: { uniform: [0, 1] } },
        { name: 'b', unit: 'mV', prior: { normal: [0, 2] } },
      ],
      jointPrior: null,
      features: ['sum', 'draw'],
    });
  });
  it('says that a module is not there', async () => {
    const path = join(folder, 'nowhere.mjs');
    await expect(moduleInfo(path)).rejects.toMatchObject({
      code: 'file-not-found',
      message: `There is no simulator module ${path}.`,
    });
  });
  it('gives each parameter its marginal where the prior is correlated', async () => {
    const head = `export const parameters = [{ name: 'a' }, { name: 'b' }]; export const features = ['f'];
      export const prior = { normal: { mean: [1, 2], covariance: [[4, 1], [1, 9]] } };`;
    const { parameters, jointPrior } = await moduleInfo(await moduleFile(simulate, head));
    expect(parameters.map((p) => p.prior)).toEqual([{ normal: [1, 2] }, { normal: [2, 3] }]);
    expect(jointPrior?.normal.mean).toEqual([1, 2]);
  });
  it.each([
    ['has a syntax error', 'export const = 1;', 'cannot be loaded'],
    ['throws when loaded', `${declared}; throw new Error('no data file');`, 'no data file'],
    ['has no simulate', declared, 'simulate must be a function'],
    [
      'has no parameters',
      `export const parameters = []; export const features = ['f']; ${simulate}`,
      'parameters',
    ],
    ['repeats a feature', declared.replace("'draw'", "'sum'") + simulate, '«sum» twice'],
    ['lacks a prior', declared.replace('prior: { uniform: [0, 1] }', '') + simulate, 'gives «a» no prior'],
    ['has a wrong prior', declared.replace('[0, 1]', '[1, 0]') + simulate, 'lower bound'],
    ['ends the process', `${declared}; ${simulate} process.exit(3);`, 'ended with code 3'],
    [
      'has a covariance of a wrong size',
      `export const parameters = [{ name: 'a' }, { name: 'b' }]; export const features = ['f']; ${simulate}
       export const prior = { normal: { mean: [1, 2], covariance: [[4]] } };`,
      'has a wrong prior',
    ],
  ])('refuses a module that %s', async (_, source, message) => {
    await expect(moduleInfo(await moduleFile('', source))).rejects.toMatchObject({
      code: 'simulator-invalid',
      message: expect.stringContaining(message),
    });
  });
});
