import { AppError } from '../contract/errors.ts';
import type { SweepSummary } from '../contract/recording.ts';
import { textOf, type Hdf5File, type OutsideLink } from './hdf5-file.ts';
import { recordingRows, sweepTableGroups } from './icephys-tables.ts';
import { trailingNumber } from './natural-sort.ts';
import { pairSweeps, type SweepPair } from './pairing.ts';
import { listSeries } from './series.ts';

/** A sweep of an opened file: where its samples are and what is known without reading them. */
export interface NwbSweep extends SweepPair {
  sweep: number;
  name: string;
  mode: SweepSummary['mode'];
}

export interface NwbContents {
  format: string;
  sweeps: NwbSweep[];
  /** Entries that lead out of the file or nowhere; they are not followed. */
  outside: OutsideLink[];
}

/**
 * Finds the sweeps of an NWB file (1.x and 2.x, and files by extensions of it), numbered as the file numbers them.
 *
 * @throws AppError `format-unsupported` where the file is not NWB, or its series lie in other files.
 */
export function nwbContents(file: Hdf5File): NwbContents {
  if (file.group('/acquisition') === null) {
    throw new AppError('format-unsupported', `${file.path} is an HDF5 file, but not laid out as NWB.`, {
      remedy: 'Choose an NWB file: it has a group “acquisition” that holds the recorded series.',
      details: { file: file.path },
    });
  }
  const { responses, stimuli, outside } = listSeries(file);
  const elsewhere = outside.find((link) => link.file !== null);
  if (responses.length === 0 && elsewhere) {
    throw new AppError(
      'format-unsupported',
      `${file.path} holds no series itself: ${elsewhere.path} is a link into another file, ${elsewhere.file}, which is not followed.`,
      {
        remedy: `Open ${elsewhere.file}, or ask for a copy of the recording that holds its own data.`,
        details: { file: file.path, link: elsewhere.path },
      },
    );
  }
  const pairs = pairSweeps({
    responses,
    stimuli,
    rows: recordingRows(file),
    sweepTable: sweepTableGroups(file),
  });
  const numbers = sweepNumbers(pairs);
  return {
    format: formatOf(file),
    outside,
    sweeps: pairs.map((pair, index) => ({
      ...pair,
      sweep: numbers[index]!,
      name: pair.count === pair.response.samples ? pair.response.name : stretchName(pair),
      mode: pair.response.mode,
    })),
  };
}

/**
 * The file's own sweep numbers where every series has one and none repeats; else the numbers at the names' ends, under
 * the same condition; else 0, 1, 2 … in the names' natural order.
 */
function sweepNumbers(pairs: readonly SweepPair[]): number[] {
  const candidates = [
    pairs.map(({ response }) => response.sweepNumber),
    pairs.map(({ response }) => trailingNumber(response.name)),
  ];
  const chosen = candidates.find(
    (numbers) => numbers.every((number) => number !== null) && new Set(numbers).size === numbers.length,
  );
  return pairs.map((_, index) => chosen?.[index] ?? index);
}

function stretchName({ response, start, count }: SweepPair): string {
  return `${response.name}[${start}:${start + count}]`;
}

/** «NWB 2.7.0», with the root's type where an extension wrote the file. */
function formatOf(file: Hdf5File): string {
  const version =
    file.textAttribute('/', 'nwb_version') ?? textOf(file.dataset('/nwb_version')?.value ?? null);
  if (version === null) return 'HDF5 laid out as NWB, version not stated';
  const type = file.textAttribute('/', 'neurodata_type') ?? 'NWBFile';
  return `NWB ${version.replace(/^NWB-?/i, '')}${type === 'NWBFile' ? '' : ` (${type})`}`;
}
