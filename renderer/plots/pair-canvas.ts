import type { PairView } from '../../main/contract/posterior.ts';
import type { Colours } from './colours.ts';
import { contour, type Segment } from './contour.ts';
import type { Draw } from './crisp-canvas.svelte.ts';
import { densityImage } from './density-image.ts';
import { frame } from './marginal-canvas.ts';
import { scale } from './parameter-axis.ts';
import type { Interval } from './plot-window.ts';
import { drawDots, type PointSet } from './point-marks.ts';

/** What the density's cells span, and what of it is looked at. */
export interface PairPlacement {
  wholeX: Interval;
  wholeY: Interval;
  rangeX: Interval;
  rangeY: Interval;
}

interface Prepared {
  colour: string;
  image: HTMLCanvasElement;
  half: Segment[];
  most: Segment[];
}

/** Image and contours of a density do not change: they are made once, also when panels are resized or zoomed. */
const prepared = new WeakMap<Float32Array, Prepared>();

function prepare(pair: PairView, colour: string): Prepared {
  const known = prepared.get(pair.density);
  if (known?.colour === colour) return known;
  const made = {
    colour,
    image: densityImage(pair.density, pair.size, colour),
    half: known?.half ?? contour(pair.density, pair.size, pair.level50),
    most: known?.most ?? contour(pair.density, pair.size, pair.level90),
  };
  prepared.set(pair.density, made);
  return made;
}

/** Points that are drawn over a joint density, and which parameters it is of. */
export interface PairPoints {
  sets: readonly PointSet[];
  columns: { x: number; y: number };
}

/**
 * A joint density: a one-hue image, zero transparent, with the 50 % (thick) and 90 % (thin) HPD contours, and points over it.
 * @param pair null = there is none, as in a search
 */
export function pairCanvas(
  pair: PairView | null,
  placement: PairPlacement,
  colours: Colours,
  { sets, columns }: PairPoints,
): Draw {
  return (context, width, height) => {
    const x = scale(placement.rangeX, 0, width);
    const y = scale(placement.rangeY, height, 0);
    context.save();
    context.beginPath();
    context.rect(0, 0, width, height);
    context.clip();
    if (pair !== null) drawDensity(context, pair, placement, colours, x, y);
    drawDots(context, sets, columns, x, y, colours.ground);
    context.restore();
    frame(context, width, height, colours);
  };
}

type Map1 = (value: number) => number;

function drawDensity(
  context: CanvasRenderingContext2D,
  pair: PairView,
  { wholeX, wholeY }: PairPlacement,
  colours: Colours,
  x: Map1,
  y: Map1,
): void {
  const { image, half, most } = prepare(pair, colours.model);
  const cellX = (wholeX[1] - wholeX[0]) / pair.size;
  const cellY = (wholeY[1] - wholeY[0]) / pair.size;
  const left = x(wholeX[0]);
  const top = y(wholeY[1]);
  context.imageSmoothingQuality = 'high';
  context.drawImage(image, left, top, x(wholeX[1]) - left, y(wholeY[0]) - top);
  const nodeX = (node: number) => x(wholeX[0] + (node + 0.5) * cellX);
  const nodeY = (node: number) => y(wholeY[0] + (node + 0.5) * cellY);
  context.strokeStyle = colours.model;
  for (const [segments, lineWidth] of [
    [most, 1],
    [half, 1.75],
  ] as const) {
    context.lineWidth = lineWidth;
    context.beginPath();
    for (const [x1, y1, x2, y2] of segments) {
      context.moveTo(nodeX(x1), nodeY(y1));
      context.lineTo(nodeX(x2), nodeY(y2));
    }
    context.stroke();
  }
}
