import { describe, expect, it } from 'vitest';
import { effectiveSampleSize } from '../../../main/diagnostics/effective-sample-size.ts';

describe('effectiveSampleSize', () => {
  it('is n for n equal weights, whatever their scale', () => {
    for (const scale of [1, 1e-200, 1e200])
      expect(effectiveSampleSize([scale, scale, scale])).toBeCloseTo(3, 12);
  });
  it('is (Σw)²/Σw², and zero weights do not count', () => {
    expect(effectiveSampleSize([1, 2, 3, 0])).toBeCloseTo(36 / 14, 12);
    expect(effectiveSampleSize(Float64Array.of(0, 7, 0))).toBe(1);
  });
  it('is 0 where nothing has weight', () => {
    expect(effectiveSampleSize([])).toBe(0);
    expect(effectiveSampleSize([0, 0])).toBe(0);
  });
  it('refuses weights that are negative, infinite or not numbers', () => {
    for (const weight of [-1, NaN, Infinity])
      expect(() => effectiveSampleSize([1, weight])).toThrow(`Weight 1 is ${weight}`);
  });
});
