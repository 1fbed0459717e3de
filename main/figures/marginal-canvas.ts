import type { MarginalView, PosteriorView } from '../contract/posterior.ts';
import { type Colours, withAlpha } from './colours.ts';
import { axisScale, fittingTicks, labelledTicks, type ParameterAxis } from './parameter-axis.ts';
import { type Draw, type Pen, smallFont } from './pen.ts';
import { drawTicks } from './point-marks.ts';
import { between, type Layers } from './posterior-layers.ts';

/** Height below the frame that the ticks' texts take. */
export const tickSpace = 18;

/**
 * A marginal: prior outline grey, the round before dashed, posterior blue with its 5–95 % band filled, the MAP as a tick from above,
 * points as ticks from below, the truth an orange line. Where other parameters are held, the band is that of the conditional
 * and the posterior itself an outline. A search has no density: its marginal is the prior's outline with points.
 */
export function marginalCanvas(
  view: PosteriorView,
  parameter: number,
  axis: ParameterAxis,
  mostTicks: number,
  colours: Colours,
  layers: Layers,
): Draw {
  return (context, width, height) => {
    const marginal = between(layers.from?.marginals[parameter], view.marginals[parameter]!, layers.share);
    const before = layers.previous?.marginals[parameter]?.density ?? null;
    const conditional = layers.conditional?.marginals.find((m) => m.parameter === parameter) ?? null;
    const main = conditional ?? marginal;
    const bottom = height - tickSpace;
    const x = axisScale(axis, 0.5, width - 0.5);
    const peak = visiblePeak(marginal.grid, axis, [
      marginal.density,
      marginal.priorDensity,
      ...(conditional === null ? [] : [conditional.density]),
    ]);
    const y = (density: number) => bottom - (density / peak) * (bottom - 8);
    context.save();
    context.beginPath();
    context.rect(0, 0, width, bottom);
    context.clip();
    const hasDensity = marginal.density.length > 0;
    if (hasDensity) {
      area(context, main, x, y, bottom, main.low, main.high);
      context.fillStyle = withAlpha(colours.model, 0.12);
      context.fill();
      area(context, main, x, y, bottom, main.q05, main.q95);
      context.fillStyle = withAlpha(colours.model, 0.3);
      context.fill();
    }
    const line = (density: Float64Array, colour: string, lineWidth: number, dash: number[] = []) => {
      curve(context, marginal.grid, density, x, y, bottom);
      context.strokeStyle = colour;
      context.lineWidth = lineWidth;
      context.setLineDash(dash);
      context.stroke();
      context.setLineDash([]);
    };
    line(marginal.priorDensity, colours.prior, 1);
    if (before !== null && before.length > 0) line(before, colours.model, 1, [3, 3]);
    if (hasDensity) {
      if (conditional !== null) line(marginal.density, withAlpha(colours.model, 0.7), 1);
      line(main.density, colours.model, 1.5);
      context.fillStyle = colours.model;
      if (conditional === null) context.fillRect(x(marginal.map) - 1, 0, 2, 6);
    }
    drawTicks(context, layers.sets, parameter, x, bottom);
    const truth = layers.truth[parameter] ?? null;
    if (truth !== null) upright(context, x(truth), bottom, colours.truth);
    const held = layers.held.get(parameter);
    if (held !== undefined) upright(context, x(held), bottom, colours.accent);
    context.restore();

    frame(context, width, bottom, colours);
    context.font = smallFont;
    context.textBaseline = 'top';
    context.fillStyle = colours.secondary;
    context.textAlign = 'left';
    const measure = (text: string) => context.measureText(text).width;
    for (const { value, text, left } of fittingTicks(axis, mostTicks, width, measure)) {
      context.fillRect(Math.round(x(value)) - 0.5, bottom, 1, 4);
      context.fillText(text, left, bottom + 5);
    }
  };
}

function upright(context: Pen, at: number, bottom: number, colour: string): void {
  context.fillStyle = colour;
  context.fillRect(at - 0.75, 0, 1.5, bottom);
}

/** The texts of a row's own axis, at its right end. */
export function rowTicks(axis: ParameterAxis, mostTicks: number, colours: Colours): Draw {
  return (context, _width, height) => {
    const y = axisScale(axis, height - 0.5, 0.5);
    context.font = smallFont;
    context.textAlign = 'left';
    context.textBaseline = 'middle';
    context.fillStyle = colours.secondary;
    for (const { value, text } of labelledTicks(axis, mostTicks)) {
      context.fillRect(0, Math.round(y(value)) - 0.5, 4, 1);
      context.fillText(text, 7, Math.min(height - 6, Math.max(6, y(value))));
    }
  };
}

export function frame(context: Pen, width: number, height: number, colours: Colours): void {
  context.strokeStyle = colours.grid;
  context.lineWidth = 1;
  context.strokeRect(0.5, 0.5, width - 1, height - 1);
  context.strokeStyle = colours.line;
  context.beginPath();
  context.moveTo(0, height - 0.5);
  context.lineTo(width, height - 0.5);
  context.stroke();
}

function visiblePeak(
  grid: Float64Array,
  { low, high }: ParameterAxis,
  densities: readonly Float64Array[],
): number {
  let peak = 1e-300;
  for (const density of densities) {
    density.forEach((value, g) => {
      if (grid[g]! >= low && grid[g]! <= high) peak = Math.max(peak, value);
    });
  }
  return peak;
}

type Map1 = (value: number) => number;

function curve(
  context: Pen,
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
  context: Pen,
  marginal: Pick<MarginalView, 'grid' | 'density'>,
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
