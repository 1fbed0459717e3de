import { describe, expect, it } from 'vitest';
import { decodeFrame, encodeFrame } from '../../../main/contract/codec.ts';

function roundTrip(value: unknown): unknown {
  const frame = decodeFrame(encodeFrame({ id: 7, ok: true, value }));
  return (frame as { value: unknown }).value;
}

describe('the socket codec', () => {
  it('keeps Float32Array, Float64Array and Uint8Array as they are, NaN and infinities included', () => {
    const value = {
      a: 'x', // one character: moves what follows off every multiple of eight
      voltage: new Float32Array([1.5, Number.NaN, -Infinity]),
      theta: new Float64Array([Math.PI, Number.NaN, Infinity]),
      bytes: new Uint8Array([0, 255, 3]),
      empty: new Float64Array(0),
    };
    const back = roundTrip(value) as typeof value;
    expect(back.voltage).toBeInstanceOf(Float32Array);
    expect(back.theta).toBeInstanceOf(Float64Array);
    expect(back).toEqual(value);
  });

  it('writes only the viewed part of a larger buffer', () => {
    const all = new Float64Array([1, 2, 3, 4]);
    expect(roundTrip(all.subarray(1, 3))).toEqual(new Float64Array([2, 3]));
  });

  it('reads a Float64Array at any offset of the message', () => {
    for (let shift = 0; shift < 8; shift++) {
      const message = encodeFrame({
        id: 1,
        ok: true,
        value: { [`k${'x'.repeat(shift)}`]: new Float64Array([2.5]) },
      });
      const moved = new Uint8Array(message.length + shift);
      moved.set(message, shift);
      expect(Object.values((decodeFrame(moved.subarray(shift)) as { value: object }).value)).toEqual([
        new Float64Array([2.5]),
      ]);
    }
  });

  it('reads what a Node socket delivers, a Buffer at an odd offset', () => {
    const message = encodeFrame({ id: 1, ok: true, value: new Float64Array([2.5]) });
    const moved = Buffer.alloc(message.length + 1);
    moved.set(message, 1);
    expect(decodeFrame(moved.subarray(1))).toEqual({ id: 1, ok: true, value: new Float64Array([2.5]) });
  });

  it('leaves an undefined input out instead of turning it into null', () => {
    expect(decodeFrame(encodeFrame({ id: 1, call: 'app.info', input: undefined }))).toEqual({
      id: 1,
      call: 'app.info',
    });
  });

  it('keeps whole numbers up to the largest safe one', () => {
    expect(roundTrip(Number.MAX_SAFE_INTEGER)).toBe(Number.MAX_SAFE_INTEGER);
  });

  it('refuses a typed array that it would have to change', () => {
    expect(() => encodeFrame({ id: 1, ok: true, value: new Int16Array(2) })).toThrow('Int16Array');
  });

  it('refuses a truncated message', () => {
    const message = encodeFrame({ id: 1, ok: true, value: new Float64Array(3) });
    expect(() => decodeFrame(message.subarray(0, message.length - 1))).toThrow(RangeError);
  });
});
