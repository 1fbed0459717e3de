import { valueTicks } from '../../../main/figures/trace-axes.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { panelTicks, roundStep, scaleBar, tickDecimals, ticks } from '../../../main/figures/ticks.ts';
import { fittingTicks } from '../../../main/figures/parameter-axis.ts';

describe('ticks at round values', () => {
  it('covers a usual voltage and time axis', () => {
    expect(ticks(-100, 60, 6)).toEqual([-100, -50, 0, 50]);
    expect(ticks(0, 700, 8)).toEqual([0, 100, 200, 300, 400, 500, 600, 700]);
    expect(ticks(0.0001, 0.6, 4)).toEqual([0.2, 0.4, 0.6]);
  });
  it('finds two ticks in a small panel where 1, 2, 5 leave one', () => {
    expect(ticks(0.5, 80, 3)).toEqual([50]);
    expect(panelTicks(0.5, 80, 3)).toEqual([30, 60]);
  });
  it('keeps inside the range, in order, and never more than asked for', () => {
    const range = fc.tuple(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
    );
    fc.assert(
      fc.property(range, fc.integer({ min: 1, max: 12 }), ([low, width], most) => {
        const high = low + width;
        if (high <= low) return;
        const values = panelTicks(low, high, most);
        expect(values.length).toBeLessThanOrEqual(most);
        values.forEach((value, i) => {
          // Rounding of the bounds themselves is allowed for.
          const dust = 1e-8 * Math.max(Math.abs(low), Math.abs(high), width);
          expect(value).toBeGreaterThanOrEqual(low - dust);
          expect(value).toBeLessThanOrEqual(high + dust);
          if (i > 0) expect(value).toBeGreaterThan(values[i - 1]!);
        });
      }),
    );
  });
  it('stays calm where there is no range', () => {
    expect(ticks(3, 3, 5)).toEqual([3]);
    expect(ticks(NaN, 3, 5)).toEqual([]);
    expect(roundStep(0)).toBe(1);
  });
  it('shows as many decimals as tell the ticks apart', () => {
    expect(tickDecimals([0.15, 0.3])).toBe(2);
    expect(tickDecimals([100, 200])).toBe(0);
    expect(tickDecimals([2.5, 5])).toBe(1);
  });
  it('makes scale bars of 1, 2 or 5 × 10ⁿ that fit their share', () => {
    expect(scaleBar(700, 0.2)).toBe(100);
    expect(scaleBar(0.09, 0.3)).toBeCloseTo(0.02, 12);
    expect(scaleBar(0, 0.2)).toBe(0);
  });
  it('drops a text that would touch its neighbour', () => {
    const measure = (text: string) => 7 * text.length;
    const axis = { low: 50, high: 3000, logarithmic: false };
    expect(fittingTicks(axis, 3, 72, measure).map((t) => t.text)).toEqual(['1000', '3000']);
    expect(fittingTicks(axis, 3, 200, measure).map((t) => t.text)).toEqual(['1000', '2000', '3000']);
  });

  it('gives a low pane two ticks where the roundest step would leave one', () => {
    expect(ticks(-280, 190, 2)).toHaveLength(1);
    expect(valueTicks([-280, 190], 2)).toEqual([-200, 0]);
    expect(valueTicks([-50, 320], 2)).toEqual([0, 200]);
  });
});
