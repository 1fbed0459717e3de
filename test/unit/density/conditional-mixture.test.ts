import { describe, expect, it } from 'vitest';
import { conditionalMixture } from '../../../main/density/conditional-mixture.ts';
import { Mixture } from '../../../main/density/mixture.ts';
import { precisionFactorFromCovariance } from '../../../main/numeric/linear-algebra.ts';

/** Components of given means and covariances. */
function mixture(parts: { weight: number; mean: number[]; covariance: number[] }[], studentT = 0): Mixture {
  const dimension = parts[0]!.mean.length;
  return new Mixture({
    components: parts.length,
    dimension,
    logWeights: Float64Array.from(parts, ({ weight }) => Math.log(weight)),
    means: Float64Array.from(parts.flatMap(({ mean }) => mean)),
    precisionFactors: Float64Array.from(
      parts.flatMap(({ covariance }) => [...precisionFactorFromCovariance(covariance, dimension)]),
    ),
    studentT,
  });
}
const correlated = { weight: 1, mean: [1, 2], covariance: [4, 1.2, 1.2, 1] };
const three = mixture([
  { weight: 0.3, mean: [0, 1, -1], covariance: [2, 0.5, 0.3, 0.5, 1, -0.2, 0.3, -0.2, 1.5] },
  { weight: 0.7, mean: [1, -1, 0.5], covariance: [1, -0.3, 0, -0.3, 2, 0.4, 0, 0.4, 0.5] },
]);

describe('conditionalMixture', () => {
  it('is the textbook’s conditional of a normal distribution', () => {
    const found = conditionalMixture(mixture([correlated]), new Map([[0, 3]]));
    // mean 2 + 1.2/4·(3 − 1), variance 1 − 1.2²/4; rounding
    expect(found.means[0]).toBeCloseTo(2.6, 12);
    expect(found.scaleMatrix(0)[0]).toBeCloseTo(0.64, 12);
  });

  it('is the joint over the marginal density, wherever it is asked', () => {
    for (const fixed of [-1, 0.4, 2]) {
      const found = conditionalMixture(three, new Map([[1, fixed]]));
      for (const [a, c] of [
        [0, 0],
        [1.5, -0.7],
        [-2, 2],
      ] as const) {
        const joint = three.logDensity([a, fixed, c]) - Math.log(three.marginalDensity(1, fixed));
        expect(found.logDensity([a, c])).toBeCloseTo(joint, 10); // rounding of a few matrix products
      }
    }
  });

  it('is the same when parameters are fixed one after the other', () => {
    const both = conditionalMixture(
      three,
      new Map([
        [0, 0.2],
        [2, 1],
      ]),
    );
    const inTurn = conditionalMixture(conditionalMixture(three, new Map([[0, 0.2]])), new Map([[1, 1]]));
    for (const value of [-1, 0, 3])
      expect(both.logDensity([value])).toBeCloseTo(inTurn.logDensity([value]), 10);
  });

  it('is the mixture itself where nothing is fixed', () => {
    expect(conditionalMixture(three, new Map())).toBe(three);
  });

  it('refuses Student-t tails, unknown parameters and nothing left free', () => {
    expect(() => conditionalMixture(mixture([correlated], 3), new Map([[0, 1]]))).toThrow(
      /cannot be conditioned/,
    );
    expect(() => conditionalMixture(three, new Map([[7, 1]]))).toThrow(/cannot be conditioned/);
    expect(() =>
      conditionalMixture(
        mixture([correlated]),
        new Map([
          [0, 1],
          [1, 1],
        ]),
      ),
    ).toThrow(/cannot/);
  });
});
