import { createHash, randomUUID, type Hash } from 'node:crypto';
import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError } from '../contract/errors.ts';

interface Upload {
  file: FileHandle;
  partial: string;
  hash: Hash;
  received: number;
}
interface Piece {
  upload: string;
  name: string;
  offset: number;
  bytes: Uint8Array;
  last: boolean;
}

/** At most this many files arrive at once; a page that forgets to finish cannot fill the disk with handles. */
const largestNumberOfUploads = 16;
/** Larger than any patch-clamp file, smaller than a disk. */
const largestFileBytes = 16 * 2 ** 30;

/**
 * Files that arrive in pieces from a page that has no file system. A finished file lies under its content hash, so the
 * same recording sent twice is stored once and a run's path stays valid.
 */
export class FileUploads {
  readonly #folder: string;
  readonly #uploads = new Map<string, Upload>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  get folder(): string {
    return this.#folder;
  }

  /** @returns the path once the last piece is there, null before. */
  async accept(piece: Piece): Promise<string | null> {
    const upload = this.#uploads.get(piece.upload) ?? (await this.#begin(piece));
    if (piece.offset !== upload.received || upload.received + piece.bytes.length > largestFileBytes) {
      await this.#drop(piece.upload);
      throw new AppError('file-unreadable', `The file ${piece.name} did not arrive whole.`, {
        remedy: 'Choose it again; files above 16 GiB must be opened from the command line.',
      });
    }
    upload.received += piece.bytes.length;
    upload.hash.update(piece.bytes);
    await upload.file.writeFile(piece.bytes);
    return piece.last ? await this.#finish(piece, upload) : null;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#uploads.keys()].map((key) => this.#drop(key)));
  }

  async #begin(piece: Piece): Promise<Upload> {
    if (this.#uploads.size >= largestNumberOfUploads) {
      throw new AppError('usage', 'Too many files are arriving at once.', {
        remedy: 'Wait for them to finish.',
      });
    }
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const partial = join(this.#folder, `${randomUUID()}.partial`);
    const upload = {
      file: await open(partial, 'wx', 0o600),
      partial,
      hash: createHash('sha256'),
      received: 0,
    };
    this.#uploads.set(piece.upload, upload);
    return upload;
  }

  async #finish(piece: Piece, upload: Upload): Promise<string> {
    this.#uploads.delete(piece.upload);
    await upload.file.close();
    const folder = join(this.#folder, upload.hash.digest('hex'));
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, safeName(piece.name));
    await rename(upload.partial, path);
    return path;
  }

  async #drop(key: string): Promise<void> {
    const upload = this.#uploads.get(key);
    this.#uploads.delete(key);
    if (!upload) return;
    await upload.file.close();
    await rm(upload.partial, { force: true });
  }
}

/** The name that the person knows, without any part that could leave the folder or is not allowed on some system. */
function safeName(name: string): string {
  const last = basename(name.replaceAll('\\', '/'));
  const allowed = [...last].map((c) => (c < ' ' || '<>:"|?*'.includes(c) ? '_' : c)).join('');
  const cleaned = allowed.replace(/^\.+/, '').slice(-150);
  return cleaned === '' ? 'recording' : cleaned;
}
