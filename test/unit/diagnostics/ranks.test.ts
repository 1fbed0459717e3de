import { describe, expect, it } from 'vitest';
import { rankCurve, rankLevels, staysInside } from '../../../main/diagnostics/rank-curve.ts';
import { densityRank, parameterRanks, referenceRank } from '../../../main/diagnostics/ranks.ts';
import { simultaneousBand } from '../../../main/diagnostics/uniform-band.ts';
import { createRandom } from '../../../main/numeric/random.ts';

describe('parameterRanks', () => {
  it('counts the draws below the truth, parameter by parameter, ties half', () => {
    const draws = Float64Array.of(1, 9, 2, 8, 2, 7, 4, 6);
    expect(parameterRanks(Float64Array.of(3, 5), draws)).toEqual([3, 0]);
    expect(parameterRanks(Float64Array.of(2, 10), draws)).toEqual([2, 4]);
  });
});

describe('densityRank', () => {
  it('counts the draws that are more probable than the truth', () => {
    expect(densityRank(-2, Float64Array.of(-1, -2, -3, -0.5))).toBe(2);
    expect(densityRank(-Infinity, Float64Array.of(-1, -2))).toBe(2);
  });
});

describe('referenceRank', () => {
  it('counts the draws nearer to the reference than the truth, in units of the scale', () => {
    const draws = Float64Array.of(0, 0, 1, 0, 0, 30);
    const rank = (scale: number[]) =>
      referenceRank(Float64Array.of(2, 0), draws, Float64Array.of(0, 0), Float64Array.from(scale));
    expect(rank([1, 1])).toBe(2);
    expect(rank([1, 100])).toBe(3);
  });
});

/**
 * θ ~ N(0, 1), x = θ + N(0, 1): the posterior is N(x/2, ½). Estimates that miss it in one way each; n simulations, 199 draws.
 */
function study(
  n: number,
  estimate: (x: number) => { mean: number; sd: number },
): Record<'parameter' | 'density' | 'reference', number[]> {
  const random = createRandom(11);
  const ranks = { parameter: [] as number[], density: [] as number[], reference: [] as number[] };
  for (let i = 0; i < n; i++) {
    const truth = Float64Array.of(random.normal());
    const x = truth[0]! + random.normal();
    const { mean, sd } = estimate(x);
    const draws = Float64Array.from({ length: 199 }, () => mean + sd * random.normal());
    const logQ = (value: number) => -(((value - mean) / sd) ** 2);
    // Depends on x: what an independent simulation with the same data would be taken to be.
    const reference = Float64Array.of(x / 2 + random.normal());
    ranks.parameter.push(parameterRanks(truth, draws)[0]!);
    ranks.density.push(densityRank(logQ(truth[0]!), draws.map(logQ)));
    ranks.reference.push(referenceRank(truth, draws, reference, Float64Array.of(1)));
  }
  return ranks;
}

describe('the three ranks of a posterior known in closed form', () => {
  const n = 500;
  const levels = rankLevels.filter((_, i) => i % 5 === 4);
  const inside = (ranks: number[]) =>
    staysInside(rankCurve(ranks, 199, levels), simultaneousBand(n, levels, 0.999));
  const judge = (estimate: Parameters<typeof study>[1]) => {
    const { parameter, density, reference } = study(n, estimate);
    return [inside(parameter), inside(density), inside(reference)];
  };

  // The band of 99.9 %: with the fixed seed, what holds here holds always.
  it('are uniform where the posterior is right', () => {
    expect(judge((x) => ({ mean: x / 2, sd: Math.SQRT1_2 }))).toEqual([true, true, true]);
  });
  it('all see a posterior that is too narrow by a third', () => {
    expect(judge((x) => ({ mean: x / 2, sd: Math.SQRT1_2 / 1.5 }))).toEqual([false, false, false]);
  });
  it('see a posterior that is shifted', () => {
    expect(judge((x) => ({ mean: x / 2 + 0.5, sd: Math.SQRT1_2 }))[0]).toBe(false);
  });
  it('are blind to a posterior that ignores the data, but for references that know them', () => {
    expect(judge(() => ({ mean: 0, sd: 1 }))).toEqual([true, true, false]);
  });
});
