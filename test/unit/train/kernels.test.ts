import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../main/numeric/random.ts';
import { padded } from '../../../main/train/memory.ts';
import { matrixTimes } from '../../../main/train/matrix-product.ts';
import * as heads from '../../../main/train/reference-heads.ts';
import * as layers from '../../../main/train/reference-layers.ts';
import {
  Bench,
  featureMajor,
  normals,
  paddedRows,
  rowMajor,
  withoutPadding,
  wasmBuilds,
  worst,
} from './kernel-harness.ts';

/** float32 sums of up to about 250 terms of size 1: 250 · 2⁻²⁴ = 1.5e-5 at the very worst, in practice a tenth of it. */
const tolerance = 1e-5;

/** Sizes that meet every path of the register blocking: below, at and beyond a block, and depths beyond 192. */
const shapes = [
  { inputs: 1, outputs: 1, rows: 1 },
  { inputs: 3, outputs: 2, rows: 5 },
  { inputs: 7, outputs: 50, rows: 100 },
  { inputs: 50, outputs: 91, rows: 37 },
  { inputs: 17, outputs: 211, rows: 13 },
  { inputs: 205, outputs: 4, rows: 53 },
];

describe.each(wasmBuilds)('%s kernels against plain float64', (build) => {
  it.each(shapes)('linear layer, $inputs → $outputs, $rows rows', ({ inputs, outputs, rows }) => {
    const random = createRandom(1, inputs, outputs, rows);
    const bench = new Bench(build);
    const { kernels } = bench;
    const [ldw, batch] = [padded(inputs), padded(rows)];
    const w = normals(random, outputs * inputs, 1 / Math.sqrt(inputs));
    const bias = normals(random, outputs);
    const x = normals(random, rows * inputs);
    const dy = normals(random, rows * outputs, 1 / Math.sqrt(outputs));
    const at = {
      w: bench.put(paddedRows(w, outputs)),
      bias: bench.put(bias),
      x: bench.put(featureMajor(x, rows)),
    };
    const y = bench.empty(outputs * batch);
    kernels.linearForward(outputs, inputs, batch, at.w, at.bias, at.x, y);
    expect(worst(rowMajor(bench.read(y, outputs * batch), rows), matrixTimes(w, bias, x, rows))).toBeLessThan(
      tolerance,
    );

    const [xt, dw, dbias, dx] = [batch * ldw, outputs * ldw, outputs, inputs * batch].map((n) =>
      bench.empty(n),
    ) as [number, number, number, number];
    const dyAt = bench.put(featureMajor(dy, rows));
    kernels.linearBackward(outputs, inputs, rows, batch, at.w, at.x, xt, dyAt, dw, dbias, dx);
    const expected = layers.linearBackward(w, x, dy, rows, true);
    expect(
      worst(withoutPadding(bench.read(dw, outputs * ldw), outputs, inputs), expected.weights),
    ).toBeLessThan(tolerance);
    expect(worst(bench.read(dbias, outputs), expected.bias)).toBeLessThan(tolerance);
    expect(worst(rowMajor(bench.read(dx, inputs * batch), rows), expected.input!)).toBeLessThan(tolerance);
  });

  it.each(shapes)('variational layer, $inputs → $outputs, $rows rows', ({ inputs, outputs, rows }) => {
    const random = createRandom(2, inputs, outputs, rows);
    const bench = new Bench(build);
    const { kernels } = bench;
    const [ldw, batch] = [padded(inputs), padded(rows)];
    const w = normals(random, outputs * inputs, 1 / Math.sqrt(inputs));
    const v = normals(random, outputs * inputs).map((z) => Math.fround(Math.exp(z) / inputs));
    const bias = normals(random, outputs);
    const vbias = normals(random, outputs).map((z) => Math.fround(Math.exp(z)));
    const x = normals(random, rows * inputs);
    const dy = normals(random, rows * outputs, 1 / Math.sqrt(outputs));
    const words = Array.from({ length: 16 }, () => random.uint32());
    const generator = () => {
      const state = bench.empty(16);
      new Uint32Array(kernels.memory.buffer, state, 16).set(words);
      return state;
    };
    const noiseAt = bench.empty(outputs * batch);
    kernels.fillNormal(outputs * batch, generator(), noiseAt);
    const noise = rowMajor(bench.read(noiseAt, outputs * batch), rows);

    const at = { w: bench.put(paddedRows(w, outputs)), v: bench.put(paddedRows(v, outputs)) };
    const [biasAt, vbiasAt, xAt] = [bench.put(bias), bench.put(vbias), bench.put(featureMajor(x, rows))];
    const [x2, y, ratio, state] = [
      bench.empty(inputs * batch),
      bench.empty(outputs * batch),
      bench.empty(outputs * batch),
      generator(),
    ];
    const epsilon = bench.empty(outputs * batch + 4);
    kernels.variationalForward(
      outputs,
      inputs,
      rows,
      batch,
      at.w,
      at.v,
      biasAt,
      vbiasAt,
      xAt,
      x2,
      y,
      ratio,
      epsilon,
      state,
    );
    const forward = layers.variationalForward(w, v, bias, vbias, x, noise, rows);
    expect(worst(rowMajor(bench.read(y, outputs * batch), rows), forward.y)).toBeLessThan(tolerance);
    expect(worst(rowMajor(bench.read(ratio, outputs * batch), rows), forward.ratio)).toBeLessThan(tolerance);

    const dyAt = bench.put(featureMajor(dy, rows));
    const [xt, dw, dv] = [bench.empty(batch * ldw), bench.empty(outputs * ldw), bench.empty(outputs * ldw)];
    const [dbias, dvbias, dx] = [bench.empty(outputs), bench.empty(outputs), bench.empty(inputs * batch)];
    kernels.variationalBackward(
      outputs,
      inputs,
      rows,
      batch,
      at.w,
      at.v,
      xAt,
      x2,
      xt,
      dyAt,
      ratio,
      dw,
      dv,
      dbias,
      dvbias,
      dx,
    );
    const backward = layers.variationalBackward(w, v, x, dy, forward.ratio, rows, true);
    const matrix = (offset: number) => withoutPadding(bench.read(offset, outputs * ldw), outputs, inputs);
    expect(worst(matrix(dw), backward.mean.weights)).toBeLessThan(tolerance);
    expect(worst(matrix(dv), backward.variance.weights)).toBeLessThan(tolerance);
    expect(worst(bench.read(dbias, outputs), backward.mean.bias)).toBeLessThan(tolerance);
    expect(worst(bench.read(dvbias, outputs), backward.variance.bias)).toBeLessThan(tolerance);
    expect(worst(rowMajor(bench.read(dx, inputs * batch), rows), backward.mean.input!)).toBeLessThan(
      tolerance,
    );
  });

  it('activations, on small, large and non-finite values', () => {
    const bench = new Bench(build);
    const { kernels } = bench;
    const y = Float64Array.of(-100, -9, -1, -1e-3, 0, 1e-3, 0.5, 20).map(Math.fround);
    const dy = y.map((_, i) => i + 1);
    const [at, dyAt] = [bench.put(y), bench.put(dy)];
    kernels.tanhForward(8, at);
    kernels.tanhBackward(8, at, dyAt);
    expect(worst(bench.read(at, 8), y.map(Math.tanh))).toBeLessThan(3e-7);
    expect(worst(bench.read(dyAt, 8), layers.tanhBackward(y.map(Math.tanh), dy))).toBeLessThan(3e-6);

    const [reluAt, slopeAt] = [bench.put(y), bench.put(dy)];
    kernels.reluForward(8, reluAt);
    kernels.reluBackward(8, reluAt, slopeAt);
    expect([...bench.read(reluAt, 8)]).toEqual([0, 0, 0, 0, 0, Math.fround(1e-3), 0.5, 20]);
    expect([...bench.read(slopeAt, 8)]).toEqual([0, 0, 0, 0, 0, 6, 7, 8]);

    const strange = bench.put([NaN, Infinity, -Infinity, 0]);
    kernels.tanhForward(4, strange);
    expect([...bench.read(strange, 4)]).toEqual([NaN, 1, -1, 0]);
    const notANumber = bench.put([NaN, 1, 1, 1]);
    kernels.reluForward(4, notANumber);
    expect([...bench.read(notANumber, 4)]).toEqual([NaN, 1, 1, 1]);
  });

  it('imputation replaces NaN alone, and its gradient sums over the missing rows', () => {
    const bench = new Bench(build);
    const { kernels } = bench;
    const rows = 6;
    const x = Float64Array.of(1, NaN, 2, 3, NaN, NaN, 4, 5, NaN, 6, 7, 8);
    const dy = normals(createRandom(5), 12);
    const [xAt, values, dyAt] = [
      bench.put(featureMajor(x, rows)),
      bench.put([0.25, -0.5]),
      bench.put(featureMajor(dy, rows)),
    ];
    const [y, dvalues] = [bench.empty(16), bench.empty(2)];
    kernels.imputeForward(2, 8, xAt, values, y);
    kernels.imputeBackward(2, 8, xAt, dyAt, dvalues);
    expect([...rowMajor(bench.read(y, 16), rows)]).toEqual([1, -0.5, 2, 3, 0.25, -0.5, 4, 5, 0.25, 6, 7, 8]);
    expect(worst(bench.read(dvalues, 2), layers.imputeBackward(x, dy, 2))).toBeLessThan(1e-6);
  });

  it('indicators are 1 where a feature is missing, infinite values not among them', () => {
    const bench = new Bench(build);
    const x = [1, NaN, 0, -Infinity, -0, Infinity, NaN, NaN];
    const y = bench.empty(8);
    bench.kernels.missingForward(8, bench.put(x), y);
    expect([...bench.read(y, 8)]).toEqual([0, 1, 0, 0, 0, 0, 1, 1]);
  });

  it.each([
    { D: 1, K: 1, rows: 3 },
    { D: 2, K: 2, rows: 8 },
    { D: 12, K: 1, rows: 10 },
    { D: 5, K: 8, rows: 21 },
  ])('mixture head, D = $D, K = $K', ({ D, K, rows }) => {
    const random = createRandom(3, D, K, rows);
    const bench = new Bench(build);
    const width = K * (1 + D + (D * (D + 1)) / 2);
    const batch = padded(rows);
    const y = normals(random, rows * width, 0.4);
    const theta = normals(random, rows * D);
    const weights = Float64Array.from({ length: rows }, () => Math.fround(random.uniform()));
    weights[0] = 0;
    const [yAt, thetaAt] = [bench.put(featureMajor(y, rows)), bench.put(featureMajor(theta, rows))];
    const weightsAt = bench.put(featureMajor(weights, rows));
    const [scratch, dy] = [bench.empty(4 * (2 * K * D + 2 * K + 2 * D)), bench.empty(width * batch)];
    const loss = bench.kernels.mixtureLoss(D, K, batch, 1 / rows, yAt, thetaAt, weightsAt, scratch, dy);
    const expected = heads.mixtureLoss(y, theta, weights, D, K, 1 / rows);
    expect(loss).toBeCloseTo(expected.loss, 5);
    expect(worst(rowMajor(bench.read(dy, width * batch), rows), expected.gradient)).toBeLessThan(tolerance);
    const alone = bench.kernels.mixtureLoss(D, K, batch, 1 / rows, yAt, thetaAt, weightsAt, scratch, 0);
    expect(alone).toBe(loss);
  });

  it('logistic head, also where the odds overflow', () => {
    const bench = new Bench(build);
    const y = Float64Array.of(-200, -30, -1, 0, 1, 30, 200, 5);
    const labels = Float64Array.of(0, 1, 0, 1, 1, 1, 0, 0);
    const weights = Float64Array.of(1, 1, 2, 1, 0, 1, 1, 0.5);
    const dy = bench.empty(8);
    const loss = bench.kernels.logisticLoss(
      8,
      0.125,
      bench.put(y),
      bench.put(labels),
      bench.put(weights),
      dy,
    );
    const expected = heads.logisticLoss(y, labels, weights, 0.125);
    expect(loss).toBeCloseTo(expected.loss, 4);
    expect(worst(bench.read(dy, 8), expected.gradient)).toBeLessThan(1e-6);
  });

  it('Kullback–Leibler divergence of the weights and its gradients', () => {
    const random = createRandom(4);
    const n = 1000;
    const bench = new Bench(build);
    const mean = normals(random, n);
    const logSd = normals(random, n).map((z) => Math.fround(z - 3));
    const priorMean = normals(random, n);
    const precision = normals(random, n).map((z) => Math.fround(Math.exp(z)));
    const dMean = normals(random, n);
    const dVariance = normals(random, n);
    const variance = bench.empty(n);
    const [meanAt, sdAt] = [bench.put(mean), bench.put(logSd)];
    const [dMeanAt, dSdAt] = [bench.put(dMean), bench.put(dVariance)];
    bench.kernels.variances(n, sdAt, variance);
    const [priorAt, precisionAt] = [bench.put(priorMean), bench.put(precision)];
    const kl = bench.kernels.gaussianKl(n, 0.5, meanAt, sdAt, variance, priorAt, precisionAt, dMeanAt, dSdAt);
    const expected = layers.gaussianKl(mean, logSd, priorMean, precision);
    const constant = precision.reduce((sum, p) => sum - 0.5 - 0.5 * Math.log(p), 0);
    expect((kl + constant) / expected.kl).toBeCloseTo(1, 5);
    expect(
      worst(
        bench.read(dMeanAt, n),
        dMean.map((g, i) => g + 0.5 * expected.mean[i]!),
      ),
    ).toBeLessThan(1e-6);
    const wanted = dVariance.map((g, i) => 2 * Math.exp(2 * logSd[i]!) * g + 0.5 * expected.logSd[i]!);
    expect(worst(bench.read(dSdAt, n), wanted)).toBeLessThan(1e-6);
  });

  it('Adam follows the reference over 50 steps, and its moments never become denormal', () => {
    const random = createRandom(6);
    const n = 8;
    const bench = new Bench(build);
    const parameters = normals(random, n);
    const [w, m, v, g] = [
      bench.put(parameters),
      bench.put(new Float64Array(n)),
      bench.put(new Float64Array(n)),
      bench.empty(n),
    ];
    const [first, second] = [new Float64Array(n), new Float64Array(n)];
    for (let step = 1; step <= 50; step++) {
      const gradient = normals(random, n).map((z, i) => Math.fround(z * 10 ** -i));
      bench.read(g, n).set(gradient);
      const correction = Math.sqrt(1 - 0.999 ** step);
      const rate = (0.01 * correction) / (1 - 0.9 ** step);
      bench.kernels.adamStep(n, w, g, m, v, rate, 1, 0.9, 0.999, 1e-8 * correction, 1);
      layers.adamStep(parameters, gradient, first, second, step, 0.01);
    }
    expect(worst(bench.read(w, n), parameters)).toBeLessThan(1e-5);
    bench.read(g, n).fill(1e-25);
    for (let step = 0; step < 3000; step++)
      bench.kernels.adamStep(n, w, g, m, v, 1e-9, 1, 0.9, 0.999, 1e-8, 1);
    const denormal = (value: number) => value !== 0 && Math.abs(value) < 1.2e-38;
    expect([...bench.read(m, n), ...bench.read(v, n)].filter(denormal)).toEqual([]);
    expect([...bench.read(m, n)]).toEqual(Array(n).fill(0));
  });

  it('weights decay and are averaged', () => {
    const bench = new Bench(build);
    const [w, m, v, g] = [
      bench.put([1, -2, 3, 0]),
      bench.put([0, 0, 0, 0]),
      bench.put([0, 0, 0, 0]),
      bench.put([0, 0, 0, 0]),
    ];
    bench.kernels.adamStep(4, w, g, m, v, 0.01, 1, 0.9, 0.999, 1e-8, 0.5);
    expect([...bench.read(w, 4)]).toEqual([0.5, -1, 1.5, 0]);
    const average = bench.put([7, 7, 7, 7]);
    bench.kernels.averageStep(4, w, average, 1);
    expect([...bench.read(average, 4)]).toEqual([0.5, -1, 1.5, 0]);
    bench.read(w, 4).fill(1);
    bench.kernels.averageStep(4, w, average, 0.25);
    expect([...bench.read(average, 4)]).toEqual([0.625, -0.5, 1.375, 0.25]);
  });

  it('norm of the gradient, which is not finite where an entry is not', () => {
    const bench = new Bench(build);
    const g = normals(createRandom(7), 600);
    const expected = g.reduce((sum, value) => sum + value * value, 0);
    expect(bench.kernels.squaredNorm(600, bench.put(g)) / expected).toBeCloseTo(1, 6);
    for (const bad of [NaN, Infinity, 1e25]) {
      g[599] = bad;
      expect(Number.isFinite(bench.kernels.squaredNorm(600, bench.put(g)))).toBe(false);
    }
  });

  it('noise is standard normal and continues from its state', () => {
    const bench = new Bench(build);
    const n = 200_000;
    const state = bench.empty(16);
    const random = createRandom(8);
    new Uint32Array(bench.kernels.memory.buffer, state, 16).set(
      Array.from({ length: 16 }, () => random.uint32()),
    );
    const at = bench.empty(n);
    bench.kernels.fillNormal(n, state, at);
    const z = bench.read(at, n);
    const moment = (power: number) => z.reduce((sum, value) => sum + value ** power, 0) / n;
    // Standard errors of the moments of n normals: √(1/n), √(2/n), √(15/n), √(96/n); four of each.
    expect(Math.abs(moment(1))).toBeLessThan(4 * Math.sqrt(1 / n));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(4 * Math.sqrt(2 / n));
    expect(Math.abs(moment(3))).toBeLessThan(4 * Math.sqrt(15 / n));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(4 * Math.sqrt(96 / n));
    let neighbours = 0;
    for (let i = 4; i < n; i++) neighbours += (z[i]! * z[i - 4]!) / n;
    expect(Math.abs(neighbours)).toBeLessThan(4 / Math.sqrt(n));
    const before = z.slice(0, 8);
    bench.kernels.fillNormal(8, state, at);
    expect([...bench.read(at, 8)]).not.toEqual([...before]);
  });
});

describe('numerical guards of the mixture head', () => {
  it('sets negligible responsibilities to exactly zero, so that no gradient is denormal', () => {
    const bench = new Bench('wasm-relaxed');
    // Two components with sd 1 at 0 and at 11: responsibility e^(-60) = 6e-27 for a point at 0.
    const y = featureMajor(Float64Array.of(0, 0, 0, 11, 0, 0), 1);
    const dy = bench.empty(24);
    const [theta, weights, scratch] = [bench.put([0, 0, 0, 0]), bench.put([1, 0, 0, 0]), bench.empty(40)];
    bench.kernels.mixtureLoss(1, 2, 4, 1, bench.put(y), theta, weights, scratch, dy);
    const gradient = rowMajor(bench.read(dy, 24), 1);
    expect([gradient[3], gradient[5]].map((value) => Math.abs(value!))).toEqual([0, 0]);
    expect(gradient[4]).toBeCloseTo(-1, 6);
  });

  it('turns an overflowing scale into a loss that is not finite instead of a clipped one', () => {
    const bench = new Bench('wasm-relaxed');
    const y = featureMajor(Float64Array.of(0, 0, 95), 1);
    const [theta, weights, scratch] = [bench.put([1, 0, 0, 0]), bench.put([1, 0, 0, 0]), bench.empty(40)];
    const loss = bench.kernels.mixtureLoss(
      1,
      1,
      4,
      1,
      bench.put(y),
      theta,
      weights,
      scratch,
      bench.empty(12),
    );
    expect(Number.isFinite(loss)).toBe(false);
  });
});
