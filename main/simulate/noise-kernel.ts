import { cosPolynomial, logPolynomial, sinPolynomial, sqrtHalfBits, twoLn2 } from './noise.ts';
import { f32x4ConvertI32x4S, i32x4, v128 } from './simd-opcodes.ts';
import { VectorCode, type Operand } from './vector-code.ts';
import { FunctionCode } from './wasm-encoder.ts';

/**
 * noise(pairs, state, out): 2·pairs rows of standard normal float32 numbers, out [2·pairs, lanes], from the generators'
 * state [lanes/4, 4 words, 4 lanes], which it moves on. The numbers are those of `createNoise`, bit by bit.
 * @param lanes a multiple of 4
 */
export function noiseKernel(lanes: number): FunctionCode {
  const [pairs, state, out] = [0, 1, 2];
  const code = new FunctionCode(3);
  const counter = code.integerLocal();
  const row = code.integerLocal();
  // Two vectors at a time keep the processor busy; all of them would not fit its registers.
  for (let first = 0; first < lanes / 4; first += 2) {
    const together = Math.min(2, lanes / 4 - first);
    const generators = Array.from({ length: together }, (_, u) => new Generator(code, state, first + u));
    code.get(pairs);
    code.set(counter);
    code.get(out);
    code.set(row);
    code.loop(counter, () => {
      const drawn = generators.map((generator) => generator.pair());
      drawn.forEach((pair, u) => {
        pair.forEach((value, i) => {
          code.get(row);
          value();
          code.vectorMemory(v128.store, 4, (i * lanes + (first + u) * 4) * 4);
        });
      });
      code.advance(row, 2 * lanes * 4);
    });
    for (const generator of generators) generator.save();
  }
  return code;
}

/** Four generators in the lanes of one vector. */
class Generator {
  readonly #code: FunctionCode;
  /** Never relaxed: the noise is the same on every processor, strict or not. */
  readonly #vector: VectorCode;
  readonly #words: number[];
  readonly #base: number;
  readonly #index: number;

  constructor(code: FunctionCode, base: number, index: number) {
    this.#code = code;
    this.#vector = new VectorCode(code, 'f32', false);
    this.#base = base;
    this.#index = index;
    this.#words = Array.from({ length: 4 }, () => code.vectorLocal());
    this.#words.forEach((local, word) => {
      code.get(base);
      code.vectorMemory(v128.load, 4, (index * 4 + word) * 16);
      code.set(local);
    });
  }

  save(): void {
    this.#words.forEach((local, word) => {
      this.#code.get(this.#base);
      this.#code.get(local);
      this.#code.vectorMemory(v128.store, 4, (this.#index * 4 + word) * 16);
    });
  }

  #next(): Operand {
    const vector = this.#vector;
    const word = (i: number): Operand => vector.local(this.#words[i]!);
    const assign = (i: number, value: Operand): void => {
      value();
      this.#code.set(this.#words[i]!);
    };
    const xorInto = (i: number, value: Operand): void => assign(i, vector.apply(v128.xor, word(i), value));
    const result = vector.keep(vector.apply(i32x4.add, word(0), word(3)));
    const shifted = vector.keep(vector.shift(i32x4.shl, word(1), 9));
    xorInto(2, word(0));
    xorInto(3, word(1));
    xorInto(1, word(2));
    xorInto(0, word(3));
    xorInto(2, shifted);
    assign(
      3,
      vector.apply(v128.or, vector.shift(i32x4.shl, word(3), 11), vector.shift(i32x4.shrU, word(3), 21)),
    );
    return result;
  }

  /** Horner's rule, in the order of the reference. */
  #polynomial(x: Operand, coefficients: Float32Array): Operand {
    const vector = this.#vector;
    const terms = Array.from(coefficients, (c) => vector.constant(c));
    return terms.reduceRight((sum, term) => vector.keep(vector.madd(sum, x, term)));
  }

  pair(): [Operand, Operand] {
    const vector = this.#vector;
    const { add, sub, mul, sqrt } = vector.format.opcodes;
    const a = this.#next();
    const b = this.#next();
    const odd = vector.apply(v128.or, vector.shift(i32x4.shrU, a, 1), vector.bits(1n));
    const f = vector.keep(vector.apply(f32x4ConvertI32x4S, odd));
    const k = vector.keep(
      vector.shift(i32x4.shrS, vector.apply(i32x4.sub, f, vector.bits(BigInt(sqrtHalfBits))), 23),
    );
    const mantissa = vector.apply(i32x4.sub, f, vector.shift(i32x4.shl, k, 23));
    const g = vector.keep(vector.apply(sub, mantissa, vector.constant(1)));
    const powers = vector.apply(f32x4ConvertI32x4S, vector.apply(i32x4.sub, vector.bits(31n), k));
    const square = vector.apply(
      add,
      vector.apply(mul, powers, vector.constant(twoLn2)),
      vector.apply(mul, g, this.#polynomial(g, logPolynomial)),
    );
    const r = vector.keep(vector.apply(sqrt, square));
    const c = vector.keep(vector.apply(mul, vector.apply(f32x4ConvertI32x4S, b), vector.constant(2 ** -32)));
    const cc = vector.keep(vector.apply(mul, c, c));
    const sine = vector.apply(mul, c, this.#polynomial(cc, sinPolynomial));
    const cosine = vector.apply(mul, r, this.#polynomial(cc, cosPolynomial));
    const sign = vector.shift(i32x4.shl, a, 31);
    return [vector.keep(vector.apply(v128.xor, cosine, sign)), vector.keep(vector.apply(mul, r, sine))];
  }
}
