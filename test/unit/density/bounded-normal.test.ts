import { describe, expect, it } from 'vitest';
import { boundedNormalQuantile, logBoundedNormal } from '../../../main/density/bounded-normal.ts';

const cases: [string, number, number, number, number][] = [
  ['inside both bounds', 0.3, 4, -1, 1],
  ['beyond the upper bound', 5, 3, -1, 1],
  ['far below the lower bound', -400, 2, -1, 1],
  ['above a lower bound', 0.5, 1, 0, Infinity],
  ['below an upper bound, from far above', 30, 2, -Infinity, 1],
  ['without bounds', -2, 0.5, -Infinity, Infinity],
];

describe('a normal restricted to bounds', () => {
  it.each(cases)('has mass one: %s', (_title, mean, precision, low, high) => {
    const from = Math.max(low, Math.min(mean, high) - 9 / precision);
    const to = Math.min(high, Math.max(mean, low) + 9 / precision);
    // Simpson's rule; beyond 9 sds is nothing that shows.
    const n = 20_000;
    let mass = 0;
    for (let i = 0; i <= n; i++) {
      const t = from + ((to - from) * i) / n;
      const factor = i === 0 || i === n ? 1 : i % 2 === 0 ? 2 : 4;
      mass += (factor * Math.exp(logBoundedNormal(t, mean, precision, low, high)) * (to - from)) / (3 * n);
    }
    // The steepest of these falls by e within 1/1600 of the range: 12 steps of Simpson's rule, error (1/12)⁴/180 and less.
    expect(mass).toBeCloseTo(1, 5);
  });

  it.each(cases)(
    'has the quantiles that its density adds up to: %s',
    (_title, mean, precision, low, high) => {
      let last = low;
      for (const v of [1e-12, 0.01, 0.3, 0.5, 0.7, 0.999]) {
        const t = boundedNormalQuantile(v, mean, precision, low, high);
        expect(t).toBeGreaterThanOrEqual(last);
        expect(t).toBeLessThanOrEqual(high);
        last = t;
        // dt/dv = 1/density
        const step = 1e-5 * Math.min(v, 1 - v);
        const slope =
          (boundedNormalQuantile(v + step, mean, precision, low, high) -
            boundedNormalQuantile(v - step, mean, precision, low, high)) /
          (2 * step);
        // Rounding of t, 1e-16·|mean|, over a step of 1e-5·v of the range.
        if (v > 1e-3)
          expect(Math.log(slope) + logBoundedNormal(t, mean, precision, low, high)).toBeCloseTo(0, 3);
      }
    },
  );
});
