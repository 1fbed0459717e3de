import { decode, encode, ExtensionCodec } from '@msgpack/msgpack';
import type { CallName, EventName } from './api.ts';
import type { WireError } from './errors.ts';

/**
 * What crosses the served interface's WebSocket: MessagePack, one frame a message.
 *
 * Typed arrays keep their types. Uint8Array is MessagePack's own `bin`; the two below are extension types whose body is
 * the array's bytes, little-endian. The body is copied on reading because a Float64Array must start at a multiple of
 * eight bytes and a message promises no such thing. Other views are refused: silently turning one into bytes would
 * change its values. A property whose value is undefined is left out, so that `undefined` does not come back as null.
 */
const float32Type = 1;
const float64Type = 2;

/** The renderer's question. */
export interface CallFrame {
  id: number;
  call: CallName;
  input?: unknown;
}
/** The answer to the question of the same id. */
export type AnswerFrame =
  { id: number; ok: true; value?: unknown } | { id: number; ok: false; error: WireError };
/** Something happened in main. */
export interface EventFrame {
  event: EventName;
  payload: unknown;
}
export type ServerFrame = AnswerFrame | EventFrame;

function bytesOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

const extensionCodec = new ExtensionCodec();
extensionCodec.register({
  type: float32Type,
  encode: (value) => (value instanceof Float32Array ? bytesOf(value) : null),
  decode: (body) => new Float32Array(body.slice().buffer),
});
extensionCodec.register({
  type: float64Type,
  encode: (value) => {
    if (value instanceof Float64Array) return bytesOf(value);
    if (ArrayBuffer.isView(value) && !(value instanceof Uint8Array)) {
      throw new TypeError(`A ${value.constructor.name} cannot cross the socket; use a Float64Array.`);
    }
    return null;
  },
  decode: (body) => new Float64Array(body.slice().buffer),
});

export function encodeFrame(frame: CallFrame | ServerFrame): Uint8Array<ArrayBuffer> {
  return encodeRecord(frame);
}

/** A record of plain values and arrays, in the same form; decodeFrame reads it. */
export function encodeRecord(record: object): Uint8Array<ArrayBuffer> {
  return encode(record, { extensionCodec, ignoreUndefined: true });
}

/** The receiver checks what it gets: only the form of MessagePack is known here. Throws RangeError on damaged bytes. */
export function decodeFrame(message: Uint8Array): unknown {
  // Node's Buffer is a Uint8Array whose slice() does not copy; a plain view of the same bytes has one that does.
  return decode(bytesOf(message), { extensionCodec });
}
