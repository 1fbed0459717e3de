import { describe, expect, it } from 'vitest';
import { annealedResampling } from '../../../main/inference/annealed-resampling.ts';
import { createRandom } from '../../../main/numeric/random.ts';

const n = 4000;
const dimension = 8;
const radius2 = 25;

const squares = (theta: Float64Array) =>
  Float64Array.from({ length: theta.length / dimension }, (_, i) =>
    theta.subarray(i * dimension, (i + 1) * dimension).reduce((sum, v) => sum + v * v, 0),
  );

describe('annealedResampling', () => {
  it('turns a normal distribution into the even one over a ball of 8 dimensions, and knows the ball’s volume', async () => {
    const random = createRandom(3);
    const start = new Float64Array(n * dimension).map(() => random.normal());
    // Draws outside are replaced by halving them; where the start comes from is forgotten on the way.
    squares(start).forEach((r2, i) => {
      if (r2 > radius2) for (let d = 0; d < dimension; d++) start[i * dimension + d]! /= 2;
    });
    const logConstant = -0.5 * dimension * Math.log(2 * Math.PI);
    const drawn = await annealedResampling(
      start,
      dimension,
      (theta) => {
        const r2 = squares(theta);
        return {
          logFrom: r2.map((value) => logConstant - 0.5 * value),
          logTo: r2.map((value) => (value <= radius2 ? 0 : -Infinity)),
        };
      },
      random,
    );
    // Even over the ball: (r²/R²)⁴ is uniform. Five standard errors of a share of 4,000, doubled for chains that mix slowly.
    const shares = squares(drawn.theta).map((r2) => (r2 / radius2) ** 4);
    for (const share of [0.1, 0.25, 0.5, 0.75, 0.9]) {
      const below = shares.filter((u) => u < share).length / n;
      expect(Math.abs(below - share)).toBeLessThan(10 * Math.sqrt((share * (1 - share)) / n));
    }
    // Volume π⁴/24 R⁸, against the mass .9984 of the normal inside (χ² with 8 degrees of freedom below 25).
    const exact = Math.log((Math.PI ** 4 / 24) * radius2 ** 4) - Math.log(0.9984);
    expect(Math.abs(drawn.logMass - exact)).toBeLessThan(0.15);
    expect(drawn.ess).toBeGreaterThan(0.4 * n);
  });
  it('leaves draws that are right already in place but for the Metropolis steps', async () => {
    const random = createRandom(4);
    const start = Float64Array.from({ length: n }, () => random.uniform());
    const inside = (theta: Float64Array) => theta.map((v) => (v >= 0 && v <= 1 ? 0 : -Infinity));
    const drawn = await annealedResampling(
      start,
      1,
      (theta) => ({ logFrom: new Float64Array(theta.length), logTo: inside(theta) }),
      random,
    );
    expect(drawn.logMass).toBeCloseTo(0, 12);
    expect(drawn.ess).toBeCloseTo(n, 6);
    expect(inside(drawn.theta).every((value) => value === 0)).toBe(true);
  });
});
