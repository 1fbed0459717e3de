import { stringify } from 'csv-stringify/sync';

export type Cell = string | number | null;

/**
 * A table as CSV (RFC 4180 with \n): numbers in the shortest form that reads back as the same double, a missing value (NaN
 * or null) as an empty cell.
 */
export function csvTable(header: readonly string[], rows: Iterable<readonly Cell[]>): string {
  const records = [[...header], ...Array.from(rows, (row) => row.map(cellText))];
  // In a table of one column an empty cell would be an empty line, which readers skip.
  return stringify(records, header.length === 1 ? { quoted_match: /^$/ } : {});
}

/** Rows of a row-major matrix; a row that `absent` names is a row of missing values. */
export function* matrixRows(
  values: Float64Array,
  columns: number,
  absent: (row: number) => boolean = () => false,
): Generator<number[]> {
  for (let row = 0; row * columns < values.length; row++) {
    yield absent(row)
      ? new Array<number>(columns).fill(NaN)
      : [...values.subarray(row * columns, (row + 1) * columns)];
  }
}

function cellText(cell: Cell): string {
  if (cell === null || (typeof cell === 'number' && Number.isNaN(cell))) return '';
  return Object.is(cell, -0) ? '-0' : String(cell);
}
