import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { AppError } from '../contract/errors.ts';

const decoders = [new TextDecoder('utf-8', { fatal: true }), new TextDecoder('windows-1252')];

/** A file of little-endian numbers, read piece by piece; what lies beyond its end is refused, never made up. */
export class AbfBytes {
  readonly path: string;
  readonly size: number;
  readonly #handle: number;

  /** @throws AppError `file-unreadable` */
  constructor(path: string) {
    this.path = path;
    try {
      this.#handle = openSync(path, 'r');
    } catch (cause) {
      throw new AppError('file-unreadable', `${path} cannot be opened.`, {
        remedy: 'Check that you are allowed to read it and that its disk answers.',
        cause,
        details: { file: path },
      });
    }
    this.size = fstatSync(this.#handle).size;
  }

  close(): void {
    closeSync(this.#handle);
  }

  /** @throws AppError `file-unreadable` where the piece is not wholly inside the file; `what` names it */
  piece(offset: number, length: number, what: string): DataView {
    if (!(offset >= 0 && length >= 0 && offset + length <= this.size)) {
      throw this.fault(`is truncated or damaged: ${what} would lie beyond its end`);
    }
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length;) {
      const read = readSync(this.#handle, bytes, done, length - done, offset + done);
      if (read === 0) throw this.fault(`ended while ${what} was read`);
      done += read;
    }
    return new DataView(bytes.buffer);
  }

  /** A table whose entries have one size. */
  entries(offset: number, size: number, count: number, what: string): DataView[] {
    if (count < 0 || count > MOST_ENTRIES || size * count > MOST_BYTES)
      throw this.fault(`is damaged: ${what} claim ${count} entries of ${size} bytes`);
    if (count === 0) return [];
    const all = this.piece(offset, size * count, what);
    return Array.from({ length: count }, (_, i) => new DataView(all.buffer, i * size, size));
  }

  /** The same of a table behind the samples; a file that was cut short has lost it, but not what lies before. */
  entriesAtEnd(offset: number, size: number, count: number, what: string): DataView[] {
    return offset + size * count > this.size ? [] : this.entries(offset, size, count, what);
  }

  fault(reason: string): AppError {
    return new AppError('file-unreadable', `${this.path} ${reason}.`, {
      remedy: 'Copy the file again; if this is the original, check that it opens in Clampfit.',
      details: { file: this.path },
    });
  }
}

/** No table of a header is longer: a tag or a sweep a second would last a day. */
const MOST_ENTRIES = 100_000;
const MOST_BYTES = 32 * 2 ** 20;

/** Text of a fixed width or up to its first zero; UTF-8 where it is that, else the Windows code page that Clampex writes. */
export function abfText(view: DataView, offset: number, length: number): string {
  const bytes = new Uint8Array(view.buffer, view.byteOffset + offset, length);
  const end = bytes.indexOf(0);
  return decodeText(end < 0 ? bytes : bytes.subarray(0, end)).trim();
}

function decodeText(bytes: Uint8Array): string {
  try {
    return decoders[0]!.decode(bytes);
  } catch {
    return decoders[1]!.decode(bytes);
  }
}
