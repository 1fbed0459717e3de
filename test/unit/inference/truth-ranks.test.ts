import { describe, expect, it } from 'vitest';
import { Mixture } from '../../../main/density/mixture.ts';
import { truthRanks } from '../../../main/inference/truth-ranks.ts';
import { createRandom } from '../../../main/numeric/random.ts';

const normal = new Mixture({
  components: 1,
  dimension: 1,
  logWeights: Float64Array.of(0),
  means: Float64Array.of(0),
  precisionFactors: Float64Array.of(1),
});
const everywhere = (theta: Float64Array) => new Uint8Array(theta.length).fill(1);
const above = (bound: number) => (theta: Float64Array) =>
  Uint8Array.from(theta, (value) => Number(value > bound));
const at = (truth: number, inside = everywhere, reference = 0) =>
  truthRanks(
    Float64Array.of(truth),
    normal,
    inside,
    { reference: Float64Array.of(reference), scale: Float64Array.of(1) },
    createRandom(4),
  );

describe('truthRanks', () => {
  it('ranks a truth at the 84 % quantile as the normal distribution says', () => {
    const { parameters, density, reference, lost } = at(1);
    // .8413 and .6827 of 999 draws; three binomial standard errors are 35 and 44.
    expect(Math.abs(parameters[0]! - 840.5)).toBeLessThan(35);
    expect(Math.abs(density - 682)).toBeLessThan(44);
    expect(reference).toBe(density); // distances from the mode order a normal's draws as its density does
    expect(lost).toBe(false);
  });

  it('ranks among the draws inside alone', () => {
    const { parameters, draw } = at(1, above(0));
    // Of the positive half, .6827 lies below 1.
    expect(Math.abs(parameters[0]! - 682)).toBeLessThan(44);
    expect(draw[0]).toBeGreaterThan(0);
  });

  it('says where hardly anything lies inside, and ranks among all draws then', () => {
    const { lost, parameters, density } = at(6, above(5.5));
    expect(lost).toBe(true);
    expect([parameters[0], density]).toEqual([999, 999]);
  });
});
