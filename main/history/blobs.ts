import { endianness } from 'node:os';

/**
 * Bulk arrays as SQLite blobs: the raw IEEE 754 doubles, little-endian, in the array's own order. A database therefore
 * moves between machines, and NaN (a missing feature) survives, which it would not in JSON.
 */

const littleEndian = endianness() === 'LE';

/** [n] doubles → 8·n bytes. The bytes may share the array's memory: bind them before the array changes. */
export function doublesToBlob(values: Float64Array): Buffer {
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return littleEndian ? bytes : Buffer.from(bytes).swap64();
}

/** 8·n bytes → [n] doubles in memory of their own (a blob's bytes need not be aligned to 8). */
export function blobToDoubles(blob: Uint8Array): Float64Array {
  if (blob.byteLength % 8 !== 0)
    throw new RangeError(`A blob of doubles holds a multiple of 8 bytes, not ${blob.byteLength}.`);
  const bytes = Buffer.alloc(blob.byteLength);
  bytes.set(blob);
  if (!littleEndian) bytes.swap64();
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

/** Bytes in memory of their own: what SQLite hands out must not be kept in a pool shared with other reads. */
export function blobToBytes(blob: Uint8Array): Uint8Array {
  return Uint8Array.from(blob);
}

/**
 * JSON that loses nothing: JSON.stringify turns NaN and ±Infinity into null without a word, which would come back as a
 * missing value.
 */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (key, item: unknown) => {
    if (typeof item === 'number' && !Number.isFinite(item))
      throw new RangeError(`«${key}» is ${item}: JSON cannot hold it.`);
    return item;
  });
}
