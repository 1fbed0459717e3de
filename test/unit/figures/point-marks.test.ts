import { describe, expect, it } from 'vitest';
import {
  columnOf,
  drawDots,
  drawTicks,
  type PointSet,
  rangeWithPoints,
} from '../../../main/figures/point-marks.ts';

/** Three parameter sets of two parameters. */
const set: PointSet = { points: Float64Array.of(2, 20, 4, 40, 9, 90), dimension: 2, colour: '#009e73' };

/** A context that remembers where it drew. */
function recorder() {
  const rectangles: number[][] = [];
  const dots: { at: number[]; colour: string }[] = [];
  const context = {
    fillStyle: '',
    fillRect: (...at: number[]) => rectangles.push(at),
    beginPath: () => undefined,
    arc: (x: number, y: number, radius: number) =>
      dots.push({ at: [x, y, radius], colour: context.fillStyle }),
    fill: () => undefined,
    stroke: () => undefined,
  };
  return { context: context as unknown as CanvasRenderingContext2D, rectangles, dots };
}

describe('points over the posterior', () => {
  it('are read by parameter', () => {
    expect([...columnOf(set, 1)]).toEqual([20, 40, 90]);
  });
  it('stand as ticks on the axis, the best one taller', () => {
    const { context, rectangles } = recorder();
    drawTicks(context, [set], 0, (value) => 10 * value, 100);
    expect(rectangles).toEqual([
      [19.5, 86, 1, 14],
      [39.5, 93, 1, 7],
      [89.5, 93, 1, 7],
    ]);
  });
  it('are dots in a pair, the best one larger and last, so that it lies on top', () => {
    const { context, dots } = recorder();
    drawDots(
      context,
      [set],
      { x: 1, y: 0 },
      (x) => x,
      (y) => -y,
      '#ffffff',
    );
    expect(dots.map(({ at }) => at)).toEqual([
      [90, -9, 2],
      [40, -4, 2],
      [20, -2, 3],
    ]);
    expect(dots.every(({ colour }) => colour === '#009e73')).toBe(true);
  });
});

describe('a range with points', () => {
  it('is widened to points outside it, with a little air, and keeps within the axis', () => {
    expect(rangeWithPoints([3, 5], [0, 10], [set], 0)).toEqual([1.8, 9.2]);
    expect(rangeWithPoints([3, 5], [0, 9.1], [set], 0)[1]).toBe(9.1);
    expect(rangeWithPoints([1, 9.5], [0, 10], [set], 0)).toEqual([1, 9.5]);
  });
  it('is that of the points alone where there is no density, and the whole axis without either', () => {
    expect(rangeWithPoints(null, [0, 10], [set], 0)).toEqual([1.8, 9.2]);
    expect(rangeWithPoints(null, [0, 10], [], 0)).toEqual([0, 10]);
  });
});
