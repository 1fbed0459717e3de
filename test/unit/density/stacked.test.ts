import { describe, expect, it } from 'vitest';
import { Mixture } from '../../../main/density/mixture.ts';
import { StackedDensity, stackDensities } from '../../../main/density/stacked.ts';
import { createRandom } from '../../../main/numeric/random.ts';

function normal(mean: number[], sd: number, studentT = 0): Mixture {
  const D = mean.length;
  const precisionFactors = new Float64Array(D * D);
  for (let i = 0; i < D; i++) precisionFactors[i * D + i] = 1 / sd;
  return new Mixture({
    components: 1,
    dimension: D,
    logWeights: Float64Array.of(0),
    means: Float64Array.from(mean),
    precisionFactors,
    studentT,
  });
}
const parts = [normal([0, 0], 1), normal([4, -4], 0.5)];
const logWeights = Float64Array.of(Math.log(3), 0);

describe('a stack of densities', () => {
  const stack = new StackedDensity(parts, logWeights);

  it('is the weighted mean of its parts, one by one and in batches', () => {
    const theta = Float64Array.of(0.3, -0.2, 3.8, -4.1);
    const expected = [0, 2].map((offset) =>
      Math.log(
        0.75 * Math.exp(parts[0]!.logDensity(theta, offset)) +
          0.25 * Math.exp(parts[1]!.logDensity(theta, offset)),
      ),
    );
    // float64 sums of two terms
    expect(stack.logDensity(theta, 2)).toBeCloseTo(expected[1]!, 12);
    [...stack.logDensities(theta)].forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 12));
  });

  it('draws from its parts in proportion to their weights, the same for the same stream', () => {
    const n = 4000;
    const drawn = stack.draw(n, createRandom(3));
    expect(stack.draw(n, createRandom(3))).toEqual(drawn);
    let near = 0;
    for (let row = 0; row < n; row++) near += drawn[2 * row]! > 2 ? 1 / n : 0;
    // Of the first part 2.3 % lie beyond 2: 0.25 + 0.75·0.023 = 0.267, standard error 0.007.
    expect(Math.abs(near - 0.267)).toBeLessThan(0.028);
  });

  it('becomes one mixture where all parts are mixtures with the same tails', () => {
    const joined = stackDensities(parts, logWeights);
    expect(joined).toBeInstanceOf(Mixture);
    const theta = Float64Array.of(1, -1);
    expect(joined.logDensity(theta)).toBeCloseTo(stack.logDensity(theta), 12);
    expect(stackDensities([parts[0]!, normal([1, 1], 1, 3)], logWeights)).toBeInstanceOf(StackedDensity);
    expect(stackDensities([parts[0]!], Float64Array.of(-7))).toBe(parts[0]);
  });

  it('refuses parts of different dimension, and no parts', () => {
    expect(() => new StackedDensity([parts[0]!, normal([1], 1)], logWeights)).toThrow('one dimension');
    expect(() => new StackedDensity([], new Float64Array(0))).toThrow('one dimension');
  });
});
