import { linearPosterior, normalSamples, type LinearModel } from '../../support/normal-posterior.ts';
import type { KnownPosterior } from './task.ts';

/** Linear models with normal noise: exact posteriors in closed form, those in a box by rejection. */

const range = (n: number) => Array.from({ length: n }, (_, i) => i);
const constant = (n: number, value: number) => new Array<number>(n).fill(value);
const diagonal = (values: readonly number[]) =>
  values.map((value, i) => values.map((_, j) => (i === j ? value : 0)));

function linear(
  model: LinearModel,
  box?: { low: readonly number[]; high: readonly number[] },
): KnownPosterior['sample'] {
  return (observed, n, random) => normalSamples(linearPosterior(model, observed), n, random, box);
}

export const linearTwo: KnownPosterior = {
  name: 'linear, correlated prior',
  file: 'linear-2.mjs',
  truth: [2, -1],
  sample: linear({
    design: [
      [1, 0.5],
      [-0.3, 1],
      [0.7, 0.7],
    ],
    noiseSd: constant(3, 0.5),
    prior: {
      mean: [1, -2],
      covariance: [
        [1, 1.2],
        [1.2, 4],
      ],
    },
  }),
};

export const linearFive: KnownPosterior = {
  name: 'linear, 20 features',
  file: 'linear-5.mjs',
  truth: [0.5, 2, 0, 3, 7],
  sample: linear({
    design: range(20).map((f) => range(5).map((d) => (f < 10 ? Math.cos(1 + f * (d + 1)) : 0))),
    noiseSd: constant(20, 1),
    prior: { mean: range(5), covariance: diagonal(range(5).map((d) => (1 + d / 2) ** 2)) },
  }),
};

export const linearTen: KnownPosterior = {
  name: 'linear, correlated prior, 100 features',
  file: 'linear-10.mjs',
  truth: range(10).map((d) => d / 5 + Math.sin(2 * d)),
  sample: linear({
    design: range(100).map((f) =>
      range(10).map((d) => (f >= 20 ? 0 : f % 10 === d ? 1 : (f + 1) % 10 === d ? 0.5 : 0)),
    ),
    noiseSd: range(100).map((f) => (f < 20 ? 0.7 : 1)),
    prior: {
      mean: range(10).map((d) => d / 5),
      covariance: range(10).map((i) => range(10).map((j) => 0.7 ** Math.abs(i - j))),
    },
  }),
};

export const waiting: KnownPosterior = {
  name: 'linear, asynchronous',
  file: 'waiting.mjs',
  truth: [1, -0.5],
  sample: linear({
    design: [
      [1, 1],
      [1, -1],
    ],
    noiseSd: constant(2, 0.5),
    prior: { mean: [0, 0], covariance: diagonal([1, 1]) },
  }),
};

export const boundedTwo: KnownPosterior = {
  name: 'bounded linear',
  file: 'bounded-2.mjs',
  truth: [0.9, 0.3],
  sample: linear(
    {
      design: [
        [1, 1 / 2.5],
        [1, -1 / 2.5],
      ],
      noiseSd: [0.4, 0.8],
      prior: null,
    },
    { low: [-1, 0], high: [1, 5] },
  ),
};

export const boundedFive: KnownPosterior = {
  name: 'bounded linear',
  file: 'bounded-5.mjs',
  truth: [0.9, -0.95, 0.2, -0.6, 0.8],
  sample: linear(
    {
      design: range(8).map((f) => range(5).map((d) => Math.cos(2 + 3 * f + f * d))),
      noiseSd: constant(8, 0.6),
      prior: null,
    },
    { low: constant(5, -1), high: constant(5, 1) },
  ),
};
