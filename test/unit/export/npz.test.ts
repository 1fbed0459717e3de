import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { npz } from '../../../main/export/npz.ts';

/** Reads what numpy.lib.format 1.0 says: magic, version, length of the header, a dictionary, the data. */
function read(bytes: Uint8Array): { header: string; data: DataView } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  expect([...bytes.subarray(0, 8)]).toEqual([0x93, ...Buffer.from('NUMPY'), 1, 0]);
  const start = 10 + view.getUint16(8, true);
  expect(start % 64).toBe(0);
  return {
    header: Buffer.from(bytes.subarray(10, start)).toString('latin1').trimEnd(),
    data: new DataView(bytes.buffer, bytes.byteOffset + start, bytes.byteLength - start),
  };
}

describe('npz', () => {
  const about = '';
  const files = unzipSync(
    npz([
      { name: 'samples', about, shape: [2, 3], values: Float64Array.of(1, 2, 3, 4, NaN, 6) },
      { name: 'round', about, shape: [2], values: Int32Array.of(-1, 7) },
      { name: 'names', about, shape: [2], values: ['g_Na', 'τ·𝛼'] },
      { name: 'note', about, shape: [], values: 'é' },
    ]),
  );

  it('writes one array a file, in row-major order', () => {
    expect(Object.keys(files)).toEqual(['samples.npy', 'round.npy', 'names.npy', 'note.npy']);
    const { header, data } = read(files['samples.npy']!);
    expect(header).toBe("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3,), }");
    expect(data.getFloat64(16, true)).toBe(3);
    expect(data.getFloat64(32, true)).toBeNaN();
    expect(data.byteLength).toBe(48);
    const round = read(files['round.npy']!);
    expect(round.header).toContain("'<i4'");
    expect([round.data.getInt32(0, true), round.data.getInt32(4, true)]).toEqual([-1, 7]);
  });

  it('writes text as UTF-32, as wide as the longest', () => {
    const { header, data } = read(files['names.npy']!);
    expect(header).toContain("'<U4'");
    expect([0, 1, 2, 3].map((i) => data.getUint32(16 + 4 * i, true))).toEqual([0x3c4, 0xb7, 0x1d6fc, 0]);
    expect(read(files['note.npy']!).header).toContain("'shape': ()");
  });

  it('gives the same bytes for the same arrays, whenever it is written', () => {
    const once = () => npz([{ name: 'a', about, shape: [1], values: Float64Array.of(1) }]);
    expect(once()).toEqual(once());
  });
});
