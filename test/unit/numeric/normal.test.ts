import { describe, expect, it } from 'vitest';
import { normalInterval } from '../../../main/numeric/normal.ts';

describe('the normal distribution function', () => {
  // Abramowitz and Stegun, tables 26.1 and 26.2; the fit's relative error is 1.2e-7 of the tail.
  it.each([
    [0, 0.5],
    [1, 0.8413447460685429],
    [-2, 0.02275013194817921],
    [-5, 2.866515718791939e-7],
    [-10, 7.61985302416059e-24],
  ])('is right at %d', (z, expected) => {
    expect(normalInterval(-Infinity, z) / expected).toBeCloseTo(1, 6);
  });
  it('keeps the ratio of intervals far out in either tail', () => {
    const expected = 7.61985302416059e-24;
    expect(normalInterval(10, Infinity) / expected).toBeCloseTo(1, 6);
    expect(normalInterval(-Infinity, -10) / expected).toBeCloseTo(1, 6);
    expect(normalInterval(-1, 1)).toBeCloseTo(0.6826894921370859, 7);
  });
  it('gives the whole line a mass of one', () => {
    expect(normalInterval(-Infinity, Infinity)).toBe(1);
  });
});
