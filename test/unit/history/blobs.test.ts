import { describe, expect, it } from 'vitest';
import { blobToDoubles, doublesToBlob, toJson } from '../../../main/history/blobs.ts';

describe('doublesToBlob and blobToDoubles', () => {
  it('are little-endian IEEE 754', () => {
    expect([...doublesToBlob(Float64Array.of(1))]).toEqual([0, 0, 0, 0, 0, 0, 0xf0, 0x3f]);
  });
  it('give back every double, also of a view that does not begin at 0 and of bytes at an odd place', () => {
    const values = Float64Array.of(9, NaN, -0, Infinity, 5e-324, Math.PI).subarray(1);
    const odd = Buffer.alloc(values.byteLength + 1).subarray(1);
    odd.set(doublesToBlob(values));
    expect(blobToDoubles(odd)).toEqual(values);
  });
  it('refuse bytes that are not doubles', () => {
    expect(() => blobToDoubles(new Uint8Array(9))).toThrow(/multiple of 8 bytes, not 9/);
  });
});

describe('toJson', () => {
  it('refuses numbers that JSON would turn into null', () => {
    expect(toJson({ a: [1.5, null] })).toBe('{"a":[1.5,null]}');
    expect(() => toJson({ a: { b: Infinity } })).toThrow(/«b» is Infinity/);
  });
});
