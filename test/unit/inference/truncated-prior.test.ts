import { describe, expect, it } from 'vitest';
import { Mixture } from '../../../main/density/mixture.ts';
import { drawTruncatedPrior } from '../../../main/inference/truncated-prior.ts';
import { independentPrior } from '../../../main/model/prior.ts';
import { createRandom } from '../../../main/numeric/random.ts';

const square = independentPrior([
  { name: 'a', unit: '', prior: { uniform: [-10, 10] } },
  { name: 'b', unit: '', prior: { uniform: [-10, 10] } },
]);
const n = 4000;
const epsilon = 0.01;

function gaussians(...means: [number, number][]): Mixture {
  return new Mixture({
    components: means.length,
    dimension: 2,
    logWeights: new Float64Array(means.length),
    means: Float64Array.from(means.flat()),
    precisionFactors: Float64Array.from(means.flatMap(() => [1, 0, 0, 1])),
  });
}

describe('drawTruncatedPrior', () => {
  it('draws evenly from the disc that holds 1 − ε of a Gaussian, and knows the disc’s mass', async () => {
    const drawn = (await drawTruncatedPrior(n, gaussians([1, 2]), square, epsilon, null, createRandom(1)))!;
    // P(r > R) = exp(−R²/2) = ε in two dimensions. The threshold is the quantile of 4,000 draws: R² is known to 3 %.
    const radius2 = -2 * Math.log(epsilon);
    expect(Math.exp(drawn.region.logMass) / ((Math.PI * radius2) / 400)).toBeCloseTo(1, 1);
    const squares = Array.from(
      { length: n },
      (_, i) => (drawn.theta[2 * i]! - 1) ** 2 + (drawn.theta[2 * i + 1]! - 2) ** 2,
    );
    expect(Math.max(...squares)).toBeLessThan(1.15 * radius2);
    // Even over the disc: r² is uniform. Five standard errors of a share of 4,000.
    for (const share of [0.25, 0.5, 0.75]) {
      const below = squares.filter((r2) => r2 < share * radius2).length / n;
      expect(Math.abs(below - share)).toBeLessThan(5 * Math.sqrt((share * (1 - share)) / n) + 0.02);
    }
  });
  it('keeps both of two modes that lie far apart', async () => {
    const { theta } = (await drawTruncatedPrior(
      n,
      gaussians([-5, 0], [5, 0]),
      square,
      epsilon,
      null,
      createRandom(2),
    ))!;
    const right = Array.from({ length: n }, (_, i) => theta[2 * i]! > 0).filter(Boolean).length / n;
    expect(Math.abs(right - 0.5)).toBeLessThan(0.05);
  });
  it('follows the prior inside the region where the prior is not flat', async () => {
    const normal = independentPrior([{ name: 'a', unit: '', prior: { normal: [0, 1] } }]);
    const wide = new Mixture({
      components: 1,
      dimension: 1,
      logWeights: Float64Array.of(0),
      means: Float64Array.of(0),
      precisionFactors: Float64Array.of(0.1),
    });
    const { theta, region } = (await drawTruncatedPrior(n, wide, normal, epsilon, null, createRandom(3)))!;
    // The region covers the prior: what comes back is the prior itself. Five standard errors.
    expect(Math.abs(theta.reduce((sum, t) => sum + t * t, 0) / n - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
    expect(region.logMass).toBeCloseTo(0, 1);
  });
  it('can be cancelled where the estimate gives no draw at all', async () => {
    const narrow = independentPrior([
      { name: 'a', unit: '', prior: { uniform: [900, 901] } },
      { name: 'b', unit: '', prior: { uniform: [900, 901] } },
    ]);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 300);
    await expect(
      drawTruncatedPrior(10, gaussians([0, 0]), narrow, epsilon, null, createRandom(4), controller.signal),
    ).rejects.toMatchObject({ code: 'cancelled' });
  });
  it.each([
    ['rejection', 1],
    ['resampling', 300],
  ] as const)('thins the draws by the probability that they stay (%s)', async (method, steep) => {
    const estimate = new Mixture({
      components: 1,
      dimension: 2,
      logWeights: Float64Array.of(0),
      means: Float64Array.of(1, 2),
      precisionFactors: Float64Array.of(steep, 0, 0, steep),
    });
    const keep = (theta: Float64Array) =>
      Float64Array.from({ length: theta.length / 2 }, (_, i) => (theta[2 * i]! > 1 ? 0.2 : 0.9));
    const all = (await drawTruncatedPrior(n, estimate, square, epsilon, null, createRandom(7)))!;
    const drawn = (await drawTruncatedPrior(n, estimate, square, epsilon, keep, createRandom(7)))!;
    expect([all.method, drawn.method]).toEqual([method, method]);
    expect(all.keptShare).toBe(1);
    // Half of the disc stays with .2, half with .9: five standard errors of a share of 4,000, and a mean of .55.
    const right = Array.from({ length: n }, (_, i) => drawn.theta[2 * i]! > 1).filter(Boolean).length / n;
    const share = 0.2 / (0.2 + 0.9);
    expect(Math.abs(right - share)).toBeLessThan(5 * Math.sqrt((share * (1 - share)) / n));
    expect(Math.abs(drawn.keptShare - 0.55)).toBeLessThan((5 * 0.35) / Math.sqrt(n));
    // The region's own mass does not know of it: two estimates, each with a few per cent of error.
    expect(Math.abs(drawn.region.logMass - all.region.logMass)).toBeLessThan(0.1);
  });
  it('rejects while that ends soon, and resamples where the region is a millionth of the prior', async () => {
    const large = (await drawTruncatedPrior(n, gaussians([1, 2]), square, epsilon, null, createRandom(5)))!;
    expect(large).toMatchObject({ method: 'rejection', ess: null });
    const small = new Mixture({
      components: 1,
      dimension: 2,
      logWeights: Float64Array.of(0),
      means: Float64Array.of(3, -4),
      precisionFactors: Float64Array.of(300, 100, 0, 300),
    });
    const drawn = (await drawTruncatedPrior(n, small, square, epsilon, null, createRandom(6)))!;
    expect(drawn.method).toBe('resampling');
    // The ellipse within the threshold: area π r²/(300·300) of 400; the mass is a product of means of 4,000 weights each, some 4 % in all.
    const top = -2 * (drawn.region.logThreshold - small.logDensity([3, -4]));
    expect(Math.abs(Math.log(drawn.acceptance / ((Math.PI * top) / (300 * 300 * 400))))).toBeLessThan(0.15);
    expect(drawn.ess).toBeGreaterThan(1000);
    // Even over the ellipse: r² is uniform; and no two draws are the same after the Metropolis steps.
    const squares = Array.from({ length: n }, (_, i) => {
      const [a, b] = [drawn.theta[2 * i]! - 3, drawn.theta[2 * i + 1]! + 4];
      return (300 * a + 100 * b) ** 2 + (300 * b) ** 2;
    });
    for (const share of [0.25, 0.5, 0.75]) {
      const below = squares.filter((r2) => r2 < share * top).length / n;
      expect(Math.abs(below - share)).toBeLessThan(5 * Math.sqrt((share * (1 - share)) / n));
    }
    expect(new Set(squares).size).toBeGreaterThan(0.99 * n);
  });
});
