import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../main/numeric/random.ts';
import { embeddingLayers, type EmbeddingSpec } from '../../../main/train/embedding.ts';
import { initialParameters } from '../../../main/train/initialise.ts';
import { blockSize, densityNetwork, parameterBlocks } from '../../../main/train/network.ts';
import { DensityEstimator } from '../../../main/train/estimator.ts';
import type { TrainingRequest } from '../../../main/train/trainer.ts';
import { oneMixture, trainMixture } from './linear-gaussian.ts';

const sizes = { units: 12, current: [], filters: 6, kernel: 4, stride: 2 };

/** θ ~ N(0, I₂); the first half of the trace is θ₁ + N(0, 1), the second θ₂ + N(0, 1). */
const steps = 20;
function trace(random: ReturnType<typeof createRandom>, theta: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: steps }, (_, t) => theta[t < steps / 2 ? 0 : 1]! + random.normal());
}
/** Each θ has steps/2 measurements of unit variance beside its prior: precision 1 + steps/2, mean Σx/(1 + steps/2). */
function exact(x: Float64Array): { mean: [number, number]; variance: number } {
  const sum = (part: Float64Array) => part.reduce((total, value) => total + value, 0);
  const precision = 1 + steps / 2;
  return {
    mean: [sum(x.subarray(0, steps / 2)) / precision, sum(x.subarray(steps / 2)) / precision],
    variance: 1 / precision,
  };
}

function request(n: number, embedding: EmbeddingSpec): TrainingRequest {
  const random = createRandom(5);
  const theta = Float64Array.from({ length: 2 * n }, () => random.normal());
  const x = new Float64Array(n * steps);
  for (let i = 0; i < n; i++) x.set(trace(random, theta.subarray(2 * i, 2 * i + 2)), i * steps);
  return {
    ...oneMixture(2),
    hidden: [20],
    variational: false,
    embedding,
    x,
    theta,
    weights: new Float64Array(n).fill(1),
    standardisation: {
      xCentre: new Float64Array(steps),
      xBend: new Float64Array(steps),
      xMean: new Float64Array(steps),
      xSd: new Float64Array(steps).fill(Math.SQRT2),
      thetaMean: new Float64Array(2),
      thetaSd: new Float64Array(2).fill(1),
    },
    start: null,
    weightPrior: { precision: 0.01, previous: null },
    options: {
      batchSize: 100,
      learningRate: 0.005,
      gradientClip: 5,
      maxEpochs: 40,
      patience: 5,
      validationFraction: 0.1,
      seed: 1,
      stream: 1,
    },
    strict: false,
  };
}

describe('an embedding of a trace', () => {
  it.each(['gru', 'conv-gru'] as const)('%s learns what the whole trace says, its beginning too', (kind) => {
    const { estimator } = trainMixture(request(6000, { ...sizes, kind }));
    const random = createRandom(6);
    const tests = 200;
    let [bias, spread] = [0, 0];
    for (let i = 0; i < tests; i++) {
      const x = trace(random, [random.normal(), random.normal()]);
      const { mean, variance } = exact(x);
      const found = estimator.condition(x);
      mean.forEach((value, d) => {
        bias += (found.mean()[d]! - value) ** 2 / variance / (2 * tests);
        spread += found.covariance()[3 * d]! / variance / (2 * tests);
      });
    }
    // A network that had forgotten the first half would be off by √(10/2) posterior sds; half a sd is what is left to learn.
    expect(Math.sqrt(bias)).toBeLessThan(0.5);
    expect(spread).toBeGreaterThan(0.8);
    expect(spread).toBeLessThan(1.4);
  });

  it('starts with units that keep a step and units that keep the whole trace', () => {
    const embedding = { ...sizes, kind: 'gru', units: 40 } as const;
    const network = densityNetwork({
      inputs: 200,
      outputs: 1,
      hidden: [3],
      components: 1,
      variational: false,
      embedding,
    });
    const blocks = parameterBlocks(network);
    const start = blocks.slice(0, 2).reduce((sum, block) => sum + blockSize(block), 0);
    const parameters = initialParameters(network, createRandom(2));
    // e^bias is uniform on 1 … 199: of 40, some below 20 (probability 1 − .9⁴⁰ = .985) and above 180.
    const memories = [...parameters.subarray(start, start + 40)].map(Math.exp);
    expect(Math.min(...memories)).toBeGreaterThanOrEqual(1);
    expect(Math.min(...memories)).toBeLessThan(20);
    expect(Math.max(...memories)).toBeGreaterThan(180);
    expect(Math.max(...memories)).toBeLessThanOrEqual(199.01);
    expect([...parameters.subarray(start + 40, start + 160)].every((bias) => bias === 0)).toBe(true);
  });

  it('survives its bytes, the current with it', () => {
    const small = request(60, { ...sizes, kind: 'conv-gru', current: Array<number>(steps).fill(0.5) });
    const once = { ...small.options, maxEpochs: 1, learningRate: 1e-9 };
    const { estimator } = trainMixture({ ...small, options: once });
    expect(DensityEstimator.fromBytes(estimator.toBytes())).toEqual(estimator);
    // What is trained further starts from the weights of the same embedding; of another one from new weights.
    const further = (embedding: EmbeddingSpec) =>
      trainMixture({ ...small, embedding, start: estimator, options: { ...once, seed: 2 } }).estimator
        .parameters;
    const moved = (parameters: Float32Array) =>
      Math.max(...parameters.map((value, i) => Math.abs(value - estimator.parameters[i]!)));
    expect(moved(further(small.embedding!))).toBeLessThan(1e-6);
    expect(moved(further({ ...small.embedding!, current: Array<number>(steps).fill(0.25) }))).toBeGreaterThan(
      0.1,
    );
  });

  it('refuses a sample that is not a number', () => {
    const broken = request(60, { ...sizes, kind: 'gru' });
    broken.x[7] = NaN;
    expect(() => trainMixture(broken)).toThrow('A trace has a sample that is not a number.');
  });

  it('refuses sizes that do not fit the trace, and says which', () => {
    expect(() => embeddingLayers({ ...sizes, kind: 'gru', units: 0 }, steps)).toThrow('positive integers');
    expect(() => embeddingLayers({ ...sizes, kind: 'gru', current: [1, 2] }, steps)).toThrow(
      'A trace of 20 steps cannot be read together with 2 samples of current.',
    );
    expect(() => embeddingLayers({ ...sizes, kind: 'conv-gru', kernel: 21 }, steps)).toThrow('kernel of 21');
    expect(embeddingLayers({ ...sizes, kind: 'gru', kernel: 21 }, steps)).toHaveLength(1);
  });
});
