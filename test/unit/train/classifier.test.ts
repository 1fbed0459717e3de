import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../main/numeric/random.ts';
import { trainClassifier } from '../../../main/train/classifier.ts';

/** Two classes in the plane: N(0, 1) against N(shift, scale²). */
function classes(n: number, shift: number, scale: number, seed: number) {
  const random = createRandom(seed);
  const y = Uint8Array.from({ length: n }, (_, i) => i % 2);
  const x = Float64Array.from({ length: 2 * n }, (_, i) => {
    const z = random.normal();
    return y[i >> 1] === 1 ? shift + scale * z : z;
  });
  return { x, y };
}
function accuracy(probabilities: Float64Array, y: Uint8Array): number {
  return probabilities.reduce((sum, p, i) => sum + Number(p > 0.5 === (y[i] === 1)), 0) / y.length;
}

describe('the classifier', () => {
  it('finds the best boundary of two shifted normals: accuracy Φ(√2/2) = 0.760', () => {
    const { predict, skippedSteps } = trainClassifier({
      ...classes(4000, 1, 1, 1),
      hidden: [20, 20],
      seed: 1,
    });
    const test = classes(20_000, 1, 1, 2);
    // Standard error of the test 0.003, and a little lost in training.
    expect(Math.abs(accuracy(predict(test.x), test.y) - 0.7602)).toBeLessThan(0.015);
    expect(skippedSteps).toBe(0);
  });

  it('learns a boundary that is not a line, and logistic regression cannot', () => {
    const training = classes(4000, 0, 0.3, 3);
    const test = classes(4000, 0, 0.3, 4);
    const network = trainClassifier({ ...training, hidden: [20, 20], seed: 1 });
    const straight = trainClassifier({ ...training, hidden: [], seed: 1 });
    expect(accuracy(network.predict(test.x), test.y)).toBeGreaterThan(0.85);
    expect(accuracy(straight.predict(test.x), test.y)).toBeLessThan(0.6);
  });

  it('stops once the loss stops falling, gives the same numbers for a seed and stays within maxEpochs', () => {
    const data = classes(500, 1, 1, 5);
    const run = (seed: number) => trainClassifier({ ...data, hidden: [8], seed, activation: 'tanh' });
    const first = run(1);
    expect(first.epochs).toBeGreaterThan(11);
    expect(first.epochs).toBeLessThan(1000);
    expect(run(1).predict(data.x)).toEqual(first.predict(data.x));
    expect(run(2).predict(data.x)).not.toEqual(first.predict(data.x));
    expect(trainClassifier({ ...data, hidden: [8], seed: 1, maxEpochs: 3 }).epochs).toBe(3);
  });

  it('follows the weights: a class that weighs three times as much is three times as probable', () => {
    const random = createRandom(6);
    const n = 2000;
    const x = Float64Array.from({ length: n }, () => random.normal());
    const y = Uint8Array.from({ length: n }, (_, i) => i % 2);
    const weights = Float64Array.from(y, (label) => (label === 1 ? 1.5 : 0.5));
    const { predict } = trainClassifier({ x, y, weights, hidden: [], seed: 1, learningRate: 0.02 });
    expect(predict(Float64Array.of(0))[0]).toBeCloseTo(0.75, 1);
  });

  it('refuses labels other than 0 and 1, values that are not finite and shapes that do not fit', () => {
    const bad = (x: number[], y: number[]) => () =>
      trainClassifier({ x: Float64Array.from(x), y, hidden: [2], seed: 1 });
    expect(bad([1, 2], [0, 2])).toThrow('A label must be 0 or 1, not 2 (row 2).');
    expect(bad([1, NaN], [0, 1])).toThrow('finite');
    expect(bad([1, 2, 3], [0, 1])).toThrow('3 values do not make rows for 2 labels');
    expect(bad([], [])).toThrow('0 labels');
  });
});
