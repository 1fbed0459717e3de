import { describe, expect, it } from 'vitest';
import { Mixture } from '../../../main/density/mixture.ts';
import { TruncatedDensity, type Support } from '../../../main/density/truncated.ts';
import { precisionFactorFromCovariance } from '../../../main/numeric/linear-algebra.ts';
import { createRandom } from '../../../main/numeric/random.ts';

function box(low: number[], high: number[]): Support {
  return {
    dimension: low.length,
    contains: (theta, offset = 0) =>
      low.every((bound, i) => theta[offset + i]! >= bound && theta[offset + i]! <= high[i]!),
  };
}
function gaussian(mean: number[], covariance: number[]): Mixture {
  return new Mixture({
    components: 1,
    dimension: mean.length,
    logWeights: Float64Array.of(0),
    means: Float64Array.from(mean),
    precisionFactors: precisionFactorFromCovariance(covariance, mean.length),
  });
}
const half = new TruncatedDensity(gaussian([0, 0], [1, 0, 0, 1]), box([0, -50], [50, 50]));

describe('a mixture truncated to a support', () => {
  it('knows its mass inside: a half-plane through the mean holds ½', () => {
    // 20,000 draws: standard error 0.0035
    expect(Math.abs(half.acceptance - 0.5)).toBeLessThan(0.014);
  });

  it('normalises its density by that mass and is −Infinity outside', () => {
    const inside = Float64Array.of(9, 0.5, 0.2);
    expect(half.logDensity(inside, 1)).toBeCloseTo(
      half.density.logDensity(inside, 1) - Math.log(half.acceptance),
      12,
    );
    expect(half.logDensity(Float64Array.of(-0.1, 0))).toBe(-Infinity);
  });

  it('draws only inside, the same for the same stream, and reports the acceptance', async () => {
    const draw = () => half.sampleMany(5000, createRandom(5), { timeLimitMs: 60_000 });
    const first = await draw();
    expect(first.complete).toBe(true);
    expect(first.samples).toHaveLength(10_000);
    for (let i = 0; i < 5000; i++) expect(first.samples[2 * i]!).toBeGreaterThanOrEqual(0);
    expect(Math.abs(first.acceptance - 0.5)).toBeLessThan(0.02);
    expect((await draw()).samples).toEqual(first.samples);
    // Half-normal: mean √(2/π), variance 1 − 2/π
    const mean = first.samples.reduce((sum, v, i) => sum + (i % 2 === 0 ? v / 5000 : 0), 0);
    expect(Math.abs(mean - Math.sqrt(2 / Math.PI))).toBeLessThan(4 * Math.sqrt((1 - 2 / Math.PI) / 5000));
  });

  it('gives up in time where nothing can be accepted, and says what it has', async () => {
    const hopeless = new TruncatedDensity(gaussian([0], [1]), box([100], [101]));
    const started = performance.now();
    const drawn = await hopeless.sampleMany(10, createRandom(1), { timeLimitMs: 50 });
    expect(drawn).toEqual({ samples: new Float64Array(0), acceptance: 0, complete: false });
    // The limit, one batch more, and a slow machine.
    expect(performance.now() - started).toBeLessThan(2000);
    expect(hopeless.acceptance).toBe(0);
    expect(Number.isFinite(hopeless.logDensity(Float64Array.of(100.5)))).toBe(true);
    expect(() => hopeless.mode()).toThrow('outside the prior’s support');
  });

  it('stops when it is cancelled', async () => {
    const controller = new AbortController();
    const hopeless = new TruncatedDensity(gaussian([0], [1]), box([100], [101]));
    const drawing = hopeless.sampleMany(10, createRandom(1), {
      timeLimitMs: 60_000,
      signal: controller.signal,
    });
    setTimeout(() => controller.abort(), 5);
    await expect(drawing).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('finds the mode: the mean where it is inside, the constrained maximum where it is not', () => {
    const covariance = [1, 0.9, 0.9, 1];
    const free = new TruncatedDensity(gaussian([1, 2], covariance), box([-9, -9], [9, 9])).mode();
    expect([...free]).toEqual([1, 2]);
    // The mean lies beyond θ₀ ≤ 0: there the best θ₁ is 2 + 0.9·(0 − 1) = 1.1.
    const bounded = new TruncatedDensity(gaussian([1, 2], covariance), box([-9, -9], [0, 9])).mode();
    expect(bounded[0]).toBeCloseTo(0, 3);
    expect(bounded[1]).toBeCloseTo(1.1, 3);
  });

  it('finds the higher of two modes', () => {
    const two = new Mixture({
      components: 2,
      dimension: 1,
      logWeights: Float64Array.of(Math.log(0.6), Math.log(0.4)),
      means: Float64Array.of(-3, 3),
      precisionFactors: Float64Array.of(1, 4),
    });
    expect(new TruncatedDensity(two, box([-9], [9])).mode()[0]).toBeCloseTo(3, 3);
    expect(new TruncatedDensity(two, box([-9], [0])).mode()[0]).toBeCloseTo(-3, 3);
  });

  it('refuses a support of another dimension', () => {
    expect(() => new TruncatedDensity(gaussian([0], [1]), box([0, 0], [1, 1]))).toThrow('1 parameters');
  });
});
