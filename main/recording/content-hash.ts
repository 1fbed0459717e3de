import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { giveSignOfLife } from './sign-of-life.ts';

/** SHA-256 of a file's content, hexadecimal; read as a stream, so that its size does not matter. */
export async function contentHash(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path).on('data', giveSignOfLife), hash);
  return hash.digest('hex');
}
