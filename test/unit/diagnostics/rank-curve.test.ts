import { describe, expect, it } from 'vitest';
import {
  rankCurve,
  rankHistogram,
  rankLevels,
  rankShape,
  staysInside,
} from '../../../main/diagnostics/rank-curve.ts';
import { simultaneousBand } from '../../../main/diagnostics/uniform-band.ts';

/** n ranks among 999 draws at the quantiles that `warp` makes of (i + ½)/n. */
const ranksAt = (n: number, warp: (u: number) => number) =>
  Array.from({ length: n }, (_, i) => Math.floor(1000 * warp((i + 0.5) / n)));

describe('rankCurve', () => {
  it('is the diagonal for every rank once', () => {
    const curve = rankCurve(
      Array.from({ length: 1000 }, (_, rank) => rank),
      999,
    );
    expect(curve).toEqual(rankLevels);
  });

  it('counts ranks below level times the number of possible ranks', () => {
    expect(rankCurve([0, 1, 2, 3], 3, [0.25, 0.3, 0.5, 1])).toEqual([0.25, 0.5, 0.5, 1]);
  });

  it('refuses no ranks and impossible ones', () => {
    expect(() => rankCurve([])).toThrow(/no ranks/);
    expect(() => rankCurve([4], 3)).toThrow(/Rank 4 is not among 3 draws/);
    expect(() => rankCurve([-1], 3)).toThrow(RangeError);
  });
});

describe('rankHistogram', () => {
  it('counts equal bins and gives the interval of one of them', () => {
    const { counts, low, high } = rankHistogram(
      ranksAt(300, (u) => u),
      20,
    );
    expect(counts).toEqual(new Array(20).fill(15));
    // Binomial(300, 1/20): P(≤ 5) = .0023, P(≤ 6) = .0066; P(≥ 25) = .0093, P(≥ 26) = .00499.
    expect([low, high]).toEqual([6, 25]);
  });

  it('refuses bins that ranks do not fill equally', () => {
    expect(() => rankHistogram([1], 7)).toThrow(/do not fill 7 equal bins/);
  });
});

describe('rankShape', () => {
  it.each([
    ['narrow', (u: number) => (u < 0.5 ? 2 * u * u : 1 - 2 * (1 - u) ** 2)],
    ['wide', (u: number) => 0.25 + u / 2],
    ['low', (u: number) => Math.sqrt(u)],
    ['high', (u: number) => u * u],
  ] as const)('tells a posterior that is too %s', (shape, warp) => {
    const ranks = ranksAt(200, warp);
    expect(rankShape(ranks)).toBe(shape);
    expect(staysInside(rankCurve(ranks), simultaneousBand(200, rankLevels, 0.95))).toBe(false);
  });

  it('keeps uniform ranks inside the band', () => {
    const ranks = ranksAt(200, (u) => u);
    expect(staysInside(rankCurve(ranks), simultaneousBand(200, rankLevels, 0.95))).toBe(true);
  });
});
