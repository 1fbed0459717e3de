import { describe, expect, it } from 'vitest';
import { c2st } from '../../main/diagnostics/c2st.ts';
import { createRandom } from '../../main/numeric/random.ts';
import { mean, standardDeviation, variance } from '../../main/numeric/statistics.ts';
import { gridSamples } from '../support/grid-posterior.ts';
import { logisticPosterior } from '../support/logistic-posterior.ts';
import { samplePolyaGamma } from '../support/polya-gamma.ts';
import { bernoulliGlm, bernoulliGlmModel } from './tasks/bernoulli-glm.ts';

const column = (values: Float64Array, d: number, columns: number) =>
  values.filter((_, i) => i % columns === d);

describe('Pólya-Gamma draws', () => {
  // On both sides of 3.125, where the sampler of the left part changes.
  it.each([0, 0.5, -2, 3, 3.3, 12])('have the mean and variance of PG(1, %d)', (z) => {
    const n = 100_000;
    const random = createRandom(11);
    const draws = Float64Array.from({ length: n }, () => samplePolyaGamma(random, z));
    // Polson, Scott, Windle 2013, section 2.2, and the limits at 0.
    const a = Math.abs(z);
    const exactMean = a === 0 ? 1 / 4 : Math.tanh(a / 2) / (2 * a);
    const exactVariance = a === 0 ? 1 / 24 : (Math.sinh(a) - a) / (4 * a ** 3 * Math.cosh(a / 2) ** 2);
    // Four standard errors; the variance's, by a kurtosis of at most 9, is at most √(8/n) of it.
    expect(Math.abs(mean(draws) - exactMean)).toBeLessThan(4 * Math.sqrt(exactVariance / n));
    expect(Math.abs(variance(draws) / exactVariance - 1)).toBeLessThan(4 * Math.sqrt(8 / n));
  });

  it('have the Laplace transform of PG(1, 0)', () => {
    const n = 50_000;
    const random = createRandom(12);
    let sum = 0;
    for (let i = 0; i < n; i++) sum += Math.exp(-8 * samplePolyaGamma(random, 0)) / n;
    // E e^{−tω} = 1/cosh √(t/2); e^{−tω} lies in (0, 1), so that its standard error is below ½/√n.
    expect(Math.abs(sum - 1 / Math.cosh(2))).toBeLessThan(2 / Math.sqrt(n));
  });

  it('refuse a tilt that is not finite', () => {
    expect(() => samplePolyaGamma(createRandom(1), NaN)).toThrow(RangeError);
  });
});

describe('the posterior of a logistic regression by Gibbs sampling', () => {
  it('agrees with a grid where there are two coefficients', () => {
    const design = [-2, -1, 0, 0.5, 1, 2, 3].map((value) => [1, value]);
    const y = [0, 0, 1, 0, 1, 1, 1];
    const sums = [0, 1].map((d) => design.reduce((sum, row, t) => sum + y[t]! * row[d]!, 0));
    const model = { design, precision: [0.25, 0, 0, 0.5] };
    const n = 4000;
    const gibbs = logisticPosterior(model, sums, { n, thin: 3 }, createRandom(13));
    const logDensity = (beta: Float64Array) =>
      design.reduce(
        (sum, [one, value], t) => {
          const drive = one! * beta[0]! + value! * beta[1]!;
          return sum + y[t]! * drive - Math.log1p(Math.exp(drive));
        },
        -(0.25 * beta[0]! ** 2 + 0.5 * beta[1]! ** 2) / 2,
      );
    const grid = gridSamples({ logDensity, low: [-9, -9], high: [9, 9], cells: 300 }, n, createRandom(14));
    for (const d of [0, 1]) {
      const [ours, exact] = [column(gibbs, d, 2), column(grid, d, 2)];
      const sd = standardDeviation(exact);
      // Four standard errors of a difference between two samples, the chain's counted double for what correlation is left.
      expect(Math.abs(mean(ours) - mean(exact))).toBeLessThan(4 * sd * Math.sqrt(3 / n));
      expect(Math.abs(standardDeviation(ours) / sd - 1)).toBeLessThan(4 * Math.sqrt(3 / (2 * n)));
    }
  });

  it.each([1, 2] as const)(
    'of the benchmark is that of its reference samples, observation %d',
    (observation) => {
      const { observed, reference } = bernoulliGlm(observation);
      const n = 2000;
      const ours = logisticPosterior(
        bernoulliGlmModel(),
        observed,
        { n, thin: 5 },
        createRandom(15, observation),
      );
      for (let d = 0; d < 10; d++) {
        const [own, exact] = [column(ours, d, 10), column(reference, d, 10)];
        // Four standard errors of n draws that count half, for the correlation that is left after thinning.
        expect(Math.abs(mean(own) - mean(exact)) / standardDeviation(exact)).toBeLessThan(
          4 * Math.sqrt(2 / n),
        );
        expect(Math.abs(standardDeviation(own) / standardDeviation(exact) - 1)).toBeLessThan(
          4 * Math.sqrt(1 / n),
        );
      }
      // 1,000 against 1,000: with 10,000 the classifier takes minutes; `npm run benchmark:quality -- --check-references` does that.
      const rows = 1000;
      const value = c2st(reference.subarray(0, 10 * rows), ours.subarray(0, 10 * rows), { dimension: 10 });
      // .52 as for 10,000, of which it is 2 standard errors (.5/√2000 each): the seeds are fixed.
      expect(value).toBeLessThan(0.52);
    },
  );
});
