import { AppError } from '../contract/errors.ts';
import type { NamedArray } from './named-array.ts';

/** Data types (mi…) and array classes (mx…) of the format. */
const mi = { int8: 1, uint8: 2, int32: 5, uint32: 6, double: 9, matrix: 14, utf8: 16 } as const;
const mx = { cell: 1, char: 4, double: 6, uint8: 9, int32: 12 } as const;

/** Of one variable: its size is a 32-bit number, and MATLAB's own limit for this version is 2 GB. */
const largestBytes = 2 ** 31 - 1;
/** Characters of a variable's name. */
const longestName = 31;

/**
 * Arrays as a MATLAB Level 5 MAT-file. Matrices are stored by columns; a vector is a column; text is UTF-8, which SciPy and
 * Octave read too (of 16-bit text they lose what is not ASCII); a list of texts is a column cell array. Source: MathWorks, MAT-File Format (R2023b), chapter 1.
 */
export function mat(arrays: readonly NamedArray[], header: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.concat([fileHeader(header), ...arrays.map(variable)]));
}

/** 116 characters of text, no subsystem data, version 1, and the mark that tells the order of bytes. */
function fileHeader(text: string): Buffer {
  const header = Buffer.alloc(128, ' ');
  header.write(`MATLAB 5.0 MAT-file, ${text}`.slice(0, 116), 'latin1');
  header.fill(0, 116, 124);
  header.writeUInt16LE(0x0100, 124);
  header.write('IM', 126);
  return header;
}

function variable({ name, shape, values }: NamedArray): Buffer {
  if (name.length > longestName || !/^[A-Za-z]\w*$/.test(name)) {
    throw new RangeError(`“${name}” is no name of a MATLAB variable.`);
  }
  if (typeof values === 'string') return charArray(name, values);
  if (Array.isArray(values)) {
    const cells = values.map((text) => charArray('', text));
    return matrix(mx.cell, name, [values.length, 1], cells);
  }
  if (values.byteLength > largestBytes) refuse(name);
  const dimensions = shape.length === 1 ? [shape[0]!, 1] : shape;
  const [type, kind] =
    values instanceof Float64Array
      ? [mi.double, mx.double]
      : values instanceof Int32Array
        ? [mi.int32, mx.int32]
        : [mi.uint8, mx.uint8];
  const ordered = byColumns(values, dimensions);
  const bytes = Buffer.from(ordered.buffer, ordered.byteOffset, ordered.byteLength);
  return matrix(kind, name, dimensions, [element(type, bytes)]);
}

function byColumns<T extends Float64Array | Int32Array | Uint8Array>(values: T, dimensions: number[]): T {
  const [rows, columns] = dimensions as [number, number];
  if (columns === 1) return values;
  const turned = values.slice() as T;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++)
      turned[column * rows + row] = values[row * columns + column]!;
  }
  return turned;
}

function charArray(name: string, text: string): Buffer {
  return matrix(
    mx.char,
    name,
    [text === '' ? 0 : 1, [...text].length],
    [element(mi.utf8, Buffer.from(text, 'utf8'))],
  );
}

function matrix(
  kind: number,
  name: string,
  dimensions: readonly number[],
  content: readonly Buffer[],
): Buffer {
  const flags = Buffer.alloc(8);
  flags.writeUInt32LE(kind, 0);
  return element(
    mi.matrix,
    Buffer.concat([
      element(mi.uint32, flags),
      element(mi.int32, Buffer.from(Int32Array.from(dimensions).buffer)),
      element(mi.int8, Buffer.from(name, 'latin1')),
      ...content,
    ]),
  );
}

/** A tag of type and length, then the data up to a multiple of 8 bytes; data of 1 to 4 bytes share the tag's 8. */
function element(type: number, data: Buffer): Buffer {
  if (data.length > 0 && data.length <= 4) {
    const small = Buffer.alloc(8);
    small.writeUInt32LE((data.length << 16) | type, 0);
    data.copy(small, 4);
    return small;
  }
  const tag = Buffer.alloc(8);
  tag.writeUInt32LE(type, 0);
  tag.writeUInt32LE(data.length, 4);
  return Buffer.concat([tag, data, Buffer.alloc((8 - (data.length % 8)) % 8)]);
}

function refuse(name: string): never {
  throw new AppError('input-invalid', `“${name}” is too large for a MAT-file (2 GB a variable).`, {
    remedy: 'Export csv or netcdf; MATLAB reads both.',
  });
}
