import { zipSync, type Zippable } from 'fflate';
import { AppError } from '../contract/errors.ts';
import type { NamedArray } from './named-array.ts';

/** Where zip's 32-bit sizes end. */
const largestBytes = 2 ** 32 - 1;
/** The first that zip can tell: the same run gives the same file. */
const timeInArchive = new Date(1980, 0, 1);

/**
 * Arrays as NumPy's .npz: a zip archive (stored, not compressed: it is read in one go) of one .npy for each.
 * Source: numpy.lib.format, version 1.0.
 * @throws AppError input-invalid above 4 GB
 */
export function npz(arrays: readonly NamedArray[]): Uint8Array<ArrayBuffer> {
  const files = arrays.map((array) => [`${array.name}.npy`, npy(array)] as const);
  if (files.reduce((sum, [, bytes]) => sum + bytes.length, 0) > largestBytes) refuse();
  return zipSync(Object.fromEntries(files) satisfies Zippable, { level: 0, mtime: timeInArchive });
}

/** One array: magic, version, the header as a Python dictionary padded to 64 bytes, the values. */
function npy({ shape, values }: NamedArray): Uint8Array {
  const { descr, bytes } = encoded(values);
  const tuple = `(${shape.map((n) => `${n},`).join(' ')})`;
  const dictionary = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const length = Math.ceil((10 + dictionary.length + 1) / 64) * 64;
  const header = Buffer.alloc(length, ' ');
  header.write('\x93NUMPY\x01\x00', 'latin1');
  header.writeUInt16LE(length - 10, 8);
  header.write(dictionary, 10, 'latin1');
  header.write('\n', length - 1, 'latin1');
  return Buffer.concat([header, bytes]);
}

function encoded(values: NamedArray['values']): { descr: string; bytes: Uint8Array } {
  if (typeof values === 'string') return fixedWidthText([values]);
  if (Array.isArray(values)) return fixedWidthText(values);
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  if (values instanceof Float64Array) return { descr: '<f8', bytes };
  return values instanceof Int32Array ? { descr: '<i4', bytes } : { descr: '|u1', bytes };
}

/** NumPy's text: UTF-32, all as long as the longest. */
function fixedWidthText(texts: readonly string[]): { descr: string; bytes: Uint8Array } {
  const points = texts.map((text) => Array.from(text, (character) => character.codePointAt(0)!));
  const width = Math.max(1, ...points.map((of) => of.length));
  const units = new Uint32Array(width * texts.length);
  points.forEach((of, i) => units.set(of, i * width));
  return { descr: `<U${width}`, bytes: new Uint8Array(units.buffer) };
}

function refuse(): never {
  throw new AppError('input-invalid', 'The run’s simulations are too large for one .npz file (4 GB).', {
    remedy: 'Export csv or netcdf; the simulations themselves are in the history.',
  });
}
