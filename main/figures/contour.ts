/**
 * Contour lines of a gridded density by marching squares (Lorensen and Cline 1987, in two dimensions), with linear
 * interpolation on the edges and saddles resolved by the mean of the four corners.
 *
 * density: [size, size] row-major, nodes at the centres of the grid's cells; the lines come in node units
 * (0 … size − 1, y with the rows). Outside the grid the density counts as zero, so that a contour that reaches the
 * prior's bound closes along it.
 */
export type Segment = readonly [x1: number, y1: number, x2: number, y2: number];

export function contour(density: Float32Array, size: number, level: number): Segment[] {
  const segments: Segment[] = [];
  const at = (x: number, y: number) =>
    x < 0 || y < 0 || x >= size || y >= size ? 0 : (density[y * size + x] ?? 0);
  for (let y = -1; y < size; y++) {
    for (let x = -1; x < size; x++) {
      const isAbove = at(x, y) >= level;
      // Most cells hold no line; they are passed quickly.
      if (
        isAbove === at(x + 1, y) >= level &&
        isAbove === at(x, y + 1) >= level &&
        isAbove === at(x + 1, y + 1) >= level
      )
        continue;
      const corners = [at(x, y), at(x + 1, y), at(x + 1, y + 1), at(x, y + 1)] as const;
      for (const [from, to] of cellLines(corners, level)) {
        const [x1, y1] = crossing(from, corners, level);
        const [x2, y2] = crossing(to, corners, level);
        segments.push([clamp(x + x1, size), clamp(y + y1, size), clamp(x + x2, size), clamp(y + y2, size)]);
      }
    }
  }
  return segments;
}

/** A line through several points: x and y in turns. */
export type Polyline = readonly number[];

/** The same lines as polylines, closed ones ending where they begin, so that they can be dashed and are written briefly. */
export function joined(segments: readonly Segment[]): Polyline[] {
  /** One number a place, to 1/4096 of a cell: two lines that meet are computed from the same corners. */
  const key = (x: number, y: number) => Math.round((x + 1) * 4096) * 0x4000000 + Math.round((y + 1) * 4096);
  const ends = new Map<number, Segment[]>();
  const note = (at: number, segment: Segment) => {
    const there = ends.get(at);
    if (there === undefined) ends.set(at, [segment]);
    else there.push(segment);
  };
  const remember = (segment: Segment) => {
    note(key(segment[0], segment[1]), segment);
    note(key(segment[2], segment[3]), segment);
  };
  const used = new Set<Segment>();
  const forget = (segment: Segment) => used.add(segment);
  segments.forEach(remember);
  /** Goes on from a point as long as a line leads away from it. */
  const follow = (x: number, y: number): number[] => {
    const points: number[] = [];
    for (;;) {
      const next = ends.get(key(x, y))?.find((segment) => !used.has(segment));
      if (next === undefined) return points;
      forget(next);
      const forward = key(next[0], next[1]) === key(x, y);
      [x, y] = forward ? [next[2], next[3]] : [next[0], next[1]];
      points.push(x, y);
    }
  };
  const lines: Polyline[] = [];
  for (const segment of segments) {
    if (used.has(segment)) continue;
    forget(segment);
    const [x1, y1, x2, y2] = segment;
    const onwards = follow(x2, y2);
    const back = follow(x1, y1);
    const before: number[] = [];
    for (let i = back.length - 2; i >= 0; i -= 2) before.push(back[i]!, back[i + 1]!);
    lines.push([...before, x1, y1, x2, y2, ...onwards]);
  }
  return lines;
}

type Corners = readonly [number, number, number, number];
/** Edges of a cell: 0 low-y side, 1 high-x side, 2 high-y side, 3 low-x side. */
type Edge = 0 | 1 | 2 | 3;

/** Which edges are joined, for the 16 ways in which four corners can lie above the level. */
function cellLines(corners: Corners, level: number): readonly (readonly [Edge, Edge])[] {
  let above = 0;
  corners.forEach((value, bit) => (above |= value >= level ? 1 << bit : 0));
  const full = (corners[0] + corners[1] + corners[2] + corners[3]) / 4 >= level;
  if (above === 5) return full ? [[0, 1], [2, 3]] : [[3, 0], [1, 2]]; // prettier-ignore
  if (above === 10) return full ? [[3, 0], [1, 2]] : [[0, 1], [2, 3]]; // prettier-ignore
  const line = single[above];
  return line === undefined ? [] : [line];
}

const single: Readonly<Record<number, readonly [Edge, Edge]>> = {
  1: [3, 0],
  2: [0, 1],
  3: [3, 1],
  4: [1, 2],
  6: [0, 2],
  7: [3, 2],
  8: [2, 3],
  9: [0, 2],
  11: [1, 2],
  12: [1, 3],
  13: [0, 1],
  14: [3, 0],
};

/** Where the level crosses an edge, in the cell's own unit square. */
function crossing(edge: Edge, corners: Corners, level: number): [number, number] {
  const share = (a: number, b: number) => (a === b ? 0.5 : (level - a) / (b - a));
  if (edge === 0) return [share(corners[0], corners[1]), 0];
  if (edge === 1) return [1, share(corners[1], corners[2])];
  if (edge === 2) return [share(corners[3], corners[2]), 1];
  return [0, share(corners[0], corners[3])];
}

function clamp(value: number, size: number): number {
  return Math.min(size - 1, Math.max(0, value));
}
