import { describe, expect, it } from 'vitest';
import { VectorCode, type Operand, type Precision } from '../../../main/simulate/vector-code.ts';
import { v128 } from '../../../main/simulate/simd-opcodes.ts';
import { encodeModule, FunctionCode } from '../../../main/simulate/wasm-encoder.ts';

/** Compiles a function of one vector and applies it to values, two or four at a time. */
function compiled(
  precision: Precision,
  relaxed: boolean,
  body: (vector: VectorCode, x: Operand) => Operand,
): (x: readonly number[]) => number[] {
  const code = new FunctionCode(2);
  const vector = new VectorCode(code, precision, relaxed);
  code.get(1);
  body(vector, () => {
    code.get(0);
    code.vectorMemory(v128.load, 4, 0);
  })();
  code.vectorMemory(v128.store, 4, 0);
  const memory = new WebAssembly.Memory({ initial: 1 });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(encodeModule({ f: code })), {
    host: { memory },
  });
  const apply = exports['f'] as (from: number, to: number) => void;
  const Floats = precision === 'f32' ? Float32Array : Float64Array;
  const { lanes } = vector.format;
  return (x) =>
    x.map((value, i) => {
      const [from, to] = [new Floats(memory.buffer, 0, lanes), new Floats(memory.buffer, 64, lanes)];
      from.fill(0.5)[i % lanes] = value;
      apply(0, 64);
      return to[i % lanes]!;
    });
}
const grid = (low: number, high: number, n: number): number[] =>
  Array.from({ length: n }, (_, i) => Math.fround(low + ((high - low) * i) / (n - 1)));
const worst = (got: number[], expected: number[]): number =>
  got.reduce((w, value, i) => Math.max(w, Math.abs(value / expected[i]! - 1)), 0);

describe.each<[Precision, boolean, number]>([
  // Units in the last place: 1.2e-7 and 2.2e-16.
  ['f32', false, 1.2e-7],
  ['f32', true, 1.2e-7],
  ['f64', false, 2.2e-16],
  ['f64', true, 2.2e-16],
])('%s arithmetic, relaxed: %s', (precision, relaxed, ulp) => {
  const exp = compiled(precision, relaxed, (vector, x) => vector.exp(x));
  it('computes exp to two units in the last place, relaxed float32 to four', () => {
    const x = grid(-86, 86, 4001);
    const units = precision === 'f32' && relaxed ? 4 : 2;
    expect(worst(exp(x), x.map(Math.exp))).toBeLessThan(units * ulp);
  });
  it('saturates exp at its limits and passes NaN', () => {
    const limit = precision === 'f32' ? 87 : 708;
    const [low, high, lowest, highest, nan] = exp([-limit, limit, -Infinity, 1e6, NaN]);
    expect([lowest, highest]).toEqual([low, high]);
    expect(nan).toBeNaN();
  });
  it('computes log to eight units in the last place, with its special values', () => {
    const log = compiled(precision, relaxed, (vector, x) => vector.log(x));
    const x = [...grid(0.01, 0.9, 500), ...grid(1.1, 20, 500), Math.fround(1e-30), Math.fround(1e30)];
    expect(worst(log(x), x.map(Math.log))).toBeLessThan(8 * ulp);
    expect(log([1, 0, -0, Infinity])).toEqual([0, -Infinity, -Infinity, Infinity]);
    expect(log([-1, -Infinity, NaN]).every(Number.isNaN)).toBe(true);
  });
  it('computes exprelr through its singularity', () => {
    const exprelr = compiled(precision, relaxed, (vector, x) => {
      const z = vector.keep(x);
      return vector.exprelr(z, vector.exp(z));
    });
    const z = [...grid(-80, 80, 1001), ...grid(-0.2, 0.2, 1001)].filter((v) => v !== 0);
    // e^z − 1 loses 1/|z| of the digits down to the limit of the series (0.1, 0.004).
    const digits = precision === 'f32' ? 30 : 700;
    expect(
      worst(
        exprelr(z),
        z.map((v) => v / Math.expm1(v)),
      ),
    ).toBeLessThan(digits * ulp);
    expect(exprelr([0])).toEqual([1]);
  });
});
