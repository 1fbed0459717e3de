import { describe, expect, it } from 'vitest';
import type { ParameterSpec, PriorSpec } from '../../../main/contract/prior.ts';
import { independentPrior, normalPrior, type Prior } from '../../../main/model/prior.ts';
import { createRandom } from '../../../main/numeric/random.ts';

const specs: PriorSpec[] = [
  { uniform: [-2, 5] },
  { logUniform: [0.01, 10] },
  { normal: [3, 0.5] },
  { logNormal: [-1, 0.4] },
];
const parameter = (prior: PriorSpec, i: number): ParameterSpec => ({ name: `p${i}`, unit: '', prior });
const mixed = independentPrior(specs.map(parameter));
const covariance = [
  [2, 0.8],
  [0.8, 1],
];
const correlated = normalPrior(['a', 'b'], [1, -2], covariance);

function draw(prior: Prior, n: number): Float64Array {
  const out = new Float64Array(n * prior.dimension);
  const random = createRandom(11);
  for (let i = 0; i < n; i++) prior.sample(random, out, i * prior.dimension);
  return out;
}
function columnMoments(
  samples: Float64Array,
  dimension: number,
  column: number,
): { mean: number; sd: number } {
  const values = samples.filter((_, i) => i % dimension === column);
  const mean = values.reduce((s, v) => s + v, 0) / values.length;
  return { mean, sd: Math.sqrt(values.reduce((s, v) => s + (v - mean) ** 2, 0) / values.length) };
}

describe.each([
  ['independentPrior', mixed],
  ['normalPrior', correlated],
])('%s', (_, prior) => {
  const n = 40_000;
  const samples = draw(prior, n);
  it('draws samples with the stated means and standard deviations, all inside the support', () => {
    for (let d = 0; d < prior.dimension; d++) {
      const { mean, sd } = columnMoments(samples, prior.dimension, d);
      // Standard errors are sd/200 (mean) and, for the heaviest tail here (kurtosis 6), sd·1.1/200; five of them.
      expect(Math.abs(mean - prior.mean[d]!) / prior.sd[d]!).toBeLessThan(5 / 200);
      expect(Math.abs(sd / prior.sd[d]! - 1)).toBeLessThan(5.5 / 200);
    }
    for (let i = 0; i < n; i++) expect(prior.contains(samples, i * prior.dimension)).toBe(true);
  });
  it('has marginal densities that integrate to one and give the mean', () => {
    for (let d = 0; d < prior.dimension; d++) {
      const [low, high] = [prior.displayLow[d]!, prior.displayHigh[d]!];
      const step = (high - low) / 200_000;
      let mass = 0;
      for (let i = 0; i < 200_000; i++) mass += prior.marginalDensity(d, low + (i + 0.5) * step) * step;
      // The display range holds the support or the central 99.8 %.
      expect(mass).toBeGreaterThan(0.998 - 1e-4);
      expect(mass).toBeLessThan(1 + 1e-4);
    }
  });
});

describe('independentPrior', () => {
  it('is the sum of its marginals, and −∞ outside the support', () => {
    const theta = Float64Array.of(99, 0, 0.5, 3.2, 0.4);
    const sum = [0, 1, 2, 3].reduce((s, d) => s + Math.log(mixed.marginalDensity(d, theta[1 + d]!)), 0);
    // Four logarithms and exponentials.
    expect(mixed.logDensity(theta, 1)).toBeCloseTo(sum, 12);
    for (const [d, value] of [
      [0, 5.001],
      [1, 0.009],
      [3, 0],
      [3, -1],
    ] as const) {
      const outside = theta.slice(1);
      outside[d] = value;
      expect(mixed.logDensity(outside)).toBe(-Infinity);
      expect(mixed.contains(outside)).toBe(false);
    }
  });
  it('does not contain NaN', () => {
    expect(mixed.contains(Float64Array.of(0, 0.5, NaN, 0.4))).toBe(false);
  });
});

describe('normalPrior', () => {
  it('has the density of a correlated normal distribution', () => {
    const [dx, dy] = [0.7, -0.3];
    const determinant = 2 * 1 - 0.8 * 0.8;
    const square = (dx * dx * 1 - 2 * dx * dy * 0.8 + dy * dy * 2) / determinant;
    const expected = -0.5 * square - Math.log(2 * Math.PI) - 0.5 * Math.log(determinant);
    expect(correlated.logDensity(Float64Array.of(1 + dx, -2 + dy))).toBeCloseTo(expected, 12);
  });
  it('draws correlated samples', () => {
    const n = 40_000;
    const samples = draw(correlated, n);
    let sum = 0;
    for (let i = 0; i < n; i++) sum += (samples[2 * i]! - 1) * (samples[2 * i + 1]! + 2);
    // Standard error √((1·2 + 0.8²)/n) = 0.008; five of them.
    expect(Math.abs(sum / n - 0.8)).toBeLessThan(0.04);
  });
  it.each([
    [
      'is not symmetric',
      [
        [1, 0.5],
        [0.4, 1],
      ],
    ],
    [
      'is not positive definite',
      [
        [1, 2],
        [2, 1],
      ],
    ],
    ['is not a matrix', [[1, 0]]],
    [
      'is not positive definite',
      [
        [0, 0],
        [0, 1],
      ],
    ],
  ])('refuses a covariance that %s', (why, matrix) => {
    expect(() => normalPrior(['a', 'b'], [0, 0], matrix)).toThrow(why);
  });
  it('refuses a mean of another length', () => {
    expect(() => normalPrior(['a', 'b'], [0], covariance)).toThrow('1 means for 2 parameters');
  });
});
