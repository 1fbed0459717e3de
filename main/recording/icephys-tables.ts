import type { Dataset, OutputData, Reference } from 'h5wasm/node';
import { numberOf, type Hdf5File } from './hdf5-file.ts';

/** A stretch of a series: samples start … start+count−1; count null = to the series' end. */
export interface Stretch {
  /** null = it was deleted from the file, which still refers to it. */
  path: string | null;
  start: number;
  count: number | null;
}

/** A row of the intracellular_recordings table (NWB ≥ 2.4): what was measured and what was applied. */
export interface RecordingRow {
  response: Stretch | null;
  stimulus: Stretch | null;
}

const recordings = '/general/intracellular_ephys/intracellular_recordings';
const sweepTable = '/general/intracellular_ephys/sweep_table';
/** HDF5's class number of references. */
const REFERENCE_CLASS = 7;

/** The rows of intracellular_recordings; none where the file has no such table. */
export function recordingRows(file: Hdf5File): RecordingRow[] {
  const responses = stretches(file, `${recordings}/responses/response`);
  const stimuli = stretches(file, `${recordings}/stimuli/stimulus`);
  return responses.map((response, row) => ({ response, stimulus: stimuli[row] ?? null }));
}

/** Series by sweep number, from the sweep_table of NWB 2.0–2.3: number → paths. */
export function sweepTableGroups(file: Hdf5File): Map<number, string[]> {
  const groups = new Map<number, string[]>();
  const numbers = listOf(file.dataset(`${sweepTable}/sweep_number`)?.value);
  const series = listOf(file.dataset(`${sweepTable}/series`)?.value);
  const ends = listOf(file.dataset(`${sweepTable}/series_index`)?.value);
  numbers.forEach((value, row) => {
    const number = numberOf(value);
    if (number === null) return;
    const begin = row === 0 ? 0 : (numberOf(ends[row - 1]) ?? row);
    const end = numberOf(ends[row]) ?? row + 1;
    const paths = series.slice(begin, end).flatMap((reference) => file.pathOf(reference as Reference) ?? []);
    groups.set(number, [...(groups.get(number) ?? []), ...paths]);
  });
  return groups;
}

/** A column of (idx_start, count, reference); −1 in either number means that the row has no such series. */
function stretches(file: Hdf5File, path: string): (Stretch | null)[] {
  const column = file.dataset(path);
  if (column === null) return [];
  return listOf(compoundValue(column)).map((row) => {
    const [start, count, reference] = row as [OutputData, OutputData, Reference[] | Reference];
    const first = numberOf(start) ?? -1;
    const length = numberOf(count) ?? -1;
    const target = file.pathOf(Array.isArray(reference) ? reference[0]! : reference);
    if (first < 0 || length < 0) return null;
    return { path: target, start: first, count: length };
  });
}

/**
 * h5wasm reads no references inside compounds, because it leaves their size and shape unset in the member's metadata
 * (seen in 0.10.3); set beforehand, they arrive as arrays of one reference.
 */
function compoundValue(column: Dataset): OutputData | null {
  for (const member of column.metadata.compound_type?.members ?? []) {
    if (member.type === REFERENCE_CLASS) Object.assign(member, { total_size: 1, shape: [1] });
  }
  return column.value;
}

function listOf(value: unknown): unknown[] {
  if (value === null || value === undefined || typeof value !== 'object') return [];
  return Array.from(value as ArrayLike<unknown>);
}
