import { describe, expect, it } from 'vitest';
import { binomialInterval, binomialLogMass, exceededRarely } from '../../../main/numeric/binomial.ts';

describe('binomialLogMass', () => {
  it('is the binomial formula', () => {
    const mass = binomialLogMass(4, 0.25).map(Math.exp);
    // (3 + 1)⁴/4⁴ term by term; rounding
    [81, 108, 54, 12, 1].forEach((count, k) => expect(mass[k]).toBeCloseTo(count / 256, 12));
  });

  it('sums to 1 for many trials', () => {
    const total = binomialLogMass(20_000, 0.01).reduce((sum, value) => sum + Math.exp(value), 0);
    expect(total).toBeCloseTo(1, 9); // 20,000 terms, each with a relative error of 1e-12
  });

  it('is certain for the probabilities 0 and 1', () => {
    for (const [p, certain] of [
      [0, 0],
      [1, 2],
    ] as const) {
      const mass = binomialLogMass(2, p).map(Math.exp);
      expect(mass[certain]).toBeCloseTo(1, 12); // rounding
      expect(mass[2 - certain]).toBe(0);
    }
  });

  it('refuses what is no binomial distribution', () => {
    for (const [n, p] of [
      [-1, 0.5],
      [1.5, 0.5],
      [3, 1.1],
      [3, NaN],
    ] as const)
      expect(() => binomialLogMass(n, p)).toThrow(RangeError);
  });
});

describe('binomialInterval', () => {
  it('leaves at most the tail on each side, and would leave more if it were narrower', () => {
    for (const [n, p, tail] of [
      [300, 0.5, 0.025],
      [300, 0.05, 0.005],
      [20, 0.9, 0.1],
    ] as const) {
      const { low, high } = binomialInterval(n, p, tail);
      const mass = binomialLogMass(n, p).map(Math.exp);
      const sum = (from: number, to: number) => mass.slice(from, to).reduce((total, m) => total + m, 0);
      expect(sum(0, low)).toBeLessThanOrEqual(tail);
      expect(sum(0, low + 1)).toBeGreaterThan(tail);
      expect(sum(high + 1, n + 1)).toBeLessThanOrEqual(tail);
      expect(sum(high, n + 1)).toBeGreaterThan(tail);
    }
  });

  it('is the textbook’s 40 … 60 for 100 throws of a coin at 95 %', () => {
    expect(binomialInterval(100, 0.5, 0.025)).toEqual({ low: 40, high: 60 });
  });

  it('is one point where the outcome is certain', () => {
    expect(binomialInterval(7, 0, 0.025)).toEqual({ low: 0, high: 0 });
    expect(binomialInterval(7, 1, 0.025)).toEqual({ low: 7, high: 7 });
  });
});

describe('exceededRarely', () => {
  it('is the count that chance passes less often than asked', () => {
    // P(Bin(2, .05) > 0) = 1 − .95² = .0975
    expect([exceededRarely(2, 0.05, 0.1), exceededRarely(2, 0.05, 0.09)]).toEqual([0, 1]);
    expect(exceededRarely(100, 0.05, 0.25)).toBe(6);
    expect([exceededRarely(3, 1, 0.05), exceededRarely(0, 0.5, 0.05)]).toEqual([3, 0]);
  });
});
