import { describe, expect, it } from 'vitest';
import { standardiseFeatures, standardiseParameters } from '../../../main/train/standardisation.ts';

const standardisation = {
  xCentre: Float64Array.of(7, -1),
  xBend: Float64Array.of(0, 0.5),
  xMean: Float64Array.of(1, 2),
  xSd: Float64Array.of(2, 4),
  thetaMean: Float64Array.of(-1),
  thetaSd: Float64Array.of(0.5),
};

describe('the units of training', () => {
  it('bend features that have a bend, and scale all', () => {
    const z = standardiseFeatures([3, 99, NaN, -1], standardisation, new Float64Array(4));
    expect([...z]).toEqual([1, (Math.asinh(200) - 2) / 4, NaN, -0.5]);
  });

  it('keep the order of bent features, however far out', () => {
    const x = [-1e9, 1e3, -3, 0, 5, 1e6].flatMap((value) => [0, value]);
    const z = standardiseFeatures(x, standardisation, new Float64Array(12)).filter((_, i) => i % 2 === 1);
    const order = [0, 2, 3, 4, 1, 5].map((i) => z[i]!);
    expect(order).toEqual([...order].sort((a, b) => a - b));
    // asinh(2e6) = 15.2
    expect(z[5]).toBeCloseTo((15.2 - 2) / 4, 1);
  });

  it('scale parameters into the array that they are given', () => {
    const out = new Float32Array(3);
    expect(standardiseParameters([-1, 0, 1], standardisation, out)).toBe(out);
    expect([...out]).toEqual([0, 2, 4]);
  });
});
