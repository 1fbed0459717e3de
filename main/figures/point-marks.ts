import type { PosteriorView } from '../contract/posterior.ts';
import type { LinePen } from './pen.ts';
import type { Interval } from './plot-window.ts';

/** Parameter sets without a density: the hall of fame of a search. */
export interface PointSet {
  /** [n, D] row-major, the best first */
  points: Float64Array;
  dimension: number;
  colour: string;
}

/** The hall of fame that a search's view holds; none of an inference. */
export function ownHall(view: PosteriorView, colour: string): PointSet[] {
  return view.hallOfFame === null
    ? []
    : [{ points: view.hallOfFame, dimension: view.marginals.length, colour }];
}

const tickHeight = 7;
const radius = 2;
/** The best set of each is larger than the others. */
const bestRadius = 3;

/** One parameter of every set. */
export function columnOf({ points, dimension }: PointSet, i: number): Float64Array {
  return points.filter((_, at) => at % dimension === i);
}

/** Ticks that stand on the axis of a marginal panel; the best one is as tall as two. */
export function drawTicks(
  context: LinePen,
  sets: readonly PointSet[],
  parameter: number,
  x: (value: number) => number,
  bottom: number,
): void {
  for (const set of sets) {
    context.fillStyle = set.colour;
    columnOf(set, parameter).forEach((value, n) => {
      const height = n === 0 ? 2 * tickHeight : tickHeight;
      context.fillRect(x(value) - 0.5, bottom - height, 1, height);
    });
  }
}

/** Dots in a pair panel, ringed by the ground so that they stand out from a density; the best one on top. */
export function drawDots(
  context: LinePen,
  sets: readonly PointSet[],
  columns: { x: number; y: number },
  x: (value: number) => number,
  y: (value: number) => number,
  ground: string,
): void {
  for (const set of sets) {
    const across = columnOf(set, columns.x);
    const up = columnOf(set, columns.y);
    context.fillStyle = set.colour;
    context.strokeStyle = ground;
    context.lineWidth = 1;
    for (let n = across.length - 1; n >= 0; n--) {
      context.beginPath();
      context.arc(x(across[n]!), y(up[n]!), n === 0 ? bestRadius : radius, 0, 2 * Math.PI);
      context.fill();
      context.stroke();
    }
  }
}

/**
 * A range widened, where needed, to the points: with a little air, and within the whole of the parameter's axis.
 * @param range as placed along the axis; null = the points alone make it
 * @param place from a parameter's value to where it stands along the axis
 */
export function rangeWithPoints(
  range: Interval | null,
  whole: Interval,
  sets: readonly PointSet[],
  parameter: number,
  place: (value: number) => number = (value) => value,
): Interval {
  const air = 0.02 * (whole[1] - whole[0]);
  let [low, high] = range ?? [Infinity, -Infinity];
  for (const set of sets) {
    for (const value of columnOf(set, parameter)) {
      low = Math.min(low, Math.max(whole[0], place(value) - air));
      high = Math.max(high, Math.min(whole[1], place(value) + air));
    }
  }
  return low < high ? [low, high] : whole;
}
