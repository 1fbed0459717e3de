/**
 * Counter-based random numbers: Philox4x32-10 (Salmon, Moraes, Dror, Shaw, SC 2011, "Parallel random numbers: as easy
 * as 1, 2, 3"). A stream is named by a seed and up to three keys, for example (seed, round, simulation index), so that
 * every simulation draws the same numbers whoever runs it and in whatever order.
 */

const M0 = 0xd2511f53;
const M1 = 0xcd9e8d57;
const W0 = 0x9e3779b9;
const W1 = 0xbb67ae85;

/** High 32 bits of the 64-bit product of two unsigned 32-bit integers. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const low = aLow * bLow;
  const middle = aHigh * bLow + (low >>> 16);
  const middle2 = aLow * bHigh + (middle & 0xffff);
  return (aHigh * bHigh + Math.floor(middle / 65536) + Math.floor(middle2 / 65536)) >>> 0;
}

/**
 * One block of Philox4x32-10: four 32-bit words from a 128-bit counter and a 64-bit key, written into `out`.
 * Known-answer vectors: Random123, kat_vectors.
 */
export function philox4x32(counter: Uint32Array, key0: number, key1: number, out: Uint32Array): void {
  let c0 = counter[0]!;
  let c1 = counter[1]!;
  let c2 = counter[2]!;
  let c3 = counter[3]!;
  let k0 = key0 >>> 0;
  let k1 = key1 >>> 0;
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(M0, c0);
    const low0 = Math.imul(M0, c0) >>> 0;
    const high1 = multiplyHigh(M1, c2);
    const low1 = Math.imul(M1, c2) >>> 0;
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0;
    k0 = (k0 + W0) >>> 0;
    k1 = (k1 + W1) >>> 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

export interface RandomStream {
  /** Uniform on the integers 0 … 2³²−1. */
  uint32(): number;
  /** Uniform on [0, 1), 53 bits. */
  uniform(): number;
  /** Standard normal (polar method of Marsaglia, 1964). */
  normal(): number;
  /** Uniform on the integers 0 … n−1; n ≤ 2³². */
  integer(n: number): number;
}

/**
 * The stream of (seed, a, b, c).
 * @param seed integer, 0 … 2⁵³−1
 * @param keys up to three integers 0 … 2³²−1 that name the stream; streams with different names are independent
 */
export function createRandom(seed: number, ...keys: [number?, number?, number?]): RandomStream {
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new RangeError(`A seed is an integer from 0 to 2^53 − 1, not ${seed}.`);
  const counter = Uint32Array.of(0, keys[0] ?? 0, keys[1] ?? 0, keys[2] ?? 0);
  const key0 = seed >>> 0;
  const key1 = Math.floor(seed / 0x1_0000_0000) >>> 0;
  const block = new Uint32Array(4);
  let used = 4;
  let spare = NaN;

  function uint32(): number {
    if (used === 4) {
      philox4x32(counter, key0, key1, block);
      counter[0]! += 1;
      used = 0;
    }
    return block[used++]!;
  }
  function uniform(): number {
    const high = uint32() >>> 5;
    const low = uint32() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }
  function normal(): number {
    if (!Number.isNaN(spare)) {
      const value = spare;
      spare = NaN;
      return value;
    }
    for (;;) {
      const u = 2 * uniform() - 1;
      const v = 2 * uniform() - 1;
      const s = u * u + v * v;
      if (s >= 1 || s === 0) continue;
      const scale = Math.sqrt((-2 * Math.log(s)) / s);
      spare = v * scale;
      return u * scale;
    }
  }
  function integer(n: number): number {
    return Math.floor(uniform() * n);
  }
  return { uint32, uniform, normal, integer };
}
