import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { fitConfigSchema } from '../../../main/contract/config.ts';
import { prepareProblem } from '../../../main/inference/problem.ts';
import { createRandom } from '../../../main/numeric/random.ts';
import { SimulatorPool, type SimulationTask } from '../../../main/simulate/simulator-pool.ts';

const recording = fileURLToPath(new URL('../../../resources/examples/18711001-steps.nwb', import.meta.url));
const prepare = (maxSpikes: number | null) =>
  prepareProblem(
    fitConfigSchema.parse({
      source: { recording, sweep: 4 },
      cell: { capacitancePf: 100 },
      simulation: { maxSpikes },
    }),
  );

describe('a problem from a recording', () => {
  it('hands the rules for bad simulations to the simulator', async () => {
    const { task, observed } = await prepare(500);
    expect(task).toMatchObject({ kind: 'neuron', maxSpikes: 500, maxVoltageMv: 200 });
    expect(observed[0]).toBeGreaterThan(1);
  });
  it('refuses a rule that the recording itself breaks', async () => {
    await expect(prepare(1)).rejects.toMatchObject({
      code: 'input-invalid',
      message: expect.stringMatching(/has \d+ spikes, but simulation.maxSpikes/),
    });
  });
});

describe('a problem of several sweeps', () => {
  const several = (change: Record<string, unknown> = {}) =>
    prepareProblem(
      fitConfigSchema.parse({
        source: { recording, sweep: 4, alsoSweeps: [2, 4, 1] },
        cell: { capacitancePf: 100 },
        ...change,
      }),
    );
  it('observes the features of each sweep under its number, the chosen one first', async () => {
    const { prepared, observed, task } = await several();
    expect(prepared.recording?.sweeps).toEqual([4, 1, 2]);
    const names = prepared.features.map(({ name }) => name);
    expect(names).toHaveLength(21);
    expect([names[0], names[7], names[14]]).toEqual([
      'sweep4.spikeCount',
      'sweep1.spikeCount',
      'sweep2.spikeCount',
    ]);
    const single = await prepare(null);
    expect(observed.subarray(0, 7)).toEqual(single.observed);
    expect(task).toMatchObject({ sweeps: { own: 4, others: [{ sweep: 1 }, { sweep: 2 }] } });
    // The configuration beside a result gives the same run again.
    const again = await prepareProblem(prepared.config);
    expect([...again.observed]).toEqual([...observed]);
  });
  it('simulates every parameter set with each sweep, the chosen one as it is simulated alone', async () => {
    const { task, prior } = await several();
    const { task: alone } = await prepare(null);
    const n = 40;
    const theta = new Float64Array(n * prior.dimension);
    const random = createRandom(9);
    for (let i = 0; i < n; i++) prior.sample(random, theta, i * prior.dimension);
    const batch = { theta, n, seed: 3, stream: 1, firstIndex: 0 };
    const run = async (of: SimulationTask) => {
      const pool = await SimulatorPool.create(of, { workers: 2 });
      try {
        return {
          ...(await pool.simulate(batch, { spikeTimes: true })),
          names: pool.features.map(({ name }) => name),
        };
      } finally {
        await pool.close();
      }
    };
    const [together, single] = await Promise.all([run(task), run(alone)]);
    expect(together.names[7]).toBe('sweep1.spikeCount');
    for (let i = 0; i < n; i++)
      expect([...together.x.subarray(i * 21, i * 21 + 7)]).toEqual([...single.x.subarray(i * 7, i * 7 + 7)]);
    expect(together.spikeTimesMs).toEqual(single.spikeTimesMs);
    // Sweep 1 is a weaker step: other features of the same parameters.
    expect(together.x[8 + 0]).not.toBe(together.x[1]);
    const bad = await run({ ...(task as typeof task & { kind: 'neuron' }), maxVoltageMv: 30 });
    for (let i = 0; i < n; i++)
      expect([...bad.x.subarray(i * 21, (i + 1) * 21)].every((v) => Number.isNaN(v))).toBe(bad.bad[i] !== 0);
    expect(bad.bad.some((code) => code !== 0)).toBe(true);
  });
  it('refuses a sweep that is not there, and several traces', async () => {
    await expect(several({ source: { recording, sweep: 4, alsoSweeps: [99] } })).rejects.toMatchObject({
      message: expect.stringContaining('has no sweep 99'),
    });
    await expect(several({ features: { set: 'trace' } })).rejects.toMatchObject({ code: 'not-yet' });
  });
});
