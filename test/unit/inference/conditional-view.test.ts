import { beforeAll, describe, expect, it } from 'vitest';
import { fitConfigSchema } from '../../../main/contract/config.ts';
import { Mixture } from '../../../main/density/mixture.ts';
import { stackDensities } from '../../../main/density/stacked.ts';
import type { ConditionalView, PairView } from '../../../main/contract/posterior.ts';
import { conditionalView } from '../../../main/inference/conditional-view.ts';
import type { ResultRecord, RoundRecord } from '../../../main/inference/fit-store.ts';
import { precisionFactorFromCovariance } from '../../../main/numeric/linear-algebra.ts';
import { createRandom } from '../../../main/numeric/random.ts';
import { MemoryStore } from '../../support/memory-store.ts';

/** Three parameters; the first two compensate each other (correlation .9), the third, of a log-normal prior, stands apart. */
const covariance = [1, 0.9, 0, 0.9, 1, 0, 0, 0, 0.25];
const estimate = new Mixture({
  components: 1,
  dimension: 3,
  logWeights: Float64Array.of(0),
  means: Float64Array.of(0, 0, 1),
  precisionFactors: precisionFactorFromCovariance(covariance, 3),
});
const store = new MemoryStore();
beforeAll(() => {
  store.savePrepared('run', {
    ...{ config: fitConfigSchema.parse({}), recording: null, model: 'm', modelSha256: '', jointPrior: null },
    ...{ coordinates: 'working', features: [], warnings: [] },
    parameters: [
      { name: 'a', unit: '', prior: { uniform: [-5, 5] } },
      { name: 'b', unit: '', prior: { uniform: [-5, 5] } },
      { name: 'c', unit: '', prior: { logNormal: [0, 1] } },
    ],
  });
  store.saveRound('run', {
    round: 1,
    report: { acceptance: 1 },
    posterior: JSON.stringify(estimate.toJSON()),
  } as RoundRecord);
  const samples = estimate
    .draw(3000, createRandom(1))
    .map((value, i) => (i % 3 === 2 ? Math.exp(value) : value));
  store.saveResult('run', { samples } as ResultRecord);
});
const view = (fixed: Record<number, number>) =>
  conditionalView(store, 'run', 1, new Map(Object.entries(fixed).map(([i, v]) => [Number(i), v])), 128);
/** On the axis that the parameter is drawn on. */
const mass = ({ low, high, logarithmic, density }: ConditionalView['marginals'][number]) => {
  const width = logarithmic ? Math.log(high / low) : high - low;
  return density.reduce((sum, value) => sum + value, 0) * (width / density.length);
};

describe('conditionalView', () => {
  it('narrows and moves what compensates the fixed parameter, and leaves the rest', async () => {
    const { marginals, pairs, fixed } = await view({ 0: 1.5 });
    expect(fixed).toEqual([{ parameter: 0, value: 1.5 }]);
    expect(marginals.map(({ parameter, name }) => `${parameter} ${name}`)).toEqual(['1 b', '2 c']);
    const [b, c] = marginals;
    // Normal with mean 1.35 and sd √.19 = .436; 2,000 draws know the median to .012 and a 5 % quantile to .021: four of each.
    expect(Math.abs(b!.median - 1.35)).toBeLessThan(0.05);
    expect(Math.abs(b!.q05 - (1.35 - 1.645 * 0.436))).toBeLessThan(0.085);
    expect(Math.abs(Math.log(c!.median) - 1)).toBeLessThan(0.06);
    // Smoothed curves lose a little at the ends of the display range.
    for (const marginal of marginals) expect(mass(marginal)).toBeCloseTo(1, 1);
    expect(marginals.map(({ logarithmic }) => logarithmic)).toEqual([false, true]);
    // ln c has mean 1 in a display range of ±3.09: the peak of a column of the image lies two thirds up.
    expect(pairs).toHaveLength(1);
    const [{ x, y, size, density }] = pairs as [PairView];
    expect([x, y, size]).toEqual([2, 1, 96]);
    const peak = density.indexOf(1);
    expect(((peak % size) + 0.5) / size).toBeCloseTo((1 + 3.09) / 6.18, 1);
    expect((Math.floor(peak / size) + 0.5) / size).toBeCloseTo((1.35 + 5) / 10, 1);
  });

  it('gives every pair of three free parameters or more by its draws', async () => {
    const { pairs } = await view({});
    expect(pairs.map(({ x, y }) => [x, y])).toEqual([[1, 0], [2, 0], [2, 1]]); // prettier-ignore
    // 2,000 draws know a correlation of .9 to .0042: four of these.
    expect(Math.abs(pairs[0]!.correlation - 0.9)).toBeLessThan(0.017);
  });

  it('gives the exact density of a last free parameter, of its logarithm where its prior is one of that', async () => {
    const { marginals, pairs } = await view({ 0: 1.5, 1: 1 });
    expect(pairs).toEqual([]);
    const { grid, density } = marginals[0]!;
    expect(mass(marginals[0]!)).toBeCloseTo(1, 9); // normalised on the grid
    const logNormal = (v: number) =>
      Math.exp(-((Math.log(v) - 1) ** 2) / 0.5) / (0.5 * Math.sqrt(2 * Math.PI));
    // 128 points over the prior's 99.8 % know a smooth curve to a per cent.
    const at = grid.findIndex((value) => value > 2.7);
    expect(density[at]! / logNormal(grid[at]!)).toBeCloseTo(1, 1);
  });

  it('finds the same by chains where the density has no closed form', async () => {
    // Half of it with tails of 300 degrees of freedom: practically the same, and no mixture of Gaussians any more.
    const stack = stackDensities([estimate, estimate.withStudentT(300)], Float64Array.of(0, 0));
    const other = new MemoryStore();
    other.savePrepared('run', store.prepared('run')!);
    other.saveRound('run', {
      round: 1,
      report: { acceptance: 1 },
      posterior: JSON.stringify(stack.toJSON()),
    } as RoundRecord);
    other.saveResult('run', store.result('run')!);
    const exact = await view({ 0: 1.5 });
    const found = await conditionalView(other, 'run', 1, new Map([[0, 1.5]]), 128);
    found.marginals.forEach(({ median, q05, q95 }, i) => {
      const closed = exact.marginals[i]!;
      const width = closed.q95 - closed.q05;
      // 1,000 chains of 12 steps: four standard errors of a median and of a 5 % quantile, in widths of the interval.
      expect(Math.abs(median - closed.median) / width).toBeLessThan(0.05);
      expect(Math.abs(q05 - closed.q05) / width).toBeLessThan(0.08);
      expect(Math.abs(q95 - closed.q95) / width).toBeLessThan(0.08);
    });
  });

  it('refuses values outside the prior, unknown parameters and nothing left free', async () => {
    await expect(view({ 0: 7 })).rejects.toMatchObject({ code: 'usage', message: /a cannot be held at 7/ });
    await expect(view({ 9: 1 })).rejects.toMatchObject({ code: 'usage', message: /no parameter 9/ });
    await expect(view({ 0: 0, 1: 0, 2: 1 })).rejects.toMatchObject({ code: 'usage', message: /left free/ });
  });
});
