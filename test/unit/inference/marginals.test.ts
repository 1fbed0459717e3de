import { describe, expect, it } from 'vitest';
import { Mixture } from '../../../main/density/mixture.ts';
import { TruncatedDensity } from '../../../main/density/truncated.ts';
import { truncatedMarginal } from '../../../main/inference/marginals.ts';
import { pairDensity } from '../../../main/inference/pair-density.ts';
import { independentPrior } from '../../../main/model/prior.ts';
import { createRandom } from '../../../main/numeric/random.ts';

const prior = independentPrior([
  { name: 'a', unit: '', prior: { uniform: [0, 1] } },
  { name: 'b', unit: '', prior: { uniform: [0, 1] } },
]);
/** Two correlated components; more than half of their mass lies outside the unit square. */
const leaky = new Mixture({
  components: 2,
  dimension: 2,
  logWeights: Float64Array.of(Math.log(0.7), Math.log(0.3)),
  means: Float64Array.of(0.1, 0.9, 1.1, 0.4),
  precisionFactors: Float64Array.of(4, 3, 0, 5, 6, -2, 0, 4),
});

/** ∫ q(a, b) db over [0, 1], normalised over the square, by the midpoint rule. */
function quadrature(parameter: 0 | 1, cells = 400): Float64Array {
  const sums = new Float64Array(cells);
  let total = 0;
  for (let i = 0; i < cells; i++) {
    for (let j = 0; j < cells; j++) {
      const [u, v] = [(i + 0.5) / cells, (j + 0.5) / cells];
      const value = Math.exp(leaky.logDensity(parameter === 0 ? [u, v] : [v, u], 0)) / cells;
      sums[i]! += value;
      total += value / cells;
    }
  }
  return sums.map((value) => value / total);
}

describe('truncatedMarginal', () => {
  it.each([0, 1] as const)(
    'is the marginal of the truncated density, not of the mixture (parameter %d)',
    async (i) => {
      const truncated = new TruncatedDensity(leaky, prior);
      expect(truncated.acceptance).toBeLessThan(0.5);
      const { samples } = await truncated.sampleMany(4000, createRandom(1), { timeLimitMs: 10_000 });
      const grid = Float64Array.from({ length: 400 }, (_, g) => (g + 0.5) / 400);
      const density = truncatedMarginal(leaky, prior, samples, i, grid);
      const expected = quadrature(i);
      const error = density.reduce((sum, value, g) => sum + Math.abs(value - expected[g]!) / 400, 0);
      // Averaging 4,000 conditionals leaves a total variation of about 1/√4000.
      expect(error).toBeLessThan(0.03);
      expect(density.reduce((sum, value) => sum + value / 400, 0)).toBeCloseTo(1, 3);
    },
  );
});

describe('pairDensity', () => {
  it('finds the levels that hold half and nine tenths of a Gaussian in closed form', () => {
    const round = new Mixture({
      components: 1,
      dimension: 2,
      logWeights: Float64Array.of(0),
      means: Float64Array.of(0.5, 0.5),
      precisionFactors: Float64Array.of(10, 0, 0, 10),
    });
    const truncated = new TruncatedDensity(round, prior);
    const { density, level50, level90 } = pairDensity(truncated, prior, [], 1, 0, 96);
    // The region with density above c of the maximum holds 1 − c of a two-dimensional Gaussian; cells are 1 % wide.
    expect(level50).toBeCloseTo(0.5, 1);
    expect(level90).toBeCloseTo(0.1, 1);
    expect(Math.max(...density)).toBe(1);
  });
  it('follows the truncated samples where the mixture leaks, without fading at the bound', async () => {
    const truncated = new TruncatedDensity(leaky, prior);
    const { samples } = await truncated.sampleMany(20_000, createRandom(2), { timeLimitMs: 10_000 });
    const columns = [0, 1].map((i) => Float64Array.from({ length: 20_000 }, (_, s) => samples[2 * s + i]!));
    const { density } = pairDensity(truncated, prior, columns, 1, 0, 48);
    let [squares, products, expectedSquares] = [0, 0, 0];
    for (let row = 0; row < 48; row++) {
      for (let col = 0; col < 48; col++) {
        const expected = Math.exp(leaky.logDensity([(row + 0.5) / 48, (col + 0.5) / 48], 0));
        const value = density[row * 48 + col]!;
        squares += value * value;
        products += value * expected;
        expectedSquares += expected * expected;
      }
    }
    // The cosine between the image and the exact density; a fading border alone costs more than 1 %.
    expect(products / Math.sqrt(squares * expectedSquares)).toBeGreaterThan(0.99);
  });
});
