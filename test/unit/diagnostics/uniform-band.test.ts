import { describe, expect, it } from 'vitest';
import { rankLevels } from '../../../main/diagnostics/rank-curve.ts';
import { pointwiseBand, simultaneousBand } from '../../../main/diagnostics/uniform-band.ts';
import { createRandom } from '../../../main/numeric/random.ts';

/** Share of uniform samples of size n whose distribution function keeps inside the band. */
function insideShare(n: number, band: ReturnType<typeof simultaneousBand>, trials: number): number {
  const random = createRandom(5, n);
  let inside = 0;
  for (let t = 0; t < trials; t++) {
    const sorted = Float64Array.from({ length: n }, () => random.uniform()).sort();
    let below = 0;
    inside += rankLevels.every((level, i) => {
      while (below < n && sorted[below]! < level) below += 1;
      return below / n >= band.low[i]! && below / n <= band.high[i]!;
    })
      ? 1
      : 0;
  }
  return inside / trials;
}

describe('pointwiseBand', () => {
  it('is the binomial interval as a share', () => {
    expect(pointwiseBand(100, [0.5], 0.95)).toEqual({ low: [0.4], high: [0.6] });
  });
});

describe('simultaneousBand', () => {
  it.each([50, 300])('keeps 19 of 20 samples of %d uniform values inside at all 99 levels at once', (n) => {
    const trials = 4000;
    const share = insideShare(n, simultaneousBand(n, rankLevels, 0.95), trials);
    // Counts are whole, so it may keep somewhat more than 95 %. Sampling error √(.05·.95/4000) = .0034; four of it.
    expect(share).toBeGreaterThan(0.95 - 0.014);
    expect(share).toBeLessThan(0.97 + 0.014);
    // The pointwise band does not: that is why there are two.
    expect(insideShare(n, pointwiseBand(n, rankLevels, 0.95), trials)).toBeLessThan(0.7);
  });

  it('is the pointwise band where there is one level', () => {
    expect(simultaneousBand(100, [0.5], 0.95)).toEqual(pointwiseBand(100, [0.5], 0.95));
  });

  it('narrows with the root of the number of ranks, and widens with confidence', () => {
    const width = (n: number, confidence: number) => {
      const { low, high } = simultaneousBand(n, rankLevels, confidence);
      return high[49]! - low[49]!;
    };
    expect(width(400, 0.95) / width(1600, 0.95)).toBeCloseTo(2, 0); // whole counts: within a fifth
    expect(width(400, 0.99)).toBeGreaterThan(width(400, 0.95));
  });
});
