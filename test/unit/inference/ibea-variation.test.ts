import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitConfigSchema } from '../../../main/contract/config.ts';
import { crossover, mutate, twoChildren } from '../../../main/inference/ibea-variation.ts';
import { createRandom, type RandomStream } from '../../../main/numeric/random.ts';
import { mean } from '../../../main/numeric/statistics.ts';

const settings = fitConfigSchema.parse({}).ibea;
/** A stream of which only uniform() is asked. */
const fixed = (...values: number[]): RandomStream => ({
  ...createRandom(1),
  uniform: () => values.shift() ?? 0,
});
const position = fc.double({ min: 0, max: 1, noNaN: true });
const eta = fc.double({ min: 0.5, max: 50, noNaN: true });
const seed = fc.integer({ min: 0, max: 1e6 });

describe('crossover', () => {
  it('gives the parents themselves for β = 1, which u = ½ means far from the bounds', () => {
    // (1 + 2·0.499/0.002)^−11 = 1e-30: the bounds are far.
    const [a, b] = crossover(0.499, 0.501, 10, fixed(0.5, 0));
    expect(a).toBeCloseTo(0.499, 14);
    expect(b).toBeCloseTo(0.501, 14);
  });
  it('contracts by (2u)^(1/(η+1)) below ½ and expands by its mirror image above', () => {
    const distance = ([a, b]: [number, number]) => (b - a) / 0.002;
    expect(distance(crossover(0.499, 0.501, 4, fixed(0.25, 0)))).toBeCloseTo(0.5 ** (1 / 5), 10);
    expect(distance(crossover(0.499, 0.501, 4, fixed(0.75, 0)))).toBeCloseTo(2 ** (1 / 5), 10);
  });
  it('keeps the parents’ mean, far from the bounds', () => {
    fc.assert(
      fc.property(seed, fc.double({ min: 0.45, max: 0.55, noNaN: true }), (s, b) => {
        const children = crossover(0.5, b, 10, createRandom(s));
        // The bounds are ten distances away: β is drawn to 20^−11 = 1e-14 of the unbounded one.
        expect((children[0] + children[1]) / 2).toBeCloseTo((0.5 + b) / 2, 12);
      }),
    );
  });
  it('stays inside the bounds, wherever the parents are', () => {
    fc.assert(
      fc.property(seed, position, position, eta, (s, a, b, e) => {
        for (const child of crossover(a, b, e, createRandom(s))) {
          expect(child).toBeGreaterThanOrEqual(0);
          expect(child).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});

describe('mutate', () => {
  it('does nothing at u = ½ and reaches the bounds at the ends of u', () => {
    expect(mutate(0.3, 10, fixed(0.5))).toBeCloseTo(0.3, 15);
    expect(mutate(0.3, 10, fixed(0))).toBeCloseTo(0, 15);
    // The step is a root of rounded numbers of order 0.3^11 = 2e-6: ten digits remain.
    expect(mutate(0.3, 10, fixed(1 - 2 ** -53))).toBeCloseTo(1, 10);
  });
  it('stays inside the bounds and, from the middle, is even to both sides', () => {
    const random = createRandom(3);
    const values = Array.from({ length: 4000 }, () => mutate(0.5, 10, random));
    expect(values.every((value) => value >= 0 && value <= 1)).toBe(true);
    // Deb and Goyal: the mean size of a step is about 1/(η + 2) of the width; five standard errors of it at n = 4,000.
    expect(Math.abs(mean(values) - 0.5)).toBeLessThan((5 * 0.12) / Math.sqrt(4000));
  });
});

describe('twoChildren', () => {
  it('never gives a child that is a parent’s copy', () => {
    const random = createRandom(5);
    const parent = Float64Array.of(0.2, 0.7, 0.5);
    for (let i = 0; i < 500; i++) {
      const none = { ...settings, crossoverProbability: 0, mutationProbability: 0 };
      for (const child of twoChildren(parent, parent, none, random)) {
        expect(child.filter((value, d) => value !== parent[d])).toHaveLength(1);
      }
    }
  });
  it('leaves the parents as they are', () => {
    const [first, second] = [Float64Array.of(0.1, 0.9), Float64Array.of(0.8, 0.3)];
    twoChildren(first, second, settings, createRandom(2));
    expect([...first, ...second]).toEqual([0.1, 0.9, 0.8, 0.3]);
  });
});
