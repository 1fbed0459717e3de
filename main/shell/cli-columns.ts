import { existsSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { AppError } from '../contract/errors.ts';
import { type Reading, type TraceMapping, asStated } from '../contract/recording.ts';
import { unclearColumns } from '../contract/unclear-columns.ts';
import { historyFile } from '../history/data-folder.ts';
import { History } from '../history/history.ts';
import { mappingText } from '../recording/mapping-text.ts';
import { beginRecording } from '../recording/recording.ts';
import type { CommonOptions } from './cli-command.ts';
import type { MapOption } from './cli-map-option.ts';
import { tell } from './cli-output.ts';

/**
 * Reads a recording with the columns of --map, else as it states them, else as they were said of the last file that had the
 * same. What --map says is remembered in the history.
 */
export async function withColumns<T>(
  path: string,
  { history, map }: CommonOptions & MapOption,
  read: (reading: Reading) => Promise<T>,
): Promise<T> {
  if (map !== undefined) {
    const result = await read({ ...asStated, mapping: map });
    await withoutHistory(async () => {
      const columns = await columnsOfDoubt(path);
      if (columns !== null) inHistory(history, (kept) => kept.saveColumnMapping(columns, map));
    });
    return result;
  }
  try {
    return await read(asStated);
  } catch (thrown) {
    const columns = unclearColumns(AppError.from(thrown))?.columns ?? null;
    const known = existsSync(historyFile(history)) ? columns : null;
    const mapping = await withoutHistory(async () =>
      known === null ? null : inHistory(history, (kept) => kept.columnMapping(known)),
    );
    if (mapping === null) throw thrown;
    tellRecalled(path, mapping);
    return await read({ ...asStated, mapping });
  }
}

/** Keeps what --map says of a file that can be read with it. */
export async function rememberColumns(path: string, history: History, mapping: TraceMapping): Promise<void> {
  const columns = await columnsOfDoubt(path);
  if (columns === null || isDeepStrictEqual(history.columnMapping(columns), mapping)) return;
  if ((await refusalOf(path, mapping)) === null) history.saveColumnMapping(columns, mapping);
}

/** What was said of the columns of a file that is to be fitted; null where they tell themselves, or nothing was said. */
export async function recalledColumns(path: string, history: History): Promise<TraceMapping | null> {
  const columns = history.hasColumnMappings() ? await columnsOfDoubt(path) : null;
  return columns === null ? null : history.columnMapping(columns);
}

/** The names of the columns of a file that does not tell what they are; null of any other file. */
async function columnsOfDoubt(path: string): Promise<string[] | null> {
  const refusal = await refusalOf(path, null);
  return refusal === null ? null : (unclearColumns(refusal)?.columns ?? null);
}

async function refusalOf(path: string, mapping: TraceMapping | null): Promise<AppError | null> {
  try {
    await (await beginRecording(path, { reading: { ...asStated, mapping } })).close();
    return null;
  } catch (thrown) {
    return AppError.from(thrown);
  }
}

export function tellRecalled(path: string, mapping: TraceMapping): void {
  tell(`${path}: the columns are read as said before, --map "${mappingText(mapping)}".`);
}

function inHistory<T>(file: string | undefined, work: (history: History) => T): T {
  const history = History.open(historyFile(file));
  try {
    return work(history);
  } finally {
    history.close();
  }
}

/** A recording can be read without the history: its refusal is told and is no reason to stop. */
async function withoutHistory<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (thrown) {
    const { message, remedy } = AppError.from(thrown);
    tell(`Note: the columns cannot be remembered. ${message} ${remedy}`);
    return null;
  }
}
