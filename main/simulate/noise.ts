import { createRandom } from '../numeric/random.ts';

/**
 * Standard normal noise, one stream a simulation: xoshiro128+ (Blackman & Vigna 2021), seeded from the Philox stream of
 * (seed, stream, simulation index), and the transform of Box & Muller (1958). Every operation is a float32 operation in a
 * fixed order without fused multiply-add, so that the WebAssembly kernel and this reference give the same bits on every
 * processor, whoever simulates and in whatever company.
 *
 *   two words a, b;  f = (a >>> 1 | 1),  c = b·2⁻³² as a signed number in [−½, ½]
 *   r = √(−2 ln(f·2⁻³¹)) ≤ 6.56,  pair = (±r cos πc, r sin πc), the sign from the lowest bit of a
 */
const noiseKey = 0x6e6f6973;

/** −2 ln(1+g) = g·Σ q_k g^k on 1+g ∈ [√½, √2); minimax, absolute error of the sum 3.5e-7. */
export const logPolynomial = Float32Array.of(
  -1.9999998357116586,
  1.0000068856191626,
  -0.6667121581789741,
  0.49943120568478566,
  -0.3976847055100902,
  0.34424851393466155,
  -0.32676293944192225,
  0.20757437744211732,
);
/** sin πc = c·Σ s_k c^{2k} on [−½, ½]; minimax, absolute error of the sum 1.4e-8. */
export const sinPolynomial = Float32Array.of(
  3.141592640183998,
  -5.1677100903322435,
  2.5500776597382266,
  -0.5982921595280303,
  0.07765940834417513,
);
/** cos πc = Σ k_k c^{2k} on [−½, ½]; minimax, absolute error 4.7e-8. */
export const cosPolynomial = Float32Array.of(
  0.9999999534666709,
  -4.934792858675593,
  4.058411914173723,
  -1.3318801612927131,
  0.21969679869366673,
);
/** The bits of √½ in float32: subtracting them splits a number into 2^k and a mantissa in [√½, √2). */
export const sqrtHalfBits = 0x3f3504f3;
export const twoLn2 = Math.fround(2 * Math.LN2);

/**
 * Writes the four words of a simulation's noise state into state[offset], state[offset + stride], …
 * @param place of the sweep where a simulation has several: each has noise of its own
 */
export function seedNoise(
  state: Uint32Array,
  offset: number,
  stride: number,
  seed: number,
  stream: number,
  index: number,
  place = 0,
): void {
  const random = createRandom(seed, stream, index, noiseKey + place);
  for (let word = 0; word < 4; word++) state[offset + word * stride] = random.uint32();
  // Four zero words, one chance in 2¹²⁸, would stay zero for ever: the noise would vanish.
  state[offset]! |= 1;
}

/** The noise of one simulation as the compiled kernel draws it. */
export function createNoise(seed: number, stream: number, index: number): () => number {
  const state = new Uint32Array(4);
  seedNoise(state, 0, 1, seed, stream, index);
  const floats = new Float32Array(1);
  const bits = new Int32Array(floats.buffer);
  const round = Math.fround;
  let spare: number | null = null;

  function next(): number {
    const result = (state[0]! + state[3]!) >>> 0;
    const shifted = state[1]! << 9;
    state[2]! ^= state[0]!;
    state[3]! ^= state[1]!;
    state[1]! ^= state[2]!;
    state[0]! ^= state[3]!;
    state[2]! ^= shifted;
    state[3] = (state[3]! << 11) | (state[3]! >>> 21);
    return result;
  }
  function polynomial(x: number, coefficients: Float32Array): number {
    let sum = coefficients[coefficients.length - 1]!;
    for (let k = coefficients.length - 2; k >= 0; k--) sum = round(round(sum * x) + coefficients[k]!);
    return sum;
  }
  return () => {
    if (spare !== null) {
      const value = spare;
      spare = null;
      return value;
    }
    const a = next();
    const b = next();
    floats[0] = (a >>> 1) | 1;
    const k = (bits[0]! - sqrtHalfBits) >> 23;
    bits[0] = bits[0]! - (k << 23);
    const g = round(floats[0] - 1);
    const square = round(round(round(31 - k) * twoLn2) + round(g * polynomial(g, logPolynomial)));
    const r = round(Math.sqrt(square));
    const c = round(round(b | 0) * 2 ** -32);
    const cc = round(c * c);
    spare = round(r * round(c * polynomial(cc, sinPolynomial)));
    const cosine = round(r * polynomial(cc, cosPolynomial));
    return a & 1 ? -cosine : cosine;
  };
}
