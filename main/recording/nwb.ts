import { AppError } from '../contract/errors.ts';
import type { TraceMapping, Warning } from '../contract/recording.ts';
import { firstReason, Hdf5File, textOf, type LostLink } from './hdf5-file.ts';
import { recordingRows, sweepTableGroups } from './icephys-tables.ts';
import { trailingNumber } from './natural-sort.ts';
import { pairSweeps, type SweepPair } from './pairing.ts';
import { plainHdf5 } from './plain-hdf5.ts';
import { readSamples } from './read-samples.ts';
import type { FileSweep, RecordingFile } from './recording-file.ts';
import { listSeries } from './series.ts';

/**
 * An NWB file, or an HDF5 file that is none.
 *
 * @throws AppError `file-unreadable`, `format-unsupported`, or `input-invalid`
 */
export async function openNwb(path: string, mapping: TraceMapping | null = null): Promise<RecordingFile> {
  const file = await Hdf5File.open(path);
  try {
    if (!isNwb(file)) return { path, ...plainHdf5(file, mapping), close: () => file.close() };
    return {
      path,
      ...nwbContents(file),
      samples: (series, start, count) => readSamples(file, series, start, count),
      close: () => file.close(),
    };
  } catch (thrown) {
    file.close();
    throw thrown instanceof AppError ? thrown : damaged(path, thrown);
  }
}

/** A file that says so, or has NWB's group of what was acquired. */
function isNwb(file: Hdf5File): boolean {
  return (
    file.group('/acquisition') !== null ||
    file.attribute('/', 'nwb_version') !== null ||
    file.dataset('/nwb_version') !== null
  );
}

/** HDF5 found what describes the data itself broken. */
function damaged(path: string, cause: unknown): AppError {
  const reason = firstReason(cause instanceof Error ? cause.message : String(cause));
  return new AppError('file-unreadable', `${path} is damaged: ${reason}.`, {
    remedy: 'Copy or download the file again; if it stays so, repair it with the program that wrote it.',
    cause,
    details: { file: path },
  });
}

/**
 * Finds the sweeps of an NWB file (1.x and 2.x, and files by extensions of it), numbered as the file numbers them.
 *
 * @throws AppError `format-unsupported` where it has no series, or they lie in other files.
 */
function nwbContents(file: Hdf5File): Pick<RecordingFile, 'format' | 'sweeps' | 'notes'> {
  if (file.group('/acquisition') === null) {
    throw new AppError('format-unsupported', `${file.path} is an NWB file without its group “acquisition”.`, {
      remedy: 'Choose an NWB file that holds the recorded series, or copy this one again: it may be damaged.',
      details: { file: file.path },
    });
  }
  const { responses, stimuli, templates, lost, otherFiles } = listSeries(file);
  const elsewhere = lost.find((link) => link.file !== null);
  if (responses.length === 0 && elsewhere) {
    throw new AppError(
      'format-unsupported',
      `${file.path} holds no series itself: ${elsewhere.path} is a link into another file, ${elsewhere.file}, where it is not found.`,
      {
        remedy: `Put ${elsewhere.file} beside it, or ask for a copy of the recording that holds its own data.`,
        details: { file: file.path, link: elsewhere.path },
      },
    );
  }
  const pairs = pairSweeps({
    responses,
    stimuli,
    templates,
    rows: recordingRows(file),
    sweepTable: sweepTableGroups(file),
  });
  const numbers = sweepNumbers(pairs);
  return {
    format: formatOf(file),
    notes: [...lostNotes(lost), ...otherFileNotes(otherFiles)],
    sweeps: pairs.map((pair, index): FileSweep => ({
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

/** Links to what is not there are left out. */
function lostNotes(lost: readonly LostLink[]): Warning[] {
  if (lost.length === 0) return [];
  const links = lost.map(({ path, file }) => `${path} (${file ?? 'to nothing'})`).join(', ');
  return [
    {
      code: 'links-not-followed',
      message: `Links to what is not there were left out: ${links}.`,
      remedy: 'Put the files that they name beside the recording, or ask for one self-contained file.',
    },
  ];
}

/** A file is recognised by its own content: what lies elsewhere may change unseen. */
function otherFileNotes(otherFiles: ReadonlyMap<string, string>): Warning[] {
  if (otherFiles.size === 0) return [];
  const names = [...new Set(otherFiles.values())].join(', ');
  return [
    {
      code: 'samples-in-other-files',
      message: `Samples of ${otherFiles.size} series lie in ${names}, to which the recording has links.`,
      remedy:
        'Keep the files together. A change in the other file is not noticed: its content is not part of this one’s SHA-256.',
    },
  ];
}
