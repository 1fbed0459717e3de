import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../main/numeric/random.ts';
import {
  environmentalSelection,
  epsilonIndicator,
  indicatorFitness,
  kappa,
  scaledObjectives,
  tournament,
} from '../../../main/inference/ibea.ts';

/** Three points in two objectives: (0, 1) and (1, 0) trade off, (1, 1) is dominated by both. */
const three = Float64Array.of(0, 1, 1, 0, 1, 1);

describe('epsilonIndicator', () => {
  it('is what the first must be bettered by in every objective to be as good as the second', () => {
    expect(epsilonIndicator(three, 2, 0, 1)).toBe(1);
    expect(epsilonIndicator(three, 2, 2, 0)).toBe(1);
    expect(epsilonIndicator(Float64Array.of(0.25, 0.5, 1, 2), 2, 0, 1)).toBe(-0.75);
  });
  it('is 0 between an individual and one that it weakly dominates', () => {
    expect(epsilonIndicator(three, 2, 0, 2)).toBe(0);
  });
});

describe('scaledObjectives', () => {
  it('brings every objective to 0 … 1 and one that does not vary to 0', () => {
    expect([...scaledObjectives(Float64Array.of(10, 7, 20, 7, 15, 7), 2)]).toEqual([0, 0, 1, 0, 0.5, 0]);
  });
});

describe('indicatorFitness', () => {
  it('is Zitzler and Künzli’s sum over the others, in closed form', () => {
    // I(1,0) = I(0,1) = 1, I(2,0) = I(2,1) = 1, I(0,2) = I(1,2) = 0, and c = 1.
    const far = Math.exp(-1 / kappa);
    const fitness = indicatorFitness(three, 2);
    // Exact sums of two terms; only the last place may differ.
    expect(fitness[0]).toBeCloseTo(-2 * far, 20);
    expect(fitness[1]).toBeCloseTo(-2 * far, 20);
    expect(fitness[2]).toBeCloseTo(-2, 15);
  });
  it('does not depend on the units of the objectives', () => {
    const scaled = three.map((value, at) => (at % 2 === 0 ? 1000 * value - 3 : value));
    expect([...indicatorFitness(scaled, 2)]).toEqual([...indicatorFitness(three, 2)]);
  });
  it('is finite where all individuals are the same', () => {
    expect([...indicatorFitness(Float64Array.of(2, 3, 2, 3), 2)]).toEqual([-1, -1]);
  });
});

describe('environmentalSelection', () => {
  it('removes the dominated individual first', () => {
    expect(environmentalSelection(three, 2, 2)).toEqual([0, 1]);
  });
  it('counts a removed individual no more: of two twins one stays', () => {
    // The twins harm each other most; once one is gone, the other is as good as the rest.
    const twins = Float64Array.of(0, 1, 0, 1, 1, 0, 0.6, 0.6);
    const survivors = environmentalSelection(twins, 2, 3);
    expect(survivors).toEqual([0, 2, 3]);
  });
  it('keeps everybody where there is room', () => {
    expect(environmentalSelection(three, 2, 5)).toEqual([0, 1, 2]);
  });
  it('spreads over a linear front', () => {
    const front = Float64Array.from({ length: 200 }, (_, at) =>
      at % 2 === 0 ? Math.floor(at / 2) / 99 : 1 - Math.floor(at / 2) / 99,
    );
    const kept = environmentalSelection(front, 2, 10);
    expect([kept[0], kept.at(-1)]).toEqual([0, 99]);
    const gaps = kept.slice(1).map((row, i) => row - kept[i]!);
    // Even would be 11; the ε-indicator sees a front in steps, so half and twice of it are allowed.
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(5);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(22);
  });
});

describe('tournament', () => {
  it('lets the fitter of two win: rank r of n with probability (2(n−r)+1)/n²', () => {
    const random = createRandom(1, 7);
    const wins = [0, 0, 0];
    const rounds = 9000;
    for (let i = 0; i < rounds; i++) wins[tournament(Float64Array.of(-3, -1, -2), random)]! += 1;
    // Five standard deviations of a binomial count at p = 5/9, 236, are allowed.
    [1 / 9, 5 / 9, 3 / 9].forEach((p, row) =>
      expect(Math.abs(wins[row]! - p * rounds)).toBeLessThan(5 * Math.sqrt(rounds / 4)),
    );
  });
});
