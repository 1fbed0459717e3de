import { describe, expect, it } from 'vitest';
import { findMode } from '../../../main/density/mode.ts';
import { Mixture } from '../../../main/density/mixture.ts';
import { StackedDensity } from '../../../main/density/stacked.ts';
import { precisionFactorFromCovariance } from '../../../main/numeric/linear-algebra.ts';
import { createRandom } from '../../../main/numeric/random.ts';

function gaussian(mean: number[], covariance: number[]): Mixture {
  return new Mixture({
    components: 1,
    dimension: mean.length,
    logWeights: Float64Array.of(0),
    means: Float64Array.from(mean),
    precisionFactors: precisionFactorFromCovariance(covariance, mean.length),
  });
}
const everywhere = { contains: () => true };

describe('the search for the mode of a density that is no mixture', () => {
  // Two equal parts are no Mixture to the search, but have a known mode.
  const narrow = gaussian([1, 2, 3], [1, 0.99, 0, 0.99, 1, 0, 0, 0, 0.01]);
  const one = new StackedDensity([narrow, narrow], Float64Array.of(0, 0));

  it('climbs along the draws’ own axes: a correlation of 0.99 does not stop it', () => {
    const mode = findMode(one, everywhere, one.draw(2000, createRandom(1)))!;
    // To 1e-4 of a standard deviation along each direction.
    expect(mode[0]).toBeCloseTo(1, 3);
    expect(mode[1]).toBeCloseTo(2, 3);
    expect(mode[2]).toBeCloseTo(3, 4);
  });

  it('finds the higher of two far modes, although most draws lie at the lower', () => {
    const wide = gaussian([0, 0], [1, 0, 0, 1]);
    const sharp = gaussian([30, 30], [1e-4, 0, 0, 1e-4]);
    const two = new StackedDensity([wide, sharp], Float64Array.of(Math.log(0.99), Math.log(0.01)));
    const mode = findMode(two, everywhere, two.draw(2000, createRandom(2)))!;
    expect(mode[0]).toBeCloseTo(30, 2);
    expect(mode[1]).toBeCloseTo(30, 2);
  });

  it('stays inside the support', () => {
    const support = { contains: (theta: Float64Array, offset = 0) => theta[offset]! <= 0 };
    const draws = one.draw(4000, createRandom(3));
    const inside = Array.from({ length: 4000 }, (_, row) => draws.subarray(3 * row, 3 * row + 3))
      .filter((theta) => theta[0]! <= 0)
      .flatMap((theta) => [...theta]);
    const mode = findMode(one, support, Float64Array.from(inside))!;
    // The best θ₁ beside θ₀ = 0 is 2 − 0.99·1.
    expect(mode[0]).toBeCloseTo(0, 3);
    expect(mode[1]).toBeCloseTo(1.01, 2);
  });

  it('has no mode to offer without a draw inside', () => {
    expect(findMode(one, everywhere, new Float64Array(0))).toBe(null);
  });
});
