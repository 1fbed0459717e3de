import { describe, expect, it } from 'vitest';
import { localC2st, type LocalC2stInput } from '../../../main/diagnostics/local-c2st.ts';
import { createRandom } from '../../../main/numeric/random.ts';

/**
 * θ ~ N(0, 1), x = θ + N(0, 1), posterior N(x/2, ½), and an estimate that is wrong by `factor` where x > ½ only. The observation
 * lies at x = ±1.5: the local test must see the error where it is.
 */
function table(n: number, observed: number, factor: number): LocalC2stInput {
  const random = createRandom(3, n);
  const estimate = (x: number) => x / 2 + Math.SQRT1_2 * (x > 0.5 ? factor : 1) * random.normal();
  const truth = Float64Array.from({ length: n }, () => random.normal());
  const x = truth.map((theta) => theta + random.normal());
  return {
    dimension: 1,
    features: 1,
    truth,
    estimated: x.map(estimate),
    x,
    observed: Float64Array.of(observed),
    draws: Float64Array.from({ length: 300 }, () => estimate(observed)),
  };
}
const options = { seed: 1, shuffles: 19 };

describe('localC2st', () => {
  it('sees an estimate that is too narrow at this observation, and much less of it at another where it is right', async () => {
    const wrong = await localC2st(table(600, 1.5, 0.4), options);
    expect(wrong.pValue).toBe(1 / 20); // the least that 19 shuffles can say
    expect(wrong.statistic).toBeGreaterThan(wrong.threshold);
    const right = await localC2st(table(600, -1.5, 0.4), options);
    // 3.5 over four seeds; the classifier is smooth, so that some of the error is seen from afar.
    expect(wrong.statistic / right.statistic).toBeGreaterThan(2);
  });

  it('accepts an estimate that is right everywhere', async () => {
    const { pValue, statistic, threshold } = await localC2st(table(600, 1.5, 1), options);
    expect(pValue).toBeGreaterThan(1 / 20);
    expect(statistic).toBeLessThan(threshold);
  });

  it('gives the same numbers for the same seed, and says how far it is', async () => {
    const heard: number[] = [];
    const run = () => localC2st(table(50, 0, 1), { ...options, onProgress: (done) => heard.push(done) });
    expect(await run()).toEqual(await run());
    expect(heard.slice(0, 19)).toEqual(Array.from({ length: 19 }, (_, i) => i + 1));
  });

  it('stops when it is cancelled', async () => {
    const controller = new AbortController();
    const run = localC2st(table(50, 0, 1), {
      ...options,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(run).rejects.toThrow();
  });

  it('refuses tables that do not fit together', async () => {
    const input = table(50, 0, 1);
    await expect(localC2st({ ...input, x: new Float64Array(7) }, options)).rejects.toThrow(/do not fit/);
    await expect(localC2st({ ...input, draws: new Float64Array(0) }, options)).rejects.toThrow(/do not fit/);
  });
});
