import { describe, expect, it } from 'vitest';
import type { MarginalView } from '../../../../main/contract/posterior.ts';
import { contour, joined } from '../../../../main/figures/contour.ts';
import { densityPixels } from '../../../../main/figures/density-image.ts';
import { missingCount, stripRange } from '../../../../main/figures/feature-strip.ts';
import { quantile, violin } from '../../../../main/figures/kernel-density.ts';
import { interpolate } from '../../../../main/figures/marginal-canvas.ts';
import {
  axisScale,
  labelledTicks,
  parameterAxis,
  valueAlong,
} from '../../../../main/figures/parameter-axis.ts';

/** exp(−r²/2s²) around the middle of a size × size grid. */
function bump(size: number, sd: number): Float32Array {
  const middle = (size - 1) / 2;
  return Float32Array.from({ length: size * size }, (_, i) => {
    const x = (i % size) - middle;
    const y = Math.floor(i / size) - middle;
    return Math.exp(-(x * x + y * y) / (2 * sd * sd));
  });
}

describe('contour lines', () => {
  it('draws a circle of the radius that the level has', () => {
    const sd = 10;
    const level = 0.5;
    const radius = sd * Math.sqrt(2 * Math.log(2));
    const lines = contour(bump(65, sd), 65, level);
    for (const [x, y] of lines) {
      // Linear interpolation on a grid of sd/10: the radius is right to 1 % of a cell's neighbourhood.
      expect(Math.hypot(x - 32, y - 32)).toBeCloseTo(radius, 1);
    }
    const length = lines.reduce((sum, [x1, y1, x2, y2]) => sum + Math.hypot(x2 - x1, y2 - y1), 0);
    // A polygon inside the circle: a little shorter than 2πr.
    expect(length / (2 * Math.PI * radius)).toBeGreaterThan(0.99);
    expect(length / (2 * Math.PI * radius)).toBeLessThanOrEqual(1.001);
  });
  it('closes along the border where the density is cut off by the prior', () => {
    const lines = contour(
      Float32Array.from({ length: 9 }, () => 1),
      3,
      0.5,
    );
    const length = lines.reduce((sum, [x1, y1, x2, y2]) => sum + Math.hypot(x2 - x1, y2 - y1), 0);
    expect(length).toBeCloseTo(8, 6);
  });
  it('resolves a saddle into two lines and never into a cross', () => {
    const saddle = Float32Array.from([1, 0, 0, 1]);
    const inner = contour(saddle, 2, 0.6).filter((line) => line.every((value) => value > 0 && value < 1));
    expect(inner.length).toBeLessThanOrEqual(2);
    expect(contour(saddle, 2, 2)).toEqual([]);
  });
});

describe('joined contours', () => {
  it('makes one closed line of a hill’s contour, with every segment once', () => {
    const size = 24;
    const hill = Float32Array.from({ length: size * size }, (_, i) =>
      Math.exp(-(((i % size) - 11.5) ** 2 + (Math.floor(i / size) - 11.5) ** 2) / 40),
    );
    const segments = contour(hill, size, 0.5);
    const lines = joined(segments);
    expect(lines).toHaveLength(1);
    const [line] = lines as [readonly number[]];
    expect(line).toHaveLength(2 * (segments.length + 1));
    expect(line.slice(0, 2)).toEqual(line.slice(-2));
  });
  it('keeps apart what does not touch, and nothing of nothing', () => {
    expect(joined([[0, 0, 1, 1], [5, 5, 6, 6], [1, 1, 2, 1]])).toEqual([[0, 0, 1, 1, 2, 1], [5, 5, 6, 6]]); // prettier-ignore
    expect(joined([])).toEqual([]);
  });
});

describe('density images', () => {
  it('has one hue, is transparent at zero, and turns rows so that high values stand on top', () => {
    const pixels = densityPixels(Float32Array.from([1, 0.25, 0, 0]), 2, '#0072b2');
    expect([...pixels.subarray(8, 11)]).toEqual([0, 114, 178]);
    const alpha = [pixels[3], pixels[7], pixels[11], pixels[15]];
    expect(alpha.slice(0, 2)).toEqual([0, 0]);
    expect(alpha[2]).toBeGreaterThan(alpha[3]!);
  });
});

describe('marginals', () => {
  const grid = Float64Array.from({ length: 100 }, (_, i) => i + 0.5);
  const marginal: MarginalView = {
    name: 'g',
    low: 0,
    high: 100,
    logarithmic: false,
    grid,
    density: grid.map((x) => Math.exp(-((x - 30) ** 2) / 8)),
    priorDensity: grid.map(() => 0.01),
    median: 30,
    q05: 26.7,
    q95: 33.3,
    map: 30,
  };
  it('spans the prior, or zooms to where the posterior can be seen', () => {
    expect(parameterAxis(marginal, false)).toEqual({ low: 0, high: 100, logarithmic: false });
    const { low, high } = parameterAxis(marginal, true);
    expect(low).toBeGreaterThan(15);
    expect(low).toBeLessThan(25);
    expect(high).toBeGreaterThan(35);
    expect(high).toBeLessThan(45);
  });
  it('shows the whole prior where there is no density at all', () => {
    const empty = { ...marginal, density: grid.map(() => 0) };
    expect(parameterAxis(empty, true)).toEqual({ low: 0, high: 100, logarithmic: false });
  });
  it('draws a parameter with a log prior on a logarithmic axis, whole and zoomed', () => {
    const decades = Float64Array.from({ length: 100 }, (_, g) => 10 ** (-3 + (4 * (g + 0.5)) / 100));
    const wide = { ...marginal, low: 1e-3, high: 10, logarithmic: true, grid: decades };
    const whole = parameterAxis(wide, false);
    expect(axisScale(whole, 0, 400)(0.1)).toBeCloseTo(200, 9);
    expect(valueAlong(whole, 0.25)).toBeCloseTo(0.01, 12);
    expect(labelledTicks(whole, 3).map(({ text }) => text)).toEqual(['0.001', '0.1', '10']);
    // The peak stands at cell 30 of 100 of the grid: at 10^−1.8, wherever the cell's value would be on a linear axis.
    const zoomed = parameterAxis(wide, true);
    expect(Math.log10(zoomed.low)).toBeGreaterThan(-2.4);
    expect(Math.log10(zoomed.high)).toBeLessThan(-1.2);
    expect(labelledTicks(zoomed, 3).map(({ text }) => text)).toEqual(['0.01', '0.02']);
  });
  it('reads the density between two points of the grid', () => {
    expect(interpolate(Float64Array.of(0, 1), Float64Array.of(2, 4), 0.25)).toBe(2.5);
    expect(interpolate(Float64Array.of(0, 1), Float64Array.of(2, 4), -5)).toBe(2);
    expect(interpolate(Float64Array.of(0, 1), Float64Array.of(2, 4), 5)).toBe(4);
  });
});

describe('predicted features', () => {
  const values = Float64Array.from([1, 2, 2, 3, NaN]);
  it('makes a violin that is widest where most predictions lie, and leaves missing ones out', () => {
    const shape = violin(values, 0, 4, 41);
    expect(shape.indexOf(1)).toBe(20);
    expect(shape.every(Number.isFinite)).toBe(true);
    expect(violin(Float64Array.of(NaN), 0, 1, 8).every((value) => value === 0)).toBe(true);
  });
  it('counts the missing and keeps the observation inside the strip', () => {
    const feature = { name: 'f', unit: '', observed: 9, prior: Float64Array.of(0, 1), posterior: values };
    expect(missingCount(feature)).toBe(1);
    const [low, high] = stripRange(feature);
    expect(low).toBeLessThan(0.01);
    expect(high).toBeGreaterThan(9);
    expect(
      stripRange({ ...feature, observed: null, prior: Float64Array.of(), posterior: Float64Array.of(NaN) }),
    ).toEqual([0, 1]);
  });
  it('interpolates quantiles and has none of nothing', () => {
    expect(quantile(Float64Array.of(1, 2, 4), 0.75)).toBe(3);
    expect(quantile(Float64Array.of(), 0.5)).toBeNaN();
  });
});
