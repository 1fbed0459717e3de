import type { RandomStream } from '../../../main/numeric/random.ts';
import { gridSamples } from '../../support/grid-posterior.ts';
import type { KnownPosterior } from './task.ts';

/** Posteriors that are not one ellipse: crescents, several modes, and the four points with their hard likelihood. */

const square = (x: number) => x * x;

export const twoMoons: KnownPosterior = {
  name: 'two moons',
  file: 'two-moons.mjs',
  observed: [0, 0],
  mode: ([theta1, theta2]) => (theta1! + theta2! > 0 ? 1 : 0),
  sample: ([x1, x2], n, random) =>
    gridSamples(
      {
        logDensity([theta1, theta2]) {
          const u = x1! - 0.25 + Math.abs(theta1! + theta2!) / Math.SQRT2;
          const v = x2! - (theta2! - theta1!) / Math.SQRT2;
          // In polar coordinates: the radius is normal, the angle uniform on the half-circle u > 0; du dv = r dr dφ.
          const radius = Math.hypot(u, v);
          return u > 0 ? -square((radius - 0.1) / 0.01) / 2 - Math.log(radius) : -Infinity;
        },
        low: [-1, -1],
        high: [1, 1],
        cells: 1500, // .001 and less a cell, a tenth of the moons' thickness
      },
      n,
      random,
    ),
};

export const banana: KnownPosterior = {
  name: 'banana',
  file: 'banana.mjs',
  truth: [0.3, 0.8],
  sample: ([x1, x2], n, random) =>
    gridSamples(
      {
        logDensity: ([theta1, theta2]) =>
          -square((x1! - theta2! + square(theta1!)) / 0.25) / 2 -
          square((x2! - theta1! - theta2! / 4) / 1.5) / 2,
        low: [-3, -3],
        high: [3, 6],
        cells: 800,
      },
      n,
      random,
    ),
};

/** N(± x, 0.25) in equal parts, cut at ± 10, 13 standard deviations away. */
export const plusMinus: KnownPosterior = {
  name: 'means ± θ',
  file: 'plus-minus.mjs',
  observed: [3.5],
  mode: ([theta]) => (theta! > 0 ? 1 : 0),
  sample: ([x], n, random) =>
    Float64Array.from({ length: n }, () => (random.uniform() < 0.5 ? -1 : 1) * x! + 0.5 * random.normal()),
};

export const fourModes: KnownPosterior = {
  name: 'four modes',
  file: 'four-modes.mjs',
  observed: [2.4, 1.1],
  mode: ([theta1, theta2]) => (theta1! > 0 ? 1 : 0) + (theta2! > 0 ? 2 : 0),
  sample: ([x1, x2], n, random) =>
    gridSamples(
      {
        logDensity: ([theta1, theta2]) =>
          -square((x1! - square(theta1!)) / 0.6) / 2 -
          square((x2! - square(theta2!)) / 0.3) / 2 -
          square(theta2! / 1.5) / 2,
        low: [-3, -9],
        high: [3, 9],
        cells: 1000,
      },
      n,
      random,
    ),
};

const signs = ([, , theta3, theta4]: Float64Array) => (theta3! > 0 ? 1 : 0) + (theta4! > 0 ? 2 : 0);

/** Four points at a prior draw that leaves four equal modes (the signs of θ₃ and θ₄). */
export const fourPoints: KnownPosterior = {
  name: 'four points (SLCP)',
  file: 'four-points.mjs',
  truth: [0.7, -2.0, -1.1, 1.4, 0.8],
  mode: signs,
  sample: (observed, n, random) => fourPointSamples(observed, n, random, 200),
};

/** With a grid that is coarse and quick. */
export const fourPointsCoarse: KnownPosterior = {
  ...fourPoints,
  sample: (observed, n, random) => fourPointSamples(observed, n, random, 60),
};

export const fourPointsAgain: KnownPosterior = {
  ...fourPoints,
  truth: [-1.5, 1.2, 1.6, -0.9, -0.4],
  seed: 2,
};

/**
 * Exact without a Markov chain. Given the covariance S of a draw, the mean's posterior is N(x̄, S/4), and integrated over
 * the plane it leaves p(S | x) ∝ |S|^{−3/2} exp(−½ tr S⁻¹A), A the scatter about x̄: a density of (|θ₃|, |θ₄|, θ₅) for a grid.
 * The box of the means cuts a draw off after the fact, which makes the joint density right.
 */
function fourPointSamples(
  observed: Float64Array,
  n: number,
  random: RandomStream,
  cells: number,
): Float64Array {
  const mean = [0, 1].map((k) => [0, 1, 2, 3].reduce((sum, i) => sum + observed[2 * i + k]! / 4, 0));
  const scatter = (k: number, l: number) =>
    [0, 1, 2, 3].reduce(
      (sum, i) => sum + (observed[2 * i + k]! - mean[k]!) * (observed[2 * i + l]! - mean[l]!),
      0,
    );
  const [xx, xy, yy] = [scatter(0, 0), scatter(0, 1), scatter(1, 1)];
  const covariances = gridSamples(
    {
      logDensity([a, b, c]) {
        const [sx, sy, r] = [square(a!), square(b!), Math.tanh(c!)];
        const determinant = square(sx * sy) * (1 - r * r);
        const trace = (xx / square(sx) - (2 * r * xy) / (sx * sy) + yy / square(sy)) / (1 - r * r);
        return -1.5 * Math.log(determinant) - trace / 2;
      },
      low: [0, 0, -3],
      high: [3, 3, 3],
      cells,
    },
    20 * n,
    random,
  );
  const out = new Float64Array(5 * n);
  let kept = 0;
  // The grid's draws come in no order, so the first n that lie in the box are a sample.
  for (let i = 0; kept < n; i++) {
    if (3 * i === covariances.length)
      throw new Error('The observation lies too near the bounds of the means.');
    const [a, b, c] = covariances.subarray(3 * i, 3 * i + 3);
    const r = Math.tanh(c!);
    const [u, v] = [random.normal() / 2, random.normal() / 2];
    const theta1 = mean[0]! + square(a!) * u;
    const theta2 = mean[1]! + square(b!) * (r * u + Math.sqrt(1 - r * r) * v);
    if (Math.abs(theta1) > 3 || Math.abs(theta2) > 3) continue;
    const sign = () => (random.uniform() < 0.5 ? -1 : 1);
    out.set([theta1, theta2, sign() * a!, sign() * b!, c!], 5 * kept++);
  }
  return out;
}
