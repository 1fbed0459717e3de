import { describe, expect, it } from 'vitest';
import { createRandom } from '../../main/numeric/random.ts';
import { bernoulliGlm } from './tasks/bernoulli-glm.ts';
import { paperGaussianMixture, paperSds, sbibmGaussianMixture } from './tasks/gaussian-mixture.ts';
import { readNumbers, readSbibm } from './tasks/sbibm.ts';
import { importSimulator, type StatisticalTask } from './tasks/task.ts';

/** Mean and standard deviation of each column of a row-major matrix. */
function moments(values: Float64Array, columns: number): { mean: number[]; sd: number[] } {
  const n = values.length / columns;
  const mean = new Array<number>(columns).fill(0);
  const sd = new Array<number>(columns).fill(0);
  values.forEach((value, i) => (mean[i % columns]! += value / n));
  values.forEach((value, i) => (sd[i % columns]! += (value - mean[i % columns]!) ** 2 / (n - 1)));
  return { mean, sd: sd.map(Math.sqrt) };
}

async function simulateMany(task: StatisticalTask, theta: Float64Array, n: number): Promise<Float64Array> {
  const { simulate } = await importSimulator(task.simulator);
  return Float64Array.from(
    Array.from({ length: n }, (_, i) => [...Array.from(simulate(theta, createRandom(3, i).uniform))]).flat(),
  );
}

/** Every entry of `actual` within `errors` standard errors of `expected`. */
function expectClose(actual: number[], expected: number[], standardErrors: number[], errors = 5): void {
  actual.forEach((value, i) => {
    expect(Math.abs(value - expected[i]!)).toBeLessThan(errors * standardErrors[i]!);
  });
}

const n = 20_000;

describe('the Gaussian mixtures', () => {
  it.each([
    [paperGaussianMixture(), [3], (1 + 0.1) / 2],
    [sbibmGaussianMixture(1), [-4, 7], (1 + 0.01) / 2],
  ])('simulate around θ with the variance of the mixture (%#)', async (task, theta, variance) => {
    const { mean, sd } = moments(await simulateMany(task, Float64Array.from(theta), n), theta.length);
    expectClose(
      mean,
      theta,
      theta.map(() => Math.sqrt(variance / n)),
    );
    // The fourth moment of the mixture is at most 3 · ½ (1 + 1e-4): the variance's standard error is below 1.25/√n.
    expectClose(
      sd.map((value) => value ** 2),
      theta.map(() => variance),
      theta.map(() => 1.25 / Math.sqrt(n)),
    );
  });

  it('of the benchmark take both coordinates from one component', async () => {
    const x = await simulateMany(sbibmGaussianMixture(1), Float64Array.of(0, 0), n);
    let product = 0;
    for (let i = 0; i < x.length; i += 2) product += (x[i]! ** 2 * x[i + 1]! ** 2) / n;
    // E[x₁²x₂²] = ½ (1 + 1e-4) with one component, .255 with two independent ones; its standard error is √(4.5/n) = .015.
    expect(Math.abs(product - 0.50005)).toBeLessThan(0.075);
  });

  it('have the references that their formulas say', () => {
    const paper = moments(paperGaussianMixture().reference, 1);
    expectClose(paper.mean, [0], [Math.sqrt(0.55 / 10_000)]);
    expectClose(paper.sd, [Math.sqrt((paperSds[0] ** 2 + paperSds[1] ** 2) / 2)], [0.01]);
    const { observed, reference } = sbibmGaussianMixture(2);
    // Around x_o with variance ½ (1 + .01), as x_o is more than a standard deviation from the bounds ± 10, where a little is cut.
    const benchmark = moments(reference, 2);
    expectClose(benchmark.mean, [...observed], [0.01, 0.03]);
    expect(Math.abs(benchmark.sd[0]! - Math.sqrt(0.505))).toBeLessThan(0.03);
  });
});

describe('the Bernoulli GLM', () => {
  const task = bernoulliGlm(1);

  it('has the prior N(0, P⁻¹) of the benchmark', async () => {
    const { prior } = await importSimulator(task.simulator);
    const { mean, covariance } = prior!.normal;
    expect(mean).toEqual(new Array(10).fill(0));
    // P = blockdiag(½, FᵀF), F = D² + diag(√(i/9)) written out with D as a matrix.
    const D = Array.from({ length: 9 }, (_, i) =>
      Array.from({ length: 9 }, (__, j) => Number(i === j) - Number(i === j + 1)),
    );
    const times = (A: number[][], B: number[][]) =>
      A.map((row) => B[0]!.map((_, j) => row.reduce((sum, value, k) => sum + value * B[k]![j]!, 0)));
    const F = times(D, D).map((row, i) => row.map((value, j) => value + (i === j ? Math.sqrt(i / 9) : 0)));
    const transposed = F.map((_, i) => F.map((row) => row[i]!));
    const P = [[0.5, ...new Array<number>(9).fill(0)], ...times(transposed, F).map((row) => [0, ...row])];
    times(P, covariance).forEach((row, i) => {
      row.forEach((value, j) => {
        expect(Math.abs(value - Number(i === j))).toBeLessThan(1e-12); // rounding alone
      });
    });
    // Marginal standard deviations from numpy.linalg.inv(P), numpy 2, to check the writing-out above.
    const sds = [
      1.41421356, 1, 1.67705098, 1.82994028, 1.55206644, 1.21634954, 1.1004374, 1.06920951, 0.98060538,
      0.88028833,
    ];
    sds.forEach((sd, i) => {
      expect(Math.sqrt(covariance[i]![i]!)).toBeCloseTo(sd, 7);
    });
  });

  it.each([1, 2] as const)(
    'turns the spike train behind observation %d into its features',
    async (observation) => {
      const { simulate } = await importSimulator(task.simulator);
      const spikes = readNumbers(`bernoulli_glm/observation-${observation}/observation_raw.csv`);
      let t = 0;
      // With θ = 0 a step spikes when its random number is below ½: the train is played back.
      const features = simulate(new Float64Array(10), () => 1 - spikes[t++]!);
      const { observed } = readSbibm('bernoulli_glm', observation);
      // The benchmark's features are float32 sums of up to 100 terms.
      observed.forEach((value, i) => {
        expect(Math.abs(features[i]! - value)).toBeLessThan(1e-5);
      });
    },
  );

  it('simulates features with the exact mean and variance at the true parameters', async () => {
    const { trueParameters } = readSbibm('bernoulli_glm', 1);
    const stimulus = readNumbers('bernoulli_glm/stimulus.csv');
    // Features are Σ_t y_t X_tj with independent y_t: mean Σ p X, variance Σ p (1 − p) X².
    const mean = new Array<number>(10).fill(0);
    const variance = new Array<number>(10).fill(0);
    for (let time = 0; time < 100; time++) {
      const row = [1, ...Array.from({ length: 9 }, (_, k) => (time >= k ? stimulus[time - k]! : 0))];
      const p = 1 / (1 + Math.exp(-row.reduce((sum, value, j) => sum + value * trueParameters[j]!, 0)));
      row.forEach((value, j) => {
        mean[j]! += p * value;
        variance[j]! += p * (1 - p) * value * value;
      });
    }
    const simulated = moments(await simulateMany(task, trueParameters, 4000), 10);
    expectClose(
      simulated.mean,
      mean,
      variance.map((v) => Math.sqrt(v / 4000)),
    );
    // Sums of many independent terms are nearly normal: the variance's relative standard error is √(2/n).
    expectClose(
      simulated.sd.map((sd) => sd ** 2),
      variance,
      variance.map((v) => v * Math.sqrt(2 / 4000)),
    );
  });

  it('has reference samples with the moments of the exact posterior', () => {
    // Self-normalised importance sampling of the posterior in numpy, 400,000 draws, effective sample size 192,000.
    const mean = [0.8885, 1.97996, 3.29276, 2.52077, 0.31487, -1.64626, -2.43139, -1.5575, -0.28139, 0.32296];
    const sd = [0.40063, 0.46629, 0.63832, 0.52132, 0.31034, 0.39735, 0.50214, 0.41842, 0.33412, 0.3892];
    const reference = moments(task.reference, 10);
    expect(task.reference.length).toBe(100_000);
    expectClose(
      reference.mean,
      mean,
      sd.map((value) => value / 100),
    );
    expectClose(
      reference.sd,
      sd,
      sd.map((value) => value / Math.sqrt(20_000)),
    );
  });
});
