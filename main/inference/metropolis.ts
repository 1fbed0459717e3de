import type { RandomStream } from '../numeric/random.ts';

/** A step is up to this share of the difference of two known rows. */
const stepScale = 0.6;

export interface MetropolisOptions {
  /** Every row takes so many steps. */
  steps: number;
  /** The columns that may move; default all. */
  free?: readonly number[];
}

/**
 * Metropolis chains, one a row and all at once, that step along differences of known rows (ter Braak 2006, with a fixed archive):
 * directions and sizes suit a target that is a part of where the archive lies.
 * @param start [n, D] row-major, where the target is positive; left as it is
 * @param archive [m, D]
 * @param logTarget log density, up to a constant, of the rows that it is given
 * @returns [n, D]
 */
export function metropolis(
  start: Float64Array,
  archive: Float64Array,
  dimension: number,
  logTarget: (rows: Float64Array) => Float64Array,
  random: RandomStream,
  { steps, free }: MetropolisOptions,
): Float64Array {
  const columns = free ?? Array.from({ length: dimension }, (_, d) => d);
  const known = archive.length / dimension;
  const n = start.length / dimension;
  const rows = start.slice();
  const logs = logTarget(rows);
  for (let step = 0; step < steps; step++) {
    const proposed = rows.slice();
    for (let offset = 0; offset < rows.length; offset += dimension) {
      const a = random.integer(known) * dimension;
      const b = random.integer(known) * dimension;
      const scale = stepScale * random.uniform();
      for (const d of columns) proposed[offset + d]! += scale * (archive[a + d]! - archive[b + d]!);
    }
    const values = logTarget(proposed);
    for (let i = 0; i < n; i++) {
      if (!(Math.log(1 - random.uniform()) <= values[i]! - logs[i]!)) continue;
      rows.set(proposed.subarray(i * dimension, (i + 1) * dimension), i * dimension);
      logs[i] = values[i]!;
    }
  }
  return rows;
}

/** n rows of a matrix [m, D], drawn with replacement. */
export function someRows(
  n: number,
  matrix: Float64Array,
  dimension: number,
  random: RandomStream,
): Float64Array {
  const rows = new Float64Array(n * dimension);
  for (let i = 0; i < n; i++) {
    const from = random.integer(matrix.length / dimension) * dimension;
    rows.set(matrix.subarray(from, from + dimension), i * dimension);
  }
  return rows;
}
