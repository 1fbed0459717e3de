import { describe, expect, it } from 'vitest';
import {
  BadClassifier,
  scoreClassifier,
  trainBadClassifier,
} from '../../../main/inference/bad-classifier.ts';
import { createRandom } from '../../../main/numeric/random.ts';

/** θ ~ U[0, 1] × U[0, 1000] × U[−1, 1]; bad says where. */
const prior = {
  dimension: 3,
  mean: Float64Array.of(0.5, 500, 0),
  sd: Float64Array.of(1, 1000, 2).map((width) => width / Math.sqrt(12)),
};
function simulations(n: number, isBad: (a: number, b: number, uniform: number) => boolean, seed = 1) {
  const random = createRandom(seed);
  const theta = new Float64Array(3 * n);
  const bad = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    const row = [random.uniform(), 1000 * random.uniform(), 2 * random.uniform() - 1];
    theta.set(row, 3 * i);
    // The two codes of bad simulations in turns, as stored: both count as bad.
    bad[i] = isBad(row[0]!, row[1]!, random.uniform()) ? 1 + (i % 2) : 0;
  }
  return { theta, bad };
}
const halfPlane = (a: number, b: number) => a + b / 1000 > 1.1;
const disc = (a: number, b: number) => (a - 0.5) ** 2 + (b / 1000 - 0.5) ** 2 < 0.15;

describe('a classifier of bad simulations', () => {
  it.each([
    ['a plane', halfPlane],
    ['a closed curve', disc],
  ])('learns the boundary where it is %s', (_, isBad) => {
    const { theta, bad } = simulations(4000, isBad);
    const classifier = trainBadClassifier(theta, bad, prior, 1)!;
    const fresh = simulations(4000, isBad, 2);
    const { accuracy, balancedAccuracy } = scoreClassifier(classifier, fresh.theta, fresh.bad);
    // 4,000 rows place a boundary to about a hundredth of the prior's width; guessing gives 0.6 and 0.5.
    expect(accuracy).toBeGreaterThan(0.96);
    expect(balancedAccuracy).toBeGreaterThan(0.96);
    expect(classifier.trainedOn).toBe(4000);
  });
  it('gives probabilities where the boundary is a matter of chance', () => {
    const chance = (a: number) => 1 / (1 + Math.exp(-8 * (a - 0.5)));
    const { theta, bad } = simulations(8000, (a, _, uniform) => uniform < chance(a));
    const classifier = trainBadClassifier(theta, bad, prior, 1)!;
    for (const a of [0.2, 0.5, 0.8]) {
      const [p] = classifier.probability(Float64Array.of(a, 500, 0));
      // The 1,600 rows within a fifth of a: standard error below 0.02; the rest is the network's own.
      expect(Math.abs(p! - chance(a))).toBeLessThan(0.08);
    }
  });
  it('gives the same classifier again, and another one with another seed', () => {
    const { theta, bad } = simulations(1000, disc);
    const first = trainBadClassifier(theta, bad, prior, 1)!.toJSON();
    expect(trainBadClassifier(theta, bad, prior, 1)!.toJSON()).toEqual(first);
    expect(trainBadClassifier(theta, bad, prior, 2)!.toJSON()).not.toEqual(first);
  });
  it('has the same probabilities, to the last bit, after it was stored', () => {
    const { theta, bad } = simulations(1000, disc);
    const classifier = trainBadClassifier(theta, bad, prior, 1)!;
    const stored = BadClassifier.fromJSON(
      JSON.parse(JSON.stringify(classifier)) as ReturnType<BadClassifier['toJSON']>,
    );
    expect(stored.probability(theta)).toEqual(classifier.probability(theta));
    expect(stored.trainedOn).toBe(1000);
  });
  it('is not trained where too few simulations are bad, or all', () => {
    const { theta } = simulations(4000, disc);
    const withBad = (count: number) => Uint8Array.from({ length: 4000 }, (_, i) => (i < count ? 1 : 0));
    expect(trainBadClassifier(theta, withBad(0), prior, 1)).toBeNull();
    expect(trainBadClassifier(theta, withBad(39), prior, 1)).toBeNull();
    expect(trainBadClassifier(theta.slice(0, 57), withBad(19).slice(0, 19), prior, 1)).toBeNull();
    expect(trainBadClassifier(theta, withBad(4000), prior, 1)).toBeNull();
  });
  it('is not used where bad simulations come by chance alone', () => {
    const { theta, bad } = simulations(3000, (_a, _b, uniform) => uniform < 0.3);
    expect(trainBadClassifier(theta, bad, prior, 1)).toBeNull();
  });
});

describe('scoreClassifier', () => {
  it('counts bad and good ones equally in the balanced accuracy, which needs both', () => {
    const { theta, bad } = simulations(1000, halfPlane);
    const classifier = trainBadClassifier(theta, bad, prior, 1)!;
    const rows = Float64Array.of(0, 0, 0, 0.1, 100, 0, 0.2, 0, 0, 1, 1000, 0);
    expect(scoreClassifier(classifier, rows, Uint8Array.of(0, 0, 1, 1))).toEqual({
      accuracy: 0.75,
      balancedAccuracy: 0.75,
    });
    expect(scoreClassifier(classifier, rows, Uint8Array.of(0, 0, 0, 0))).toEqual({
      accuracy: 0.75,
      balancedAccuracy: null,
    });
  });
});
