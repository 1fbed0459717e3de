import type { MarginalView } from '../contract/posterior.ts';
import { fixed, plain } from './number.ts';
import type { Interval } from './plot-window.ts';
import { type PointSet, rangeWithPoints } from './point-marks.ts';
import { logTicks, panelTicks, tickDecimals } from './ticks.ts';

/** Below this share of its maximum a density counts as zero when the axes zoom to the posterior. */
const visible = 0.002;

/** What an axis shows of a parameter, in its unit; logarithmic where the parameter is inferred by its logarithm. */
export interface ParameterAxis {
  low: number;
  high: number;
  logarithmic: boolean;
}

/**
 * A parameter's axis: the prior's; or, zoomed, where the posterior has visible density with some air, the points that are
 * drawn with it, and the true value. A search has points alone.
 */
export function parameterAxis(
  marginal: MarginalView,
  zoom: boolean,
  sets: readonly PointSet[] = [],
  parameter = 0,
  truth: number | null = null,
): ParameterAxis {
  if (!zoom) return wholeAxis(marginal);
  const { logarithmic } = marginal;
  const place = placing(marginal);
  const whole: Interval = [place(marginal.low), place(marginal.high)];
  const points = [...sets, ...(truth === null ? [] : [onePoint(truth, parameter)])];
  const [low, high] = rangeWithPoints(visibleRange(marginal), whole, points, parameter, place);
  const back = logarithmic ? Math.exp : (value: number) => value;
  return { low: back(low), high: back(high), logarithmic };
}

function onePoint(value: number, parameter: number): PointSet {
  return { points: new Float64Array(parameter + 1).fill(value), dimension: parameter + 1, colour: '' };
}

/** The prior's range: what grids and density images span. */
export function wholeAxis({ low, high, logarithmic }: MarginalView): ParameterAxis {
  return { low, high, logarithmic };
}

/** Where values stand along the axis: the logarithm's values on a logarithmic one. */
export function placing({ logarithmic }: Pick<ParameterAxis, 'logarithmic'>): (value: number) => number {
  return logarithmic ? Math.log : (value) => value;
}

/** As placed along the axis; null = there is no density. */
function visibleRange(marginal: MarginalView): Interval | null {
  const { grid, density } = marginal;
  if (density.length === 0) return null;
  const place = placing(marginal);
  const [from, to] = [place(marginal.low), place(marginal.high)];
  const largest = density.reduce((a, b) => Math.max(a, b), 0);
  const first = density.findIndex((value) => value > visible * largest);
  const last = density.findLastIndex((value) => value > visible * largest);
  if (first < 0 || !(largest > 0)) return [from, to];
  const step = (to - from) / grid.length;
  return [Math.max(from, place(grid[first]!) - 2 * step), Math.min(to, place(grid[last]!) + 2 * step)];
}

/** Ticks of a small panel with their texts; on a linear axis all with equal decimals. */
export function labelledTicks(axis: ParameterAxis, most: number): { value: number; text: string }[] {
  if (axis.logarithmic) {
    return logTicks(axis.low, axis.high, most).map((value) => ({
      value,
      text: value < 10_000 ? plain(value).replace(',', '') : plain(value),
    }));
  }
  const values = panelTicks(axis.low, axis.high, most);
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
  axis: ParameterAxis,
  most: number,
  width: number,
  measure: (text: string) => number,
): { value: number; text: string; left: number }[] {
  const x = axisScale(axis, 0, width);
  const placed: { value: number; text: string; left: number }[] = [];
  let end = -gap;
  for (const { value, text } of labelledTicks(axis, most)) {
    const size = measure(text);
    const left = Math.min(width - size, Math.max(0, x(value) - size / 2));
    if (left < end + gap) continue;
    placed.push({ value, text, left });
    end = left + size;
  }
  return placed;
}

/** From a parameter's value to a pixel. */
export function axisScale(axis: ParameterAxis, from: number, to: number): (value: number) => number {
  const place = placing(axis);
  const linear = scale([place(axis.low), place(axis.high)], from, to);
  return (value) => linear(place(value));
}

/** The value at a share of the axis's length. */
export function valueAlong(axis: ParameterAxis, share: number): number {
  const { low, high, logarithmic } = axis;
  return logarithmic ? low * (high / low) ** share : low + share * (high - low);
}

/** From a value to a pixel on a linear axis. */
export function scale(range: Interval, from: number, to: number): (value: number) => number {
  const width = range[1] - range[0];
  return (value) => from + ((value - range[0]) / width) * (to - from);
}
