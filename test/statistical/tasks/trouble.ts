import { gridSamples, type GridDensity } from '../../support/grid-posterior.ts';
import type { KnownPosterior } from './task.ts';

/** What simulators do outside textbooks: heavy tails, missing features, failures, hangs, odd scales, counts. */

const square = (x: number) => x * x;

type LogDensity = (theta: Float64Array, observed: Float64Array) => number;

function grid(
  logDensity: LogDensity,
  box: Pick<GridDensity, 'low' | 'high'>,
  cells = 420,
): KnownPosterior['sample'] {
  return (observed, n, random) =>
    gridSamples({ logDensity: (theta) => logDensity(theta, observed), ...box, cells }, n, random);
}

export const heavyTails: KnownPosterior = {
  name: 'heavy-tailed features',
  file: 'heavy-tails.mjs',
  truth: [1, 2.5],
  sample: grid(
    ([level, noise], [mean, baselineSd, power, outlier]) =>
      -square((mean! - level!) / 0.5) / 2 -
      square((Math.log(baselineSd! / 1e-3) - noise!) / 2) / 2 -
      square(Math.log(power!) - 2 * level! - noise!) / 2 -
      Math.log(1 + square((outlier! - noise!) / 0.3)),
    { low: [-5, 0], high: [5, 4] },
  ),
};

const missingSamples = grid(
  ([drive, delay], [rest, latency]) => {
    const spikes = 1 / (1 + Math.exp(-2 * drive!));
    const seen = -square(rest! - drive!) / 2;
    return Number.isNaN(latency)
      ? seen + Math.log(1 - spikes)
      : seen + Math.log(spikes) - square(latency! - delay! - 5 * Math.exp(-drive!)) / 2;
  },
  { low: [-3, 0], high: [3, 10] },
);

export const missingLater: KnownPosterior = {
  name: 'a feature missing in simulations',
  file: 'missing.mjs',
  observed: [0.6, 8],
  sample: missingSamples,
};

export const missingHere: KnownPosterior = {
  name: 'a feature missing in the observation',
  file: 'missing.mjs',
  observed: [0.6, NaN],
  sample: missingSamples,
};

export const failing: KnownPosterior = {
  name: 'null and throws',
  file: 'failing.mjs',
  observed: [0.5, 0.6],
  sample: grid(
    ([a, b], [x, y]) =>
      a! + b! > 1 || a! < -1.2 ? -Infinity : -square((x! - a!) / 0.5) / 2 - square((y! - b!) / 0.5) / 2,
    { low: [-2, -2], high: [2, 2] },
  ),
};

export const hanging: KnownPosterior = {
  name: 'hangs for rare parameters',
  file: 'hanging.mjs',
  observed: [-1, 0.5],
  settings: { simulation: { timeLimitS: 0.3 } },
  sample: grid(([a, b], [x, y]) => -square((x! - a!) / 0.5) / 2 - square((y! - b! - a! / 2) / 0.5) / 2, {
    low: [-3, -3],
    high: [3, 3],
  }),
};

export const scales: KnownPosterior = {
  name: 'scales from 1e-9 to 1e6',
  file: 'scales.mjs',
  truth: [2e-9, 2.3e6],
  sample: grid(
    ([conductance, frequency], [current, pitch, product]) =>
      -square((frequency! - 2e6) / 5e5) / 2 -
      square((current! - conductance!) / 5e-10) / 2 -
      square((pitch! - frequency!) / 3e5) / 2 -
      square((product! - conductance! * frequency!) / 2e-3) / 2,
    { low: [0, -1e6], high: [5e-9, 5e6] },
  ),
};

export const counts: KnownPosterior = {
  name: 'Poisson counts',
  file: 'counts.mjs',
  truth: [1.5, -0.4],
  sample: grid(
    ([start, change], observed) =>
      observed.reduce((sum, count, bin) => {
        const logRate = start! + change! * bin;
        return sum + count * logRate - Math.exp(logRate);
      }, 0),
    { low: [-2, -2], high: [4, 1] },
  ),
};
