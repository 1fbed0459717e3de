import { describe, expect, it } from 'vitest';
import { logNormalInterval } from '../../../main/numeric/normal.ts';
import { createRandom } from '../../../main/numeric/random.ts';
import { padded } from '../../../main/train/memory.ts';
import { boundedMixtureLoss, leastPrecision } from '../../../main/train/reference-heads.ts';
import type { KernelBuild } from '../../../native/kernels.ts';
import { Bench, featureMajor, normals, rowMajor, wasmBuilds, worst } from './kernel-harness.ts';

type Bounds = readonly [number, number];

/** Rows of 3: the parameter and its bounds. */
function withBounds(theta: Float64Array, [low, high]: Bounds): Float64Array {
  return Float64Array.from(
    { length: 3 * theta.length },
    (_, i) => [theta[Math.floor(i / 3)]!, low, high][i % 3]!,
  ).map(Math.fround);
}

function kernelLoss(
  build: KernelBuild,
  y: Float64Array,
  theta: Float64Array,
  weights: Float64Array,
  K: number,
  bounds: Bounds,
) {
  const rows = weights.length;
  const bench = new Bench(build);
  const batch = padded(rows);
  const which = Number(bounds[0] > -Infinity) + 2 * Number(bounds[1] < Infinity);
  const [yAt, thetaAt, weightsAt] = [y, withBounds(theta, bounds), weights].map((values) =>
    bench.put(featureMajor(values, rows)),
  ) as [number, number, number];
  const [scratch, dy] = [bench.empty(16 * K), bench.empty(3 * K * batch)];
  const run = (gradientAt: number) =>
    bench.kernels.boundedMixtureLoss(K, which, batch, 1, yAt, thetaAt, weightsAt, scratch, gradientAt);
  return {
    loss: run(dy),
    alone: run(0),
    gradient: rowMajor(bench.read(dy, 3 * K * batch), rows),
  };
}

const bounds: [string, Bounds][] = [
  ['two bounds', [-1.5, 2]],
  ['two near bounds', [0.5, 0.51]],
  ['a lower bound', [-0.5, Infinity]],
  ['an upper bound', [-Infinity, 0.75]],
];

describe.each(wasmBuilds)('%s kernel of the bounded mixture head', (build) => {
  it.each(bounds)('is the reference: %s', (_title, [low, high]) => {
    const random = createRandom(12);
    const [K, rows] = [10, 38];
    const width = Math.min(high - low, 3);
    const start = Number.isFinite(low) ? low : high - 3;
    const y = normals(random, rows * 3 * K).map((value, i) => {
      const column = i % (3 * K);
      if (column < K) return value;
      // Means inside the bounds and a few widths outside; sds from a hundredth of the width to far beyond it.
      if (column < 2 * K) return Math.fround(start + width * (0.5 + value));
      return Math.fround(1.5 * value - Math.log(width));
    });
    const theta = Float64Array.from({ length: rows }, () => Math.fround(start + width * random.uniform()));
    const weights = Float64Array.from({ length: rows }, () => Math.fround(random.uniform()));
    weights[0] = 0;
    const found = kernelLoss(build, y, theta, weights, K, [low, high]);
    const expected = boundedMixtureLoss(y, withBounds(theta, [low, high]), weights, K, 1);
    // float32 in z up to about 100, so in z² a few parts in 1e6 of each row
    expect(Math.abs(found.loss - expected.loss)).toBeLessThan(2e-5 * (Math.abs(expected.loss) + rows));
    expect(found.alone).toBe(found.loss);
    const byColumn = (values: Float64Array, part: number) =>
      values.filter((_value, i) => Math.floor((i % (3 * K)) / K) === part);
    // Slopes in m grow as 1/width: compared in units of the width.
    for (const [part, scale] of [
      [0, 1],
      [1, width],
      [2, 1],
    ] as const) {
      const of = (values: Float64Array) => byColumn(values, part).map((value) => value * scale);
      expect(worst(of(found.gradient), of(expected.gradient))).toBeLessThan(1e-4);
    }
  });

  // One component with mean m and γ = e^ℓ on [0, 1] and [0, ∞): the log density and its slopes in closed form.
  it.each([
    ['a mean far below the bound', -300, Math.log(10)],
    ['a mean half a million sds below', -2e4, Math.log(30)],
    ['a mean far below with a steep slope', -5, Math.log(200)],
    ['a mean far above', 300, Math.log(10)],
    ['a mean on the bound', 0, Math.log(50)],
    ['a sharp normal inside', 0.4, Math.log(1e4)],
    ['a normal wider than the bounds', 0.3, Math.log(1e-6)],
  ])('keeps its digits: %s', (_title, mean, logPrecision) => {
    for (const range of [
      [0, 1],
      [0, Infinity],
    ] as Bounds[]) {
      if (range[1] === Infinity && (mean > 1 || logPrecision < 0)) continue;
      const gamma = Math.exp(Math.fround(logPrecision)) + leastPrecision(...range);
      // Draws of such a normal: near the bound where its mass is.
      const decay = 1 / Math.max(1, gamma, gamma * gamma * Math.abs(mean));
      const near = [0.01, 0.5, 1, 3].map((v) => Math.min(1, v * decay));
      const theta = Float64Array.from(
        mean > 1 ? near.map((v) => 1 - v) : near.map((v) => (mean > 0 ? mean + v : v)),
      );
      const exact = theta.map(Math.fround);
      const y = Float64Array.from({ length: 12 }, (_value, i) => [0, mean, logPrecision][i % 3]!).map(
        Math.fround,
      );
      const weights = Float64Array.of(1, 1, 1, 1);
      const found = kernelLoss(build, y, exact, weights, 1, range);
      let loss = 0;
      for (const t of exact) {
        const z = (t - mean) * gamma;
        const [alpha, beta] = range.map((bound) => (bound - mean) * gamma) as [number, number];
        loss -= Math.log(gamma) - 0.5 * z * z - 0.5 * Math.log(2 * Math.PI) - logNormalInterval(alpha, beta);
      }
      // Rounding of the mean's distance to the bounds, 6e-8 of it, moves α, and with it the slope γα at four points; and
      // a θ near 1 has itself a rounding of 6e-8.
      const error = 1e-4 + 4 * 6e-8 * (mean > 1 ? gamma * gamma * mean : gamma * 40);
      expect(Math.abs(found.loss - loss)).toBeLessThan(error);
      expect(found.gradient.every(Number.isFinite)).toBe(true);
      const slopes = exact.map((t, i) => {
        const step = 1e-3 / gamma;
        const at = (m: number) =>
          -0.5 * ((t - m) * gamma) ** 2 - logNormalInterval((range[0] - m) * gamma, (range[1] - m) * gamma);
        return i < 4 ? -(at(mean + step) - at(mean - step)) / (2 * step) : 0;
      });
      slopes.forEach((slope, i) =>
        // Central differences of numbers of size α² lose α²·1e-16/1e-3 of the slope's unit γ.
        expect(Math.abs(found.gradient[3 * i + 1]! - slope) / gamma).toBeLessThan(
          1e-3 + 1e-13 * (mean * gamma) ** 2 + error,
        ),
      );
    }
  });

  it('reads bounds that differ from row to row', () => {
    const y = Float64Array.of(0, 0.5, 0, 0, 0.5, 0, 0, 0.5, 0, 0, 0.5, 0);
    const theta = Float64Array.of(0.25, 0, 1, 0.25, -9, 9, 0.25, 0.125, 0.5, 0.25, -1, 4);
    const bench = new Bench(build);
    const [yAt, thetaAt] = [bench.put(featureMajor(y, 4)), bench.put(featureMajor(theta, 4))];
    const [weightsAt, scratch, dy] = [bench.put([1, 1, 1, 1]), bench.empty(16), bench.empty(12)];
    const loss = bench.kernels.boundedMixtureLoss(1, 3, 4, 1, yAt, thetaAt, weightsAt, scratch, dy);
    const expected = boundedMixtureLoss(y, theta, Float64Array.of(1, 1, 1, 1), 1, 1);
    expect(loss).toBeCloseTo(expected.loss, 5);
    expect(worst(rowMajor(bench.read(dy, 12), 4), expected.gradient)).toBeLessThan(1e-5);
  });

  it('leaves rows of padding, whose bounds are both 0, without a gradient', () => {
    const bench = new Bench(build);
    const y = featureMajor(Float64Array.of(0, 0.5, 0), 1);
    const dy = bench.empty(12);
    const theta = bench.put([0.25, 0, 0, 0, -1, 0, 0, 0, 1, 0, 0, 0]);
    const weights = bench.put([1, 0, 0, 0]);
    bench.kernels.boundedMixtureLoss(1, 3, 4, 1, bench.put(y), theta, weights, bench.empty(16), dy);
    const gradient = bench.read(dy, 12);
    expect(gradient.every(Number.isFinite)).toBe(true);
    expect([...gradient].filter((value, i) => i % 4 > 0 && value !== 0)).toEqual([]);
  });

  it('is the plain normal where the bounds are far', () => {
    const y = Float64Array.of(0, 0.5, Math.log(2));
    const found = kernelLoss(build, y, Float64Array.of(1), Float64Array.of(1), 1, [-1e4, 1e4]);
    const expected = -(Math.log(2) - 0.5 - 0.5 * Math.log(2 * Math.PI));
    // leastPrecision of such bounds is 1e-5 of γ.
    expect(found.loss).toBeCloseTo(expected, 4);
  });
});
