import { expPolynomialF32, expPolynomialF64 } from './exp-polynomial.ts';
import { f32x4, f64x2, v128, type FloatOpcodes } from './simd-opcodes.ts';
import type { FunctionCode } from './wasm-encoder.ts';

export type Precision = 'f32' | 'f64';

/** A value on its way into an instruction: pushes itself onto the stack. */
export type Operand = () => void;

interface Format {
  lanes: number;
  bytes: number;
  opcodes: FloatOpcodes;
  /** Bits of the mantissa; the exponent stands above them. */
  mantissaBits: number;
  /** |x| ≤ expLimit is computed; beyond it e^x saturates at e^{±expLimit} (6e±37, 3e±307). */
  expLimit: number;
  /** Below this, exprelr is 1 − z/2 + z²/12 − z⁴/720: the quotient would lose digits. Its error there is < 1e-10. */
  exprelrLimit: number;
  logTerms: number;
}
const formats: Record<Precision, Format> = {
  f32: { lanes: 4, bytes: 4, opcodes: f32x4, mantissaBits: 23, expLimit: 87, exprelrLimit: 0.1, logTerms: 5 },
  f64: {
    lanes: 2,
    bytes: 8,
    opcodes: f64x2,
    mantissaBits: 52,
    expLimit: 708,
    exprelrLimit: 0.004,
    logTerms: 12,
  },
};

/**
 * Emits vector arithmetic of one precision into a function. With `relaxed`, a·b + c may be fused, which is faster and
 * rounds differently on processors that lack the instruction; without it every bit is the same everywhere.
 */
export class VectorCode {
  readonly code: FunctionCode;
  readonly format: Format;
  readonly relaxed: boolean;
  readonly #precision: Precision;

  constructor(code: FunctionCode, precision: Precision, relaxed: boolean) {
    this.code = code;
    this.format = formats[precision];
    this.relaxed = relaxed;
    this.#precision = precision;
  }

  local(index: number): Operand {
    return () => this.code.get(index);
  }
  constant(value: number): Operand {
    const values =
      this.#precision === 'f32' ? new Float32Array(4).fill(value) : new Float64Array(2).fill(value);
    return () => this.code.vectorConstant(new Uint8Array(values.buffer));
  }
  /** The same bits in every lane. */
  bits(value: bigint): Operand {
    const values =
      this.#precision === 'f32' ? new Uint32Array(4).fill(Number(value)) : new BigUint64Array(2).fill(value);
    return () => this.code.vectorConstant(new Uint8Array(values.buffer));
  }
  /** Computes an operand once and keeps it. */
  keep(value: Operand): Operand {
    const local = this.code.vectorLocal();
    value();
    this.code.set(local);
    return this.local(local);
  }

  apply(opcode: number, ...operands: Operand[]): Operand {
    return () => {
      for (const operand of operands) operand();
      this.code.vector(opcode);
    };
  }
  /** a·b + c */
  madd(a: Operand, b: Operand, c: Operand): Operand {
    const { opcodes } = this.format;
    return this.relaxed
      ? this.apply(opcodes.relaxedMadd, a, b, c)
      : this.apply(opcodes.add, this.apply(opcodes.mul, a, b), c);
  }
  shift(opcode: number, a: Operand, by: number): Operand {
    return () => {
      a();
      this.code.integer(by);
      this.code.vector(opcode);
    };
  }

  /** Σ coefficients[k]·r^k, in pairs over r² so that half of the multiplications do not wait for each other. */
  polynomial(r: Operand, coefficients: readonly number[]): Operand {
    const square = this.keep(this.apply(this.format.opcodes.mul, r, r));
    const pairs: Operand[] = [];
    for (let k = 0; k < coefficients.length; k += 2) {
      const constant = this.constant(coefficients[k]!);
      const next = coefficients[k + 1];
      pairs.push(next === undefined ? constant : this.keep(this.madd(r, this.constant(next), constant)));
    }
    return pairs.reduceRight((sum, pair) => this.keep(this.madd(sum, square, pair)));
  }

  /**
   * e^x = 2ⁿ·e^r with n = round(x/ln 2) and |r| ≤ ln 2/2. Adding 1.5·2^mantissaBits rounds to an integer and leaves n in
   * the low bits, from where a shift moves it to the exponent. Relative error < 2 units in the last place, relaxed
   * f32 < 4. NaN stays NaN.
   */
  exp(argument: Operand): Operand {
    const { opcodes, expLimit, mantissaBits } = this.format;
    const magic = 1.5 * 2 ** mantissaBits;
    const clamped = this.apply(
      opcodes.pmin,
      this.apply(opcodes.pmax, argument, this.constant(-expLimit)),
      this.constant(expLimit),
    );
    const x = this.keep(clamped);
    const shifted = this.keep(this.madd(x, this.constant(Math.LOG2E), this.constant(magic)));
    const n = this.keep(this.apply(opcodes.sub, shifted, this.constant(magic)));
    const r = this.keep(this.#remainder(x, n));
    const f64 = this.#precision === 'f64';
    const value = this.polynomial(r, f64 ? expPolynomialF64 : expPolynomialF32);
    return this.keep(this.apply(opcodes.integerAdd, value, this.shift(opcodes.shl, shifted, mantissaBits)));
  }
  /**
   * x − n·ln 2, with ln 2 in two parts of which the first has trailing zeros: n times it is exact (Cody & Waite 1980).
   * Relaxed float32 takes one part: it leaves n·2e-9, one unit in the last place at |x| = 40, and is a tenth faster.
   */
  #remainder(x: Operand, n: Operand): Operand {
    if (this.relaxed && this.#precision === 'f32') return this.madd(n, this.constant(-Math.LN2), x);
    const [high, low] =
      this.#precision === 'f32'
        ? [0.693359375, -2.1219444e-4]
        : [0.69314718036912381649, 1.90821492927058770002e-10];
    return this.madd(n, this.constant(-low), this.madd(n, this.constant(-high), x));
  }

  /** z/(e^z − 1) from z and e^z. */
  exprelr(z: Operand, expZ: Operand): Operand {
    const { opcodes, exprelrLimit } = this.format;
    const one = this.constant(1);
    const square = this.keep(this.apply(opcodes.mul, z, z));
    const even = this.madd(square, this.constant(-1 / 720), this.constant(1 / 12));
    const near = this.madd(square, even, this.madd(z, this.constant(-0.5), one));
    const far = this.apply(opcodes.div, z, this.apply(opcodes.sub, expZ, one));
    const isNear = this.apply(opcodes.lt, this.apply(opcodes.abs, z), this.constant(exprelrLimit));
    return this.keep(this.apply(v128.bitselect, near, far, isNear));
  }

  /**
   * ln x = e·ln 2 + 2 artanh(s), s = (m−1)/(m+1), x = 2ᵉ·m with m in (√½, √2]; artanh by its series, |s| ≤ 0.172. NaN for
   * x < 0, −∞ at 0; |x| below twice the smallest normal number counts as 0.
   */
  log(argument: Operand): Operand {
    const { opcodes, mantissaBits, logTerms } = this.format;
    const f64 = this.#precision === 'f64';
    const one = this.constant(1);
    const oneBits = f64 ? 0x3ff0000000000000n : 0x3f800000n;
    const bias = f64 ? 1023 : 127;
    // An integer below 2^mantissaBits, or-ed into the bits of 2^mantissaBits, is that float plus the integer.
    const carrierBits = BigInt(bias + mantissaBits) << BigInt(mantissaBits);
    const x = this.keep(argument);
    const biased = this.apply(v128.or, this.shift(opcodes.shrU, x, mantissaBits), this.bits(carrierBits));
    const exponent = this.keep(this.apply(opcodes.sub, biased, this.constant(2 ** mantissaBits + bias)));
    const mantissaMask = this.bits((1n << BigInt(mantissaBits)) - 1n);
    const m = this.keep(this.apply(v128.or, this.apply(v128.and, x, mantissaMask), this.bits(oneBits)));
    const large = this.keep(this.apply(opcodes.gt, m, this.constant(Math.SQRT2)));
    const halved = this.apply(v128.bitselect, this.apply(opcodes.mul, m, this.constant(0.5)), m, large);
    const centred = this.keep(halved);
    const raised = this.apply(opcodes.add, exponent, this.apply(v128.and, large, one));
    const s = this.keep(
      this.apply(opcodes.div, this.apply(opcodes.sub, centred, one), this.apply(opcodes.add, centred, one)),
    );
    const series = Array.from({ length: logTerms }, (_, k) => 2 / (2 * k + 1));
    const sum = this.polynomial(this.keep(this.apply(opcodes.mul, s, s)), series);
    const value = this.madd(raised, this.constant(Math.LN2), this.apply(opcodes.mul, s, sum));
    const tiny = this.constant(f64 ? 2 ** -1021 : 2 ** -125);
    const isOrdinary = this.apply(
      v128.and,
      this.apply(opcodes.lt, tiny, x),
      this.apply(opcodes.lt, x, this.constant(Infinity)),
    );
    const infinityOrNan = this.apply(
      v128.bitselect,
      x,
      this.constant(NaN),
      this.apply(opcodes.gt, x, this.constant(0)),
    );
    const isTiny = this.apply(opcodes.le, this.apply(opcodes.abs, x), tiny);
    const special = this.apply(v128.bitselect, this.constant(-Infinity), infinityOrNan, isTiny);
    return this.keep(this.apply(v128.bitselect, value, special, isOrdinary));
  }
}
