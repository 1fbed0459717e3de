import { describe, expect, it } from 'vitest';
import { columnAt, extent, valueAt, walkColumns } from '../../../../main/figures/decimated.ts';
import { padded, wheelFactor, within, zoomAt } from '../../../../main/figures/plot-window.ts';
import { amplitudeColour, withAlpha } from '../../../../main/figures/colours.ts';

const f32 = (...values: number[]) => Float32Array.from(values);
const time = f32(0, 1, 2, 3);
const low = f32(-70, -70, -60, -50);
const high = f32(-70, 40, -60, -45);

/** The whole line, as it is walked. */
function polyline(timeMs: Float32Array, min: Float32Array, max: Float32Array): { x: number; y: number }[] {
  const points: { x: number; y: number }[] = [];
  walkColumns({ timeMs, min, max }, 0, timeMs.length - 1, (x, y) => points.push({ x, y }));
  return points;
}

describe('decimated traces', () => {
  it('draws both extremes of a column, so that a spike keeps its peak', () => {
    const points = polyline(time, low, high);
    expect(Math.max(...points.map((point) => point.y))).toBe(40);
    expect(points).toHaveLength(6);
  });
  it('goes first to the extreme that is nearer to where the line stands', () => {
    expect(polyline(time, low, high).map((point) => point.y)).toEqual([-70, -70, 40, -60, -50, -45]);
    expect(polyline(f32(0, 1), f32(40, -70), f32(40, 40)).map((point) => point.y)).toEqual([40, 40, -70]);
  });
  it('never goes back in time', () => {
    const xs = polyline(time, low, high).map((point) => point.x);
    expect(xs).toEqual(xs.toSorted((a, b) => a - b));
  });
  it('breaks the line where nothing was recorded', () => {
    expect(polyline(f32(0, 1), f32(NaN, 3), f32(NaN, 3))[0]!.y).toBeNaN();
  });
  it('walks the columns of a window alone', () => {
    const seen: number[] = [];
    walkColumns({ timeMs: time, min: low, max: high }, 2, 3, (_, y) => seen.push(y));
    expect(seen).toEqual([-60, -50, -45]);
  });
  it('finds the column of a time, and none outside the trace', () => {
    expect(columnAt(time, 1.9)).toBe(1);
    expect(columnAt(time, 0)).toBe(0);
    expect(columnAt(time, 3.9)).toBe(3);
    expect(columnAt(time, 4.1)).toBe(-1);
    expect(columnAt(time, -0.1)).toBe(-1);
    expect(columnAt(f32(), 1)).toBe(-1);
  });
  it('reads a column’s smallest and largest value', () => {
    expect(valueAt(time, low, high, 1.5)).toEqual({ min: -70, max: 40 });
    expect(valueAt(time, f32(), f32(), 1.5)).toBeNull();
    expect(valueAt(f32(0), f32(NaN), f32(NaN), 0)).toBeNull();
  });
  it('takes the extremes over several traces and skips what is missing', () => {
    expect(extent([[low, high], [f32(NaN, -90), f32(NaN, -80)]])).toEqual([-90, 40]); // prettier-ignore
    expect(extent([])).toBeNull();
  });
});

describe('the window of a plot', () => {
  it('zooms around a point that stays where it is', () => {
    const [from, to] = zoomAt([0, 100], 25, 0.5, 1);
    expect([from, to]).toEqual([12.5, 62.5]);
    expect((25 - from) / (to - from)).toBeCloseTo(0.25, 12);
  });
  it('does not zoom closer than the smallest window', () => {
    const [from, to] = zoomAt([0, 1], 0.5, 0.01, 0.5);
    expect(to - from).toBeCloseTo(0.5, 12);
  });
  it('slides back inside the whole before it shrinks', () => {
    expect(within([-10, 40], [0, 100])).toEqual([0, 50]);
    expect(within([80, 130], [0, 100])).toEqual([50, 100]);
    expect(within([-50, 200], [0, 100])).toEqual([0, 100]);
  });
  it('turns the wheel into factors that undo each other', () => {
    expect(wheelFactor(100) * wheelFactor(-100)).toBeCloseTo(1, 12);
    expect(wheelFactor(-100)).toBeLessThan(1);
    expect(wheelFactor(1e9)).toBe(wheelFactor(400));
  });
  it('gives a flat line some height', () => {
    expect(padded([5, 5])).toEqual([4, 6]);
  });
});

describe('data colours', () => {
  it('runs from dark for the most negative to light for the most positive, in both themes', () => {
    const lightness = (hex: string) =>
      [1, 3, 5].reduce((sum, at) => sum + Number.parseInt(hex.slice(at, at + 2), 16), 0);
    for (const theme of ['light', 'dark'] as const) {
      const ramp = [0, 0.25, 0.5, 0.75, 1].map((at) => lightness(amplitudeColour(at, theme)));
      expect(ramp).toEqual(ramp.toSorted((a, b) => a - b));
    }
    expect(amplitudeColour(-3, 'light')).toBe('#440154');
  });
  it('writes transparency as CSS does', () => {
    expect(withAlpha('#0072b2', 0.25)).toBe('rgba(0, 114, 178, 0.25)');
  });
});
