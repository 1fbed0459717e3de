import { describe, expect, it } from 'vitest';
import {
  logNormalInterval,
  logUpperTail,
  normalInterval,
  scaledErfc,
  upperTailQuantile,
} from '../../../main/numeric/normal.ts';

describe('the scaled complementary error function', () => {
  // 17 digits by mpmath 1.3 (arbitrary precision).
  it.each([
    [0, 1],
    [0.25, 0.7703465477309968],
    [1, 0.427583576155807],
    [2.5, 0.2108063640611436],
    [6.5, 0.08580567010489461],
    [30, 0.01879588886141675],
  ])('is right at %d in every range of its approximation', (x, expected) => {
    expect(scaledErfc(x) / expected).toBeCloseTo(1, 14);
  });
});

describe('the normal distribution function', () => {
  // Abramowitz and Stegun, tables 26.1 and 26.2.
  it.each([
    [0, 0.5],
    [1, 0.8413447460685429],
    [-2, 0.02275013194817921],
    [-5, 2.866515718791939e-7],
    [-10, 7.61985302416059e-24],
  ])('is right at %d', (z, expected) => {
    expect(normalInterval(-Infinity, z) / expected).toBeCloseTo(1, 12);
  });

  it('keeps the ratio of intervals far out in either tail', () => {
    const expected = 7.61985302416059e-24;
    expect(normalInterval(10, Infinity) / expected).toBeCloseTo(1, 12);
    expect(normalInterval(-Infinity, -10) / expected).toBeCloseTo(1, 12);
    expect(normalInterval(-1, 1)).toBeCloseTo(0.6826894921370859, 14);
  });

  it('gives the whole line a mass of one', () => {
    expect(normalInterval(-Infinity, Infinity)).toBe(1);
    expect(logNormalInterval(-Infinity, Infinity) + 0).toBe(0);
  });

  // 60-digit values by mpmath 1.3, erfc differences.
  it.each([
    [-1, 2, -0.2001662943244626],
    [3, 3.5, -6.796868006683432],
    [30, 31, -454.32124395634327],
    [-40, -39.5, -784.720879106624],
    [100, 101, -5005.524208694205],
    [5, Infinity, -15.064998393988725],
    [-Infinity, -5, -15.064998393988725],
    [0.1, 0.1001, -10.13428390684346],
  ])('has a logarithm of its mass from %d to %d where the mass underflows too', (a, b, expected) => {
    // Near 1e-16/(b − a) relative, and 1e-16 of the logarithm's size.
    expect(Math.abs(logNormalInterval(a, b) - expected)).toBeLessThan(1e-11);
  });

  it('finds the quantile of any tail, also one that underflows', () => {
    for (const z of [0, 1e-9, 0.3, 1, 5, 37, 1e3, 1e6])
      expect(Math.abs(upperTailQuantile(logUpperTail(z)) - z)).toBeLessThan(1e-12 * (1 + z));
    expect(upperTailQuantile(-Infinity)).toBe(Infinity);
    expect(logUpperTail(Infinity)).toBe(-Infinity);
  });
});
