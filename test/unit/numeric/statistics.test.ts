import { describe, expect, it } from 'vitest';
import {
  centralMoment,
  correlation,
  kurtosis,
  mean,
  median,
  quantile,
  skewness,
  sortedQuantile,
  standardDeviation,
  variance,
} from '../../../main/numeric/statistics.ts';

describe('statistics', () => {
  it('computes population moments', () => {
    const x = [2, 4, 4, 4, 5, 5, 7, 9];
    expect(mean(x)).toBe(5);
    expect(variance(x)).toBe(4);
    expect(standardDeviation(x)).toBe(2);
    expect(centralMoment(x, 3)).toBe(5.25);
    expect(skewness(x)).toBe(0.65625);
    expect(kurtosis(x)).toBe(2.78125);
  });

  it('takes typed arrays without copying their rounding', () => {
    expect(mean(new Float32Array([0.5, 1.5]))).toBe(1);
  });

  it('interpolates quantiles between order statistics, as NumPy does by default', () => {
    const x = [15, 20, 35, 40, 50];
    expect(quantile(x, 0.4)).toBeCloseTo(29, 12); // numpy.quantile([15, 20, 35, 40, 50], 0.4)
    expect([quantile(x, 0), quantile(x, 1), median(x)]).toEqual([15, 50, 35]);
    expect(median([1, 2, 3, 4])).toBe(2.5);
    expect(median([3, 1, 2])).toBe(2);
  });

  it('leaves its input as it was', () => {
    const x = [3, 1, 2];
    median(x);
    expect(x).toEqual([3, 1, 2]);
  });

  it('measures linear correlation', () => {
    expect(correlation([1, 2, 3], [2, 4, 6])).toBeCloseTo(1, 12);
    expect(correlation([1, 2, 3], [3, 2, 1])).toBeCloseTo(-1, 12);
    expect(correlation([1, 2, 3], [5, 5, 5])).toBe(0);
  });

  it('answers NaN where there is no answer: no values, a NaN among them, a probability beyond 0 … 1', () => {
    expect(mean([])).toBeNaN();
    expect(median([])).toBeNaN();
    expect(median([1, Number.NaN, 2])).toBeNaN();
    expect(quantile([1, 2], 1.5)).toBeNaN();
    expect(sortedQuantile([1, 2], -0.1)).toBeNaN();
    expect(skewness([4, 4])).toBeNaN();
    expect(kurtosis([4, 4])).toBeNaN();
  });
});
