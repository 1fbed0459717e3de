import { describe, expect, it } from 'vitest';
import { Mixture } from '../../../main/density/mixture.ts';
import { conditionalMarginal, conditionalPair } from '../../../main/diagnostics/conditional-grid.ts';
import { precisionFactorFromCovariance } from '../../../main/numeric/linear-algebra.ts';

const normal = new Mixture({
  components: 1,
  dimension: 2,
  logWeights: Float64Array.of(0),
  means: Float64Array.of(1, 2),
  precisionFactors: precisionFactorFromCovariance([4, 1.2, 1.2, 1], 2),
});
const grid = (low: number, high: number, n: number) =>
  Float64Array.from({ length: n }, (_, g) => low + ((g + 0.5) * (high - low)) / n);
const gauss = (value: number, mean: number, variance: number) =>
  Math.exp(-((value - mean) ** 2) / (2 * variance)) / Math.sqrt(2 * Math.PI * variance);

describe('conditionalMarginal', () => {
  it('is the conditional density of a normal distribution', () => {
    const at = grid(-2, 7, 400);
    const found = conditionalMarginal(normal, Float64Array.of(3, 99), 1, at);
    // The sum over a grid that reaches 5 sd to both sides is the integral to 1e-6.
    at.forEach((value, g) => expect(found[g]).toBeCloseTo(gauss(value, 2.6, 0.64), 6));
  });

  it('is zero where the density is, without a division by it', () => {
    const nowhere = { dimension: 1, logDensities: (rows: Float64Array) => rows.map(() => -Infinity) };
    expect([...conditionalMarginal(nowhere, Float64Array.of(0), 0, grid(0, 1, 3))]).toEqual([0, 0, 0]);
  });

  it('refuses a point of another size, and a grid of one', () => {
    expect(() => conditionalMarginal(normal, Float64Array.of(1), 0, grid(0, 1, 3))).toThrow(RangeError);
    expect(() => conditionalMarginal(normal, Float64Array.of(1, 2), 0, grid(0, 1, 1))).toThrow(/two points/);
  });
});

describe('conditionalPair', () => {
  it('is the joint density, with rows along y', () => {
    const xs = grid(-9, 11, 120);
    const ys = grid(-3, 7, 100);
    const found = conditionalPair(normal, Float64Array.of(0, 0), 0, 1, xs, ys);
    for (const [col, row] of [
      [60, 50],
      [70, 61],
      [30, 45],
    ] as const) {
      const joint = Math.exp(normal.logDensity([xs[col]!, ys[row]!]));
      expect(found[row * 120 + col]).toBeCloseTo(joint, 6); // as above
    }
  });
});
