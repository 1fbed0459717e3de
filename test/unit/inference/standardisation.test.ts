import { describe, expect, it } from 'vitest';
import { featureMoments } from '../../../main/inference/standardisation.ts';

describe('featureMoments', () => {
  it('leaves missing values and bad simulations out', () => {
    const x = Float64Array.of(1, 5, 3, NaN, 1e9, 1e9, NaN, 7);
    const { xMean, xSd } = featureMoments(x, Uint8Array.of(0, 0, 1, 0), 2);
    expect([...xMean]).toEqual([2, 6]);
    expect([...xSd]).toEqual([1, 1]);
  });
  it('uses the unit itself where a feature never varies or is always missing', () => {
    const x = Float64Array.of(0.1, NaN, 0.1, NaN, 0.1, NaN);
    const { xMean, xSd } = featureMoments(x, new Uint8Array(3), 2);
    expect(xMean[0]).toBeCloseTo(0.1, 12);
    expect(xMean[1]).toBe(0);
    expect([...xSd]).toEqual([1, 1]);
  });
  it('keeps its precision when the mean is large against the spread', () => {
    const x = Float64Array.of(1e8 - 1, 1e8, 1e8 + 1);
    const { xMean, xSd } = featureMoments(x, new Uint8Array(3), 1);
    expect(xMean[0]).toBe(1e8);
    expect(xSd[0]).toBeCloseTo(Math.sqrt(2 / 3), 6);
  });
});
