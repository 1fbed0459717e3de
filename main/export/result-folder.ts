import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../contract/errors.ts';
import type { Summary } from '../contract/run.ts';
import { makeFolder } from '../history/make-folder.ts';
import type { PreparedRecord, ResultRecord } from '../inference/fit-store.ts';
import {
  configFile,
  type ExportedFile,
  hallOfFameFiles,
  posteriorSamplesFile,
  predictiveFile,
  summaryFile,
  summaryTableFile,
} from './files.ts';

/**
 * Writes what `fit --out` and `infer --out` promise: posterior-samples.csv, predictive.csv, config.json, for a search also
 * hall-of-fame.csv, and as the last summary.json: where that is, the others are complete. Makes the folder; replaces earlier results.
 * @returns the paths
 */
export function writeResultFolder(
  folder: string,
  prepared: PreparedRecord,
  result: ResultRecord,
): Promise<string[]> {
  return writeFiles(folder, [
    posteriorSamplesFile(prepared, result),
    predictiveFile(prepared, result),
    ...hallOfFameFiles(prepared, result),
    configFile(prepared),
    summaryFile(result),
  ]);
}

/** What came of one recording of several. */
export type CellOutcome = { recording: string } & ({ summary: Summary; out: string } | { error: AppError });

/** summary.csv of several recordings, beside their folders. */
export function writeSummaryTable(folder: string, cells: readonly CellOutcome[]): Promise<string[]> {
  const rows = cells.map((cell) =>
    'summary' in cell
      ? cell
      : { recording: cell.recording, status: statusOf(cell.error), error: cell.error.message },
  );
  return writeFiles(folder, [summaryTableFile(rows)]);
}

/** A cancelled one can be gone on with; a failed one fails again. */
function statusOf(error: AppError): 'cancelled' | 'failed' {
  return error.code === 'cancelled' ? 'cancelled' : 'failed';
}

/** Each file appears whole: it is written under another name and then renamed. */
async function writeFiles(folder: string, files: readonly ExportedFile[]): Promise<string[]> {
  const paths: string[] = [];
  try {
    makeFolder(folder);
    for (const file of files) {
      const path = join(folder, file.name);
      const unfinished = `${path}.${process.pid}.partial`;
      try {
        await writeFile(unfinished, file.bytes);
        await rename(unfinished, path);
      } finally {
        await rm(unfinished, { force: true });
      }
      paths.push(path);
    }
  } catch (error) {
    throw new AppError('input-invalid', `The results cannot be written into ${folder}.`, {
      remedy:
        'Choose a folder (--out) that you may write and that has space; the run itself is in the history.',
      cause: error,
      details: { folder },
    });
  }
  return paths;
}
