import type { PairView, PosteriorView } from '../contract/posterior.ts';
import type { Colours } from './colours.ts';
import { contour, joined, type Polyline } from './contour.ts';
import { densityPicture } from './density-image.ts';
import { frame } from './marginal-canvas.ts';
import { axisScale, type ParameterAxis, wholeAxis } from './parameter-axis.ts';
import type { Draw, Pen, Picture } from './pen.ts';
import { drawDots } from './point-marks.ts';
import { type Layers, pairOf } from './posterior-layers.ts';

interface Prepared {
  colour: string;
  picture: Picture;
  half: Polyline[];
  most: Polyline[];
}

/** Image and contours of a density do not change: they are made once, also when panels are resized or zoomed. */
const prepared = new WeakMap<Float32Array, Prepared>();

function prepare(pair: PairView, colour: string): Prepared {
  const known = prepared.get(pair.density);
  if (known?.colour === colour) return known;
  const made = {
    colour,
    picture: densityPicture(pair.density, pair.size, colour),
    half: known?.half ?? joined(contour(pair.density, pair.size, pair.level50)),
    most: known?.most ?? joined(contour(pair.density, pair.size, pair.level90)),
  };
  prepared.set(pair.density, made);
  return made;
}

/** Which two parameters a panel is of, and what its axes show. */
export interface PairPlace {
  x: number;
  y: number;
  axisX: ParameterAxis;
  axisY: ParameterAxis;
}

/**
 * A joint density: a one-hue image, zero transparent, with the 50 % (thick) and 90 % (thin) HPD contours; the 90 % contour of the
 * round before dashed; points and the truth over it. Between two held values or more it is the conditional's. A search has
 * points alone.
 */
export function pairCanvas(view: PosteriorView, place: PairPlace, colours: Colours, layers: Layers): Draw {
  const { x: column, y: row } = place;
  return (context, width, height) => {
    const x = axisScale(place.axisX, 0, width);
    const y = axisScale(place.axisY, height, 0);
    // Grids are even along the axes that the prior spans, so their corners place them.
    const wholeX = wholeAxis(view.marginals[column]!);
    const wholeY = wholeAxis(view.marginals[row]!);
    const box: Box = {
      left: x(wholeX.low),
      right: x(wholeX.high),
      top: y(wholeY.high),
      bottom: y(wholeY.low),
    };
    context.save();
    context.beginPath();
    context.rect(0, 0, width, height);
    context.clip();
    const pair = pairOf(view, column, row);
    const conditional = pairOf(layers.conditional, column, row);
    if (conditional !== null) {
      if (pair !== null) outline(context, pair, box, colours, []);
      density(context, conditional, box, colours, 1);
    } else if (pair !== null) {
      const from = layers.share < 1 ? pairOf(layers.from, column, row) : null;
      if (from !== null) density(context, from, box, colours, 1 - layers.share);
      density(context, pair, box, colours, from === null ? 1 : layers.share);
      const before = pairOf(layers.previous, column, row);
      if (before !== null) outline(context, before, box, colours, [3, 3]);
    }
    drawDots(context, layers.sets, { x: column, y: row }, x, y, colours.ground);
    const lines = (values: [number | null | undefined, number | null | undefined], colour: string) => {
      context.fillStyle = colour;
      if (typeof values[0] === 'number') context.fillRect(x(values[0]) - 0.5, 0, 1, height);
      if (typeof values[1] === 'number') context.fillRect(0, y(values[1]) - 0.5, width, 1);
    };
    lines([layers.truth[column], layers.truth[row]], colours.truth);
    lines([layers.held.get(column), layers.held.get(row)], colours.accent);
    context.restore();
    frame(context, width, height, colours);
  };
}

/** Where the whole of a density lies, in pixels. */
interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

function density(context: Pen, pair: PairView, box: Box, colours: Colours, alpha: number): void {
  const { picture, half, most } = prepare(pair, colours.model);
  context.globalAlpha = alpha;
  context.drawPicture(picture, box.left, box.top, box.right - box.left, box.bottom - box.top);
  context.strokeStyle = colours.model;
  strokeLines(context, most, pair.size, box, 1);
  strokeLines(context, half, pair.size, box, 1.75);
  context.globalAlpha = 1;
}

/** The 90 % contour alone. */
function outline(context: Pen, pair: PairView, box: Box, colours: Colours, dash: number[]): void {
  context.strokeStyle = colours.model;
  context.globalAlpha = 0.7;
  context.setLineDash(dash);
  strokeLines(context, prepare(pair, colours.model).most, pair.size, box, 1);
  context.setLineDash([]);
  context.globalAlpha = 1;
}

function strokeLines(
  context: Pen,
  lines: readonly Polyline[],
  size: number,
  { left, right, top, bottom }: Box,
  lineWidth: number,
): void {
  const nodeX = (node: number) => left + ((node + 0.5) / size) * (right - left);
  const nodeY = (node: number) => bottom + ((node + 0.5) / size) * (top - bottom);
  context.lineWidth = lineWidth;
  context.beginPath();
  for (const points of lines) {
    context.moveTo(nodeX(points[0]!), nodeY(points[1]!));
    for (let i = 2; i < points.length; i += 2) context.lineTo(nodeX(points[i]!), nodeY(points[i + 1]!));
  }
  context.stroke();
}
