import type { MarginalView } from '../../main/contract/posterior.ts';
import { type Colours, withAlpha } from './colours.ts';
import type { Draw } from './crisp-canvas.svelte.ts';
import { fittingTicks, labelledTicks, scale } from './parameter-axis.ts';
import type { Interval } from './plot-window.ts';
import { drawTicks, type PointSet } from './point-marks.ts';

/** Height below the frame that the ticks' texts take. */
export const tickSpace = 18;
const font = '12px system-ui, "Segoe UI", "Liberation Sans", "Noto Sans", sans-serif';

/** Points that are drawn over a marginal, and which parameter it is of. */
export interface MarginalPoints {
  sets: readonly PointSet[];
  parameter: number;
}

/**
 * A marginal: prior outline grey, posterior blue with its 5–95 % band filled, the MAP as a tick from above, points as ticks
 * from below. A search has no density: its marginal is the prior's outline with points.
 */
export function marginalCanvas(
  marginal: MarginalView,
  range: Interval,
  mostTicks: number,
  colours: Colours,
  { sets, parameter }: MarginalPoints,
): Draw {
  return (context, width, height) => {
    const bottom = height - tickSpace;
    const x = scale(range, 0.5, width - 0.5);
    const peak = Math.max(visiblePeak(marginal, range), 1e-300);
    const y = (density: number) => bottom - (density / peak) * (bottom - 8);
    context.save();
    context.beginPath();
    context.rect(0, 0, width, bottom);
    context.clip();
    const hasDensity = marginal.density.length > 0;
    if (hasDensity) {
      area(context, marginal, x, y, bottom, marginal.low, marginal.high);
      context.fillStyle = withAlpha(colours.model, 0.12);
      context.fill();
      area(context, marginal, x, y, bottom, marginal.q05, marginal.q95);
      context.fillStyle = withAlpha(colours.model, 0.3);
      context.fill();
    }
    curve(context, marginal.grid, marginal.priorDensity, x, y, bottom);
    context.strokeStyle = colours.prior;
    context.lineWidth = 1;
    context.stroke();
    if (hasDensity) {
      curve(context, marginal.grid, marginal.density, x, y, bottom);
      context.strokeStyle = colours.model;
      context.lineWidth = 1.5;
      context.stroke();
      context.fillStyle = colours.model;
      context.fillRect(x(marginal.map) - 1, 0, 2, 6);
    }
    drawTicks(context, sets, parameter, x, bottom);
    context.restore();

    frame(context, width, bottom, colours);
    context.font = font;
    context.textBaseline = 'top';
    context.fillStyle = colours.secondary;
    context.textAlign = 'left';
    const measure = (text: string) => context.measureText(text).width;
    for (const { value, text, left } of fittingTicks(range, mostTicks, width, measure)) {
      context.fillRect(Math.round(x(value)) - 0.5, bottom, 1, 4);
      context.fillText(text, left, bottom + 5);
    }
  };
}

/** The texts of a row's own axis, at its right end. */
export function rowTicks(range: Interval, mostTicks: number, colours: Colours): Draw {
  return (context, _width, height) => {
    const y = scale(range, height - 0.5, 0.5);
    context.font = font;
    context.textBaseline = 'middle';
    context.fillStyle = colours.secondary;
    for (const { value, text } of labelledTicks(range, mostTicks)) {
      context.fillRect(0, Math.round(y(value)) - 0.5, 4, 1);
      context.fillText(text, 7, Math.min(height - 6, Math.max(6, y(value))));
    }
  };
}

export function frame(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  colours: Colours,
): void {
  context.strokeStyle = colours.grid;
  context.lineWidth = 1;
  context.strokeRect(0.5, 0.5, width - 1, height - 1);
  context.strokeStyle = colours.line;
  context.beginPath();
  context.moveTo(0, height - 0.5);
  context.lineTo(width, height - 0.5);
  context.stroke();
}

function visiblePeak(marginal: MarginalView, range: Interval): number {
  const inside = (_: number, i: number) => marginal.grid[i]! >= range[0] && marginal.grid[i]! <= range[1];
  return [...marginal.density.filter(inside), ...marginal.priorDensity.filter(inside)].reduce(
    (a, b) => Math.max(a, b),
    0,
  );
}

type Map1 = (value: number) => number;

function curve(
  context: CanvasRenderingContext2D,
  grid: Float64Array,
  density: Float64Array,
  x: Map1,
  y: Map1,
  bottom: number,
): void {
  context.beginPath();
  context.moveTo(x(grid[0]!), bottom);
  grid.forEach((value, i) => context.lineTo(x(value), y(density[i]!)));
  context.lineTo(x(grid.at(-1)!), bottom);
}

/** The area under the posterior between two values. */
function area(
  context: CanvasRenderingContext2D,
  marginal: MarginalView,
  x: Map1,
  y: Map1,
  bottom: number,
  from: number,
  to: number,
): void {
  const { grid, density } = marginal;
  context.beginPath();
  context.moveTo(x(from), bottom);
  context.lineTo(x(from), y(interpolate(grid, density, from)));
  grid.forEach((value, i) => {
    if (value > from && value < to) context.lineTo(x(value), y(density[i]!));
  });
  context.lineTo(x(to), y(interpolate(grid, density, to)));
  context.lineTo(x(to), bottom);
  context.closePath();
}

/** The density at a value between two points of its ascending grid. */
export function interpolate(grid: Float64Array, density: Float64Array, value: number): number {
  const after = grid.findIndex((g) => g >= value);
  if (after < 0) return density.at(-1) ?? 0;
  if (after === 0) return density[0] ?? 0;
  const share = (value - grid[after - 1]!) / (grid[after]! - grid[after - 1]!);
  return density[after - 1]! + share * (density[after]! - density[after - 1]!);
}
