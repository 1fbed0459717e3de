import type { RandomStream } from '../../main/numeric/random.ts';

export interface GridDensity {
  /** Unnormalised; −Infinity where impossible. */
  logDensity(theta: Float64Array): number;
  /** [D], D ≤ 3: the box that holds all of the density. */
  low: readonly number[];
  high: readonly number[];
  /** Per axis; the first grid, over the whole box, must be fine enough to hit every mode. */
  cells: number;
}

/** Cells this much below the densest one, in nats, are left out: together they hold less than cells³ · e⁻²⁵. */
const negligible = 25;

/**
 * Samples of a density in up to three dimensions without a Markov chain: the density at the centres of a grid's cells,
 * zoomed in until the grid fits what is not negligible, then cells drawn by their density and a uniform point in each.
 * A cell of width h adds h²/12 to the variance: with 30 cells a standard deviation, 1e-4 of it.
 * @returns [n, D] row-major
 */
export function gridSamples(density: GridDensity, n: number, random: RandomStream): Float64Array {
  const { cells } = density;
  const dimension = density.low.length;
  const theta = new Float64Array(dimension);
  const values = new Float64Array(cells ** dimension);
  let low = [...density.low];
  let width = low.map((bottom, d) => (density.high[d]! - bottom) / cells);

  for (let zoom = 0; ; zoom++) {
    let top = -Infinity;
    forEachCell(cells, dimension, (cell, index) => {
      for (let d = 0; d < dimension; d++) theta[d] = low[d]! + (index[d]! + 0.5) * width[d]!;
      values[cell] = density.logDensity(theta);
      if (values[cell]! > top) top = values[cell]!;
    });
    if (!Number.isFinite(top)) throw new Error('The grid meets no point where the density is positive.');
    const first = new Array<number>(dimension).fill(cells);
    const last = new Array<number>(dimension).fill(-1);
    forEachCell(cells, dimension, (cell, index) => {
      if (values[cell]! < top - negligible) return;
      for (let d = 0; d < dimension; d++) {
        first[d] = Math.min(first[d]!, index[d]!);
        last[d] = Math.max(last[d]!, index[d]!);
      }
    });
    for (let cell = 0; cell < values.length; cell++) values[cell] = Math.exp(values[cell]! - top);
    // One cell more on either side, as the density between two centres is not seen.
    const from = first.map((index) => Math.max(index - 1, 0));
    const to = last.map((index) => Math.min(index + 2, cells));
    const fits = to.every((end, d) => end - from[d]! > 0.8 * cells);
    if (fits || zoom === 12) break;
    low = low.map((bottom, d) => bottom + from[d]! * width[d]!);
    width = width.map((size, d) => (size * (to[d]! - from[d]!)) / cells);
  }
  return drawCells(values, { cells, low, width }, n, random);
}

function forEachCell(
  cells: number,
  dimension: number,
  visit: (cell: number, index: readonly number[]) => void,
): void {
  const index = new Array<number>(dimension).fill(0);
  for (let cell = 0; cell < cells ** dimension; cell++) {
    visit(cell, index);
    for (let d = dimension - 1; d >= 0; d--) {
      index[d]! += 1;
      if (index[d]! < cells) break;
      index[d] = 0;
    }
  }
}

function drawCells(
  probability: Float64Array,
  { cells, low, width }: { cells: number; low: readonly number[]; width: readonly number[] },
  n: number,
  random: RandomStream,
): Float64Array {
  const cumulative = probability.slice();
  for (let i = 1; i < cumulative.length; i++) cumulative[i]! += cumulative[i - 1]!;
  const total = cumulative.at(-1)!;
  const dimension = low.length;
  const out = new Float64Array(n * dimension);
  for (let i = 0; i < n; i++) {
    let cell = firstAbove(cumulative, random.uniform() * total);
    for (let d = dimension - 1; d >= 0; d--) {
      out[i * dimension + d] = low[d]! + ((cell % cells) + random.uniform()) * width[d]!;
      cell = Math.floor(cell / cells);
    }
  }
  return out;
}

/** The first index whose cumulative sum exceeds the value. */
export function firstAbove(cumulative: Float64Array, value: number): number {
  let a = 0;
  let b = cumulative.length - 1;
  while (a < b) {
    const middle = (a + b) >>> 1;
    if (cumulative[middle]! > value) b = middle;
    else a = middle + 1;
  }
  return a;
}
