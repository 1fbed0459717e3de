import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../main/numeric/random.ts';
import { convolvedSteps } from '../../../main/train/embedding.ts';
import { padded } from '../../../main/train/memory.ts';
import {
  appendConstants,
  convolutionBackward,
  convolutionForward,
  gruBackward,
  gruForward,
  withoutConstants,
  type GruParameters,
} from '../../../main/train/reference-sequence.ts';
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

describe('the float64 reference of the layers over time', () => {
  it('one unit, two steps, by hand', () => {
    const own: GruParameters = {
      weights: Float64Array.of(0.5, -0.25, 2),
      recurrent: Float64Array.of(1, -2, 0.75),
      bias: Float64Array.of(0.1, 0.2, 0.3, -0.4),
    };
    const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
    let h = 0;
    for (const x of [1.5, -0.5]) {
      const z = sigmoid(0.5 * x + h + 0.1);
      const r = sigmoid(-0.25 * x - 2 * h + 0.2);
      const n = Math.tanh(2 * x - 0.4 + r * (0.75 * h + 0.3));
      h = (1 - z) * n + z * h;
    }
    const { last } = gruForward({ units: 1, channels: 1, steps: 2 }, own, Float64Array.of(1.5, -0.5), 1);
    expect(last[0]).toBeCloseTo(h, 14);
  });

  it('an open update gate keeps the state: what was read first is still there after 300 steps', () => {
    const steps = 300;
    const own: GruParameters = {
      weights: Float64Array.of(-100, 0, 100),
      recurrent: Float64Array.of(0, 0, 0),
      bias: Float64Array.of(50, 0, 0, 0),
    };
    const x = new Float64Array(steps);
    x[0] = 1;
    // The first input closes the update gate (z = σ(−50)) and writes tanh(100) = 1; later z = σ(50) keeps it.
    expect(gruForward({ units: 1, channels: 1, steps }, own, x, 1).last[0]).toBeCloseTo(1, 12);
    const forward = gruForward({ units: 1, channels: 1, steps }, own, x, 1);
    const { input } = gruBackward({ units: 1, channels: 1, steps }, own, forward, Float64Array.of(1));
    expect([...input.subarray(1)].every((slope) => Math.abs(slope) < 1e-12)).toBe(true);
  });

  it('a convolution by hand: two channels, kernel 2, stride 2, the last sample left over', () => {
    const shape = { channels: 2, steps: 5, filters: 1, kernel: 2, stride: 2 };
    const x = Float64Array.of(1, 2, 3, 4, 5, 10, 20, 30, 40, 50);
    const y = convolutionForward(shape, Float64Array.of(1, -1, 0.5, 2), Float64Array.of(100), x, 1);
    expect([...y]).toEqual([100 - 1 + 5 + 40, 100 - 1 + 15 + 80]);
  });

  it('constants join every row and have no gradient of their own', () => {
    const joined = appendConstants(Float64Array.of(1, 2, 3, 4), [7, 8, 9], 2);
    expect([...joined]).toEqual([1, 2, 7, 8, 9, 3, 4, 7, 8, 9]);
    expect([...withoutConstants(joined, 3, 2)]).toEqual([1, 2, 3, 4]);
  });
});

/** float32 sums of up to some 100 terms a step; gates pass errors on from step to step, but their slopes are at most 1. */
const tolerance = 2e-5;

describe.each(wasmBuilds)('%s kernels over time against plain float64', (build) => {
  it.each([
    { units: 1, channels: 1, steps: 1, rows: 1 },
    { units: 5, channels: 2, steps: 7, rows: 9 },
    { units: 25, channels: 2, steps: 40, rows: 30 },
    { units: 8, channels: 6, steps: 12, rows: 17 },
  ])('recurrent layer, $units units, $channels × $steps, $rows rows', (shape) => {
    const { units, channels, steps, rows } = shape;
    const random = createRandom(31, units, steps);
    const bench = new Bench(build);
    const { kernels } = bench;
    const [batch, ldw, ldu] = [padded(rows), padded(channels), padded(units)];
    const own: GruParameters = {
      weights: normals(random, 3 * units * channels),
      recurrent: normals(random, 3 * units * units, 1 / Math.sqrt(units)),
      bias: normals(random, 4 * units),
    };
    const x = normals(random, rows * channels * steps);
    const dLast = normals(random, rows * units);
    const [w, u] = [
      bench.put(paddedRows(own.weights, 3 * units)),
      bench.put(paddedRows(own.recurrent, 3 * units)),
    ];
    const [bias, input] = [bench.put(own.bias), bench.put(featureMajor(x, rows))];
    const size = units * batch;
    const [h, gates, y] = [bench.empty((steps + 1) * size), bench.empty(steps * 4 * size), bench.empty(size)];
    kernels.gruForward(units, channels, steps, batch, w, u, bias, input, h, gates, y);
    const forward = gruForward(shape, own, x, rows);
    expect(worst(rowMajor(bench.read(y, size), rows), forward.last)).toBeLessThan(tolerance);

    const dh = bench.put(featureMajor(dLast, rows));
    const [dgates, ht, xt] = [bench.empty(4 * size), bench.empty(batch * ldu), bench.empty(batch * ldw)];
    const [dw, du, dbias] = [
      bench.empty(3 * units * ldw),
      bench.empty(3 * units * ldu),
      bench.empty(4 * units),
    ];
    const dx = bench.empty(channels * steps * batch);
    const back = (dxAt: number) =>
      kernels.gruBackward(
        units,
        channels,
        steps,
        rows,
        batch,
        w,
        u,
        input,
        h,
        gates,
        dh,
        dgates,
        ht,
        xt,
        dw,
        du,
        dbias,
        dxAt,
      );
    back(dx);
    const expected = gruBackward(shape, own, forward, dLast);
    const matrix = (at: number, columns: number) =>
      withoutPadding(bench.read(at, 3 * units * padded(columns)), 3 * units, columns);
    expect(worst(matrix(dw, channels), expected.weights)).toBeLessThan(tolerance);
    expect(worst(matrix(du, units), expected.recurrent)).toBeLessThan(tolerance);
    expect(worst(bench.read(dbias, 4 * units), expected.bias)).toBeLessThan(tolerance);
    expect(worst(rowMajor(bench.read(dx, channels * steps * batch), rows), expected.input)).toBeLessThan(
      tolerance,
    );

    // Without dx, from the same gradient again: the same numbers, and nothing carried over.
    const before = bench.read(du, 3 * units * ldu).slice();
    bench.read(dh, size).set(featureMajor(dLast, rows));
    back(0);
    expect([...bench.read(du, 3 * units * ldu)]).toEqual([...before]);
  });

  it.each([
    { channels: 1, steps: 9, filters: 1, kernel: 9, stride: 1, rows: 3 },
    { channels: 2, steps: 20, filters: 7, kernel: 5, stride: 3, rows: 10 },
    { channels: 3, steps: 16, filters: 4, kernel: 4, stride: 1, rows: 13 },
  ])(
    'convolution, $channels × $steps → $filters filters of $kernel, stride $stride',
    ({ rows, ...shape }) => {
      const { channels, steps, filters, kernel, stride } = shape;
      const random = createRandom(32, steps, filters);
      const bench = new Bench(build);
      const { kernels } = bench;
      const [taps, out, batch] = [channels * kernel, convolvedSteps(shape), padded(rows)];
      const ldw = padded(taps);
      const weights = normals(random, filters * taps);
      const bias = normals(random, filters);
      const x = normals(random, rows * channels * steps);
      const dy = normals(random, rows * filters * out);
      const [w, b, input] = [
        bench.put(paddedRows(weights, filters)),
        bench.put(bias),
        bench.put(featureMajor(x, rows)),
      ];
      const y = bench.empty(filters * out * batch);
      kernels.convolutionForward(channels, steps, filters, kernel, stride, batch, w, b, input, y);
      const expected = convolutionForward(shape, weights, bias, x, rows);
      expect(worst(rowMajor(bench.read(y, filters * out * batch), rows), expected)).toBeLessThan(tolerance);

      const dyAt = bench.put(featureMajor(dy, rows));
      const [window, windowT] = [bench.empty(taps * batch), bench.empty(batch * ldw)];
      const [dw, dbias, dx] = [
        bench.empty(filters * ldw),
        bench.empty(filters),
        bench.empty(channels * steps * batch),
      ];
      kernels.convolutionBackward(
        channels,
        steps,
        filters,
        kernel,
        stride,
        rows,
        batch,
        w,
        input,
        window,
        windowT,
        dyAt,
        dw,
        dbias,
        dx,
      );
      const gradient = convolutionBackward(shape, weights, x, dy, rows);
      expect(
        worst(withoutPadding(bench.read(dw, filters * ldw), filters, taps), gradient.weights),
      ).toBeLessThan(tolerance);
      expect(worst(bench.read(dbias, filters), gradient.bias)).toBeLessThan(tolerance);
      expect(worst(rowMajor(bench.read(dx, channels * steps * batch), rows), gradient.input)).toBeLessThan(
        tolerance,
      );
    },
  );

  it('no gradient becomes denormal where it fades over 1,000 steps, which would cost a factor of 80', () => {
    const [units, steps, rows] = [4, 1000, 4];
    const bench = new Bench(build);
    const size = units * rows;
    // z = σ(−1): a state is kept to 27 % a step, so that its gradient has left float32's range after 70 steps.
    const bias = bench.put([-1, -1, -1, -1, ...Array<number>(12).fill(0)]);
    const [w, u] = [bench.put(new Float64Array(3 * units * 4)), bench.put(new Float64Array(3 * units * 4))];
    const x = bench.put(new Float64Array(steps * rows).fill(1));
    const [h, gates, y] = [bench.empty((steps + 1) * size), bench.empty(steps * 4 * size), bench.empty(size)];
    bench.kernels.gruForward(units, 1, steps, rows, w, u, bias, x, h, gates, y);
    const dh = bench.put(new Float64Array(size).fill(1));
    const [dgates, ht, xt] = [bench.empty(4 * size), bench.empty(size), bench.empty(rows * 4)];
    const [dw, du, dbias] = [bench.empty(48), bench.empty(48), bench.empty(16)];
    const dx = bench.empty(steps * rows);
    bench.kernels.gruBackward(
      units,
      1,
      steps,
      rows,
      rows,
      w,
      u,
      x,
      h,
      gates,
      dh,
      dgates,
      ht,
      xt,
      dw,
      du,
      dbias,
      dx,
    );
    const denormal = (value: number) => value !== 0 && Math.abs(value) < 1.2e-38;
    expect([...bench.read(dh, size), ...bench.read(dgates, 4 * size)].filter(denormal)).toEqual([]);
    expect([...bench.read(dh, size)]).toEqual(Array(size).fill(0));
  });
});
