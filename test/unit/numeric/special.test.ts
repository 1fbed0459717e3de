import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../main/numeric/random.ts';
import { logGamma, logSumExp, sampleChiSquare, sampleGamma } from '../../../main/numeric/special.ts';

describe('special functions', () => {
  it('gives ln Γ at integers, halves and small arguments', () => {
    expect(logGamma(1)).toBeCloseTo(0, 13);
    expect(logGamma(11)).toBeCloseTo(Math.log(3628800), 11);
    expect(logGamma(0.5)).toBeCloseTo(0.5 * Math.log(Math.PI), 13);
    expect(logGamma(2.5)).toBeCloseTo(Math.log(0.75 * Math.sqrt(Math.PI)), 13);
    // Γ(x) = 1/x − γ + O(x)
    expect(logGamma(1e-6)).toBeCloseTo(Math.log(1e6 - 0.5772156649), 11);
    expect(() => logGamma(0)).toThrow('positive');
  });

  it('adds in the logarithm without overflow, and knows the empty sum', () => {
    expect(logSumExp(Float64Array.of(1000, 1000))).toBeCloseTo(1000 + Math.LN2, 12);
    expect(logSumExp(Float64Array.of(-Infinity, -2000))).toBe(-2000);
    expect(logSumExp(new Float64Array(0))).toBe(-Infinity);
    expect(logSumExp(Float64Array.of(-Infinity, -Infinity))).toBe(-Infinity);
  });

  it.each([0.3, 1.5, 20])('draws gamma numbers of shape %d with the right mean and variance', (shape) => {
    const random = createRandom(3);
    const n = 50_000;
    const draws = Float64Array.from({ length: n }, () => sampleGamma(random, shape));
    const mean = draws.reduce((sum, v) => sum + v, 0) / n;
    const variance = draws.reduce((sum, v) => sum + (v - mean) ** 2, 0) / n;
    // Both are `shape`; var of the sample variance = (m4 − variance²)/n with m4 = 3a² + 6a. Four standard errors.
    expect(Math.abs(mean - shape)).toBeLessThan(4 * Math.sqrt(shape / n));
    expect(Math.abs(variance - shape)).toBeLessThan(4 * Math.sqrt((2 * shape ** 2 + 6 * shape) / n));
    expect(Math.min(...draws.subarray(0, 1000))).toBeGreaterThan(0);
  });

  it('draws χ² numbers with mean ν', () => {
    const random = createRandom(4);
    const n = 50_000;
    let sum = 0;
    for (let i = 0; i < n; i++) sum += sampleChiSquare(random, 3);
    expect(Math.abs(sum / n - 3)).toBeLessThan(4 * Math.sqrt(6 / n));
    expect(() => sampleGamma(random, 0)).toThrow('positive shape');
  });
});
