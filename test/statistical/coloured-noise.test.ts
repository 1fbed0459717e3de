import { describe, expect, it } from 'vitest';
import { fitConfigSchema } from '../../main/contract/config.ts';
import { runFit } from '../../main/inference/run-fit.ts';
import { createRandom } from '../../main/numeric/random.ts';
import { mean, standardDeviation } from '../../main/numeric/statistics.ts';
import { estimatorFromBytes } from '../../main/train/stacked-estimator.ts';
import { MemoryStore } from '../support/memory-store.ts';
import { colouredNoiseProblem, observeColouredNoise, reference } from './tasks/coloured-noise.ts';

const config = fitConfigSchema.parse({
  algorithm: 'npe',
  features: { set: 'trace' },
  simulations: 4000,
  network: { embedding: { kind: 'conv-gru' } },
  training: { maxEpochs: 60 },
  samples: 100,
  predictiveSimulations: 10,
  workers: 2,
});

describe('traces under coloured noise', () => {
  it('are silent for 60 ms at θ*, and have a spike by 120 ms and another by 240 ms', async () => {
    const { task, prepared } = await colouredNoiseProblem(config, 240);
    const { spikeTimesMs } = await observeColouredNoise(task, reference(prepared.parameters), 1);
    expect(spikeTimesMs[0]).toHaveLength(2);
    expect(spikeTimesMs[0]![0]).toBeGreaterThan(60);
    expect(spikeTimesMs[0]![0]).toBeLessThan(120);
    expect(spikeTimesMs[0]![1]).toBeGreaterThan(120);
  });

  it('say more of g_K where there are spikes, to a network that reads them', async () => {
    const problem = await colouredNoiseProblem(config, 120);
    const store = new MemoryStore();
    await runFit({ id: 'x', config, store, version: 'test', prepare: () => Promise.resolve(problem) });
    const estimator = estimatorFromBytes(store.rounds('x')[0]!.estimator);
    const { prior, task } = problem;
    const [n, D] = [200, prior.dimension];
    const theta = new Float64Array(n * D);
    const random = createRandom(11);
    for (let i = 0; i < n; i++) prior.sample(random, theta, i * D);
    const { x, spikeTimesMs } = await observeColouredNoise(task, theta, n);
    const gK = prior.names.indexOf('gK');
    const width = x.length / n;
    const sds: [silent: number[], spiking: number[]] = [[], []];
    spikeTimesMs.forEach((times, i) => {
      if (times.length === 1) return;
      const draws = estimator.condition(x.subarray(i * width, (i + 1) * width)).draw(200, random);
      const values = Float64Array.from({ length: 200 }, (_, row) => draws[row * D + gK]!);
      sds[times.length === 0 ? 0 : 1].push(standardDeviation(values) / prior.sd[gK]!);
    });
    const [silent, spiking] = sds.map(mean);
    expect(Math.min(...sds.map((some) => some.length))).toBeGreaterThan(30);
    // A silent trace says nothing of g_K (1, give or take the estimate's error).
    expect(silent).toBeGreaterThan(0.85);
    expect(spiking!).toBeLessThan(0.7 * silent!);
  });
});
