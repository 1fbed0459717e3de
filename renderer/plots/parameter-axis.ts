import type { MarginalView } from '../../main/contract/posterior.ts';
import { fixed } from '../words/number.ts';
import type { Interval } from './plot-window.ts';
import { type PointSet, rangeWithPoints } from './point-marks.ts';
import { panelTicks, tickDecimals } from './ticks.ts';

/** Below this share of its maximum a density counts as zero when the axes zoom to the posterior. */
const visible = 0.002;

/**
 * The range of a parameter's axis: the prior's; or, zoomed, where the posterior has visible density with some air, and the
 * points that are drawn with it. A search has points alone.
 */
export function parameterRange(
  marginal: MarginalView,
  zoom: boolean,
  sets: readonly PointSet[] = [],
  parameter = 0,
): Interval {
  if (!zoom) return whole(marginal);
  return rangeWithPoints(visibleRange(marginal), whole(marginal), sets, parameter);
}

function visibleRange(marginal: MarginalView): Interval | null {
  const { grid, density } = marginal;
  if (density.length === 0) return null;
  const largest = density.reduce((a, b) => Math.max(a, b), 0);
  const first = density.findIndex((value) => value > visible * largest);
  const last = density.findLastIndex((value) => value > visible * largest);
  if (first < 0 || !(largest > 0)) return [marginal.low, marginal.high];
  const step = (grid.at(-1)! - grid[0]!) / Math.max(1, grid.length - 1);
  return [Math.max(marginal.low, grid[first]! - 2 * step), Math.min(marginal.high, grid[last]! + 2 * step)];
}

/** The prior's range: what grids and density images span. */
export function whole(marginal: MarginalView): Interval {
  return [marginal.low, marginal.high];
}

/** Ticks of a small panel with their texts, all with equal decimals. */
export function labelledTicks(range: Interval, most: number): { value: number; text: string }[] {
  const values = panelTicks(range[0], range[1], most);
  const decimals = tickDecimals(values);
  return values.map((value) => ({ value, text: tickText(value, decimals) }));
}

/** Four digits need no comma, and in a small panel no room can be lost. */
function tickText(value: number, decimals: number): string {
  const text = fixed(value, decimals);
  return Math.abs(value) < 10_000 ? text.replace(',', '') : text;
}

/** Pixels between two texts, at least. */
const gap = 6;

/** The labelled ticks that stand beside each other, from the left; each text keeps inside the panel. */
export function fittingTicks(
  range: Interval,
  most: number,
  width: number,
  measure: (text: string) => number,
): { value: number; text: string; left: number }[] {
  const x = scale(range, 0, width);
  const placed: { value: number; text: string; left: number }[] = [];
  let end = -gap;
  for (const { value, text } of labelledTicks(range, most)) {
    const size = measure(text);
    const left = Math.min(width - size, Math.max(0, x(value) - size / 2));
    if (left < end + gap) continue;
    placed.push({ value, text, left });
    end = left + size;
  }
  return placed;
}

/** From a parameter's value to a pixel. */
export function scale(range: Interval, from: number, to: number): (value: number) => number {
  const width = range[1] - range[0];
  return (value) => from + ((value - range[0]) / width) * (to - from);
}
