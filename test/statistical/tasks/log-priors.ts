import type { RandomStream } from '../../../main/numeric/random.ts';
import { gridSamples } from '../../support/grid-posterior.ts';
import { importanceSamples } from '../../support/importance-posterior.ts';
import type { KnownPosterior } from './task.ts';

/** Priors over decades: exact posteriors from a grid over the logarithms, where a log-uniform prior is flat. */

const square = (x: number) => x * x;

/** Draws on a grid over ln θ, turned into θ. */
function logGrid(
  logDensity: (theta: Float64Array, observed: Float64Array) => number,
  bounds: readonly (readonly [number, number])[],
  cells: number,
): KnownPosterior['sample'] {
  return (observed, n, random) =>
    gridSamples(
      {
        logDensity: (logs) => logDensity(logs.map(Math.exp), observed),
        low: bounds.map(([low]) => Math.log(low)),
        high: bounds.map(([, high]) => Math.log(high)),
        cells,
      },
      n,
      random,
    ).map(Math.exp);
}

const decayTimes = [0.5, 1, 2, 4, 8, 16, 32, 64];
const decaySamples = logGrid(
  ([amplitude, tau], observed) =>
    decayTimes.reduce(
      (sum, t, i) => sum - square((observed[i]! - amplitude! * Math.exp(-t / tau!)) / 0.5) / 2,
      0,
    ),
  [
    [0.1, 100],
    [0.1, 1000],
  ],
  420,
);

export const decay: KnownPosterior = {
  name: 'exponential decay, log-uniform',
  file: 'decay.mjs',
  truth: [8, 12],
  sample: decaySamples,
};

/** An amplitude of the noise's size: the time constant may be anything, if the amplitude is small. */
export const faintDecay: KnownPosterior = {
  name: 'faint decay, log-uniform',
  file: 'decay.mjs',
  truth: [1.2, 5],
  sample: decaySamples,
};

const chainTimes = [0.1, 0.3, 0.6, 1, 2, 4, 8, 15, 30, 60];

export const chain: KnownPosterior = {
  name: 'rates of A → B → C, log-uniform',
  file: 'chain.mjs',
  truth: [1, 0.2, 0.02],
  sample: logGrid(
    ([k1, k2, sigma], observed) =>
      chainTimes.reduce((sum, t, i) => {
        const b = (k1! / (k2! - k1!)) * (Math.exp(-k1! * t) - Math.exp(-k2! * t));
        return sum - square((observed[i]! - b) / sigma!) / 2 - Math.log(sigma!);
      }, 0),
    [
      [0.01, 10],
      [0.0101, 9.999], // so that no cell lies on k₁ = k₂
      [0.001, 0.1],
    ],
    150,
  ),
};

export const logNormal: KnownPosterior = {
  name: 'R and C, log-normal',
  file: 'log-normal.mjs',
  truth: [180, 70],
  sample: logGrid(
    ([resistance, capacitance], [tauMs, stepMv]) =>
      // On the logarithms' axes a log-normal prior is a normal one.
      -square(Math.log(resistance! / 100)) / 2 -
      square(Math.log(capacitance! / 50) / 0.8) / 2 -
      square(Math.log((1000 * tauMs!) / (resistance! * capacitance!)) / 0.2) / 2 -
      square((stepMv! - 0.05 * resistance!) / 2) / 2,
    [
      [1, 10_000],
      [0.5, 5000],
    ],
    420,
  ),
};

export const mixedPriors: KnownPosterior = {
  name: 'four kinds of priors',
  file: 'mixed-priors.mjs',
  truth: [3.2, 0.3, -63, 1.4],
  sample: ([a, b, c, d], n, random) =>
    importanceSamples(
      {
        dimension: 4,
        draws: 3_000_000,
        draw: drawMixedPrior,
        logLikelihood: ([flat, rate, level, size]) =>
          -square((a! - flat! - Math.log10(rate!)) / 0.5) / 2 -
          square((b! - Math.log10(rate!) - (level! + 60) / 5) / 0.5) / 2 -
          square((c! - level! - 5 * Math.log(size!)) / 2) / 2 -
          square((d! - size!) / (0.3 * size!)) / 2 -
          Math.log(size!),
      },
      n,
      random,
    ),
};

function drawMixedPrior(random: RandomStream, out: Float64Array): void {
  out[0] = 4 * random.uniform();
  out[1] = 0.01 * 1000 ** random.uniform();
  out[2] = -60 + 5 * random.normal();
  out[3] = Math.exp(0.7 * random.normal());
}
