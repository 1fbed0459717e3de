import { describe, expect, it } from 'vitest';
import { mat } from '../../../main/export/mat.ts';

const about = '';

describe('mat', () => {
  it('writes the header that tells version and byte order', () => {
    const bytes = Buffer.from(mat([], 'Chronaxie 1, run 7'));
    expect(bytes).toHaveLength(128);
    expect(bytes.subarray(0, 116).toString('latin1').trimEnd()).toBe(
      'MATLAB 5.0 MAT-file, Chronaxie 1, run 7',
    );
    expect([...bytes.subarray(124)]).toEqual([0, 1, ...Buffer.from('IM')]);
  });

  it('stores a matrix by columns, as the format asks', () => {
    const file = mat(
      [{ name: 'theta', about, shape: [2, 3], values: Float64Array.of(1, 2, 3, 4, 5, 6) }],
      'test',
    );
    const view = new DataView(file.buffer, 128);
    const words = Array.from({ length: 14 }, (_, i) => view.getUint32(4 * i, true));
    expect(words.slice(0, 2)).toEqual([14, file.length - 128 - 8]); // miMATRIX and its bytes
    expect(words.slice(2, 6)).toEqual([6, 8, 6, 0]); // flags: miUINT32, 8 bytes, mxDOUBLE
    expect(words.slice(6, 10)).toEqual([5, 8, 2, 3]); // dimensions: miINT32
    expect(words.slice(10, 12)).toEqual([1, 5]); // name: miINT8, 5 characters
    const values = 4 * 14;
    expect([view.getUint32(values, true), view.getUint32(values + 4, true)]).toEqual([9, 48]); // miDOUBLE
    const stored = Array.from({ length: 6 }, (_, i) => view.getFloat64(values + 8 + 8 * i, true));
    expect(stored).toEqual([1, 4, 2, 5, 3, 6]);
    expect(file.length).toBe(128 + values + 8 + 48);
  });

  it('writes text as UTF-8, its size in characters', () => {
    const file = Buffer.from(mat([{ name: 'unit', about, shape: [], values: 'mS/cm²' }], 'test'));
    const at = file.indexOf(Buffer.from('mS/cm²', 'utf8'));
    expect([file.readUInt32LE(at - 8), file.readUInt32LE(at - 4)]).toEqual([16, 7]); // miUTF8, bytes
    expect([file.readInt32LE(128 + 32), file.readInt32LE(128 + 36)]).toEqual([1, 6]); // dimensions
  });

  it('refuses a name that is none in MATLAB', () => {
    const named = (name: string) => () => mat([{ name, about, shape: [], values: '' }], '');
    for (const name of ['1st', 'a-b', '', 'a'.repeat(32)]) expect(named(name)).toThrow(RangeError);
    expect(named('a'.repeat(31))).not.toThrow();
  });
});
