import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../contract/errors.ts';
import { makeFolder } from '../history/make-folder.ts';

const batchSchema = z.strictObject({
  runs: z.array(z.strictObject({ recording: z.string(), sha256: z.string(), id: z.string() })),
});

/** Which run of the history is whose: absolute path, SHA-256 of the content, id. */
export type BatchEntry = z.infer<typeof batchSchema>['runs'][number];

const pathIn = (folder: string) => join(folder, 'batch.json');

/**
 * What an earlier `fit` of several recordings has remembered in its folder; nothing where there was none.
 * @throws AppError input-invalid where batch.json is not what writeBatch wrote
 */
export function readBatch(folder: string): BatchEntry[] {
  let text: string;
  try {
    text = readFileSync(pathIn(folder), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw unusable(folder, error);
  }
  try {
    return batchSchema.parse(JSON.parse(text)).runs;
  } catch (error) {
    throw unusable(folder, error);
  }
}

/** Appears whole: written under another name and then renamed. */
export function writeBatch(folder: string, runs: readonly BatchEntry[]): void {
  makeFolder(folder);
  const path = pathIn(folder);
  writeFileSync(`${path}.${process.pid}.partial`, `${JSON.stringify({ runs }, null, 2)}\n`);
  renameSync(`${path}.${process.pid}.partial`, path);
}

function unusable(folder: string, cause: unknown): AppError {
  return new AppError('input-invalid', `${pathIn(folder)} cannot be read.`, {
    remedy: 'It says which run is whose. Remove it to fit all recordings anew, or choose another --out.',
    cause,
  });
}
