import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { dirname } from 'node:path';
import { finished } from 'node:stream/promises';
import { AppError } from '../contract/errors.ts';
import { makeFolder } from '../history/make-folder.ts';

/**
 * Writes a file that the user has named, piece by piece, and makes its folder.
 * @throws AppError input-invalid where it cannot be written, and what the pieces throw: then the file ends before that piece
 */
export async function writeOutput(
  path: string,
  pieces: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>,
): Promise<void> {
  try {
    makeFolder(dirname(path));
    const file = createWriteStream(path);
    const end = finished(file);
    for await (const piece of pieces) {
      if (!file.write(piece)) await Promise.race([once(file, 'drain'), end]);
    }
    file.end();
    await end;
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('input-invalid', `${path} cannot be written: ${reason}.`, {
      remedy: 'Choose a file in a folder that you may write and that has space.',
      cause,
      details: { file: path },
    });
  }
}
