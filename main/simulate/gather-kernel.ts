import { v128 } from './simd-opcodes.ts';
import { VectorCode, type Operand, type Precision } from './vector-code.ts';
import { FunctionCode } from './wasm-encoder.ts';

/**
 * gather(tiles, rows, columns, stride, peaks): turns rows [n, lanes] into one column a lane, column l at address
 * columns + l·stride, and raises peaks [lanes] to the largest |value| seen (NaN once a NaN was). n = tiles × lanes of a
 * vector (4 for f32, 2 for f64).
 *
 * Features read one simulation's trace at a time; the time loop writes all lanes of one time together.
 */
export function gatherKernel(precision: Precision, vectors: number): FunctionCode {
  const [tiles, rows, columns, stride, peaks] = [0, 1, 2, 3, 4];
  const code = new FunctionCode(5);
  const vector = new VectorCode(code, precision, false);
  const { lanes, opcodes } = vector.format;
  const counter = code.integerLocal();
  const from = code.integerLocal();
  const to = Array.from({ length: lanes }, () => code.integerLocal());
  const peak = code.vectorLocal();
  for (let u = 0; u < vectors; u++) {
    code.get(tiles);
    code.set(counter);
    code.get(rows);
    code.set(from);
    to.forEach((local, lane) => {
      code.get(columns);
      code.get(stride);
      code.integer(u * lanes + lane);
      code.multiplyIntegers();
      code.addIntegers();
      code.set(local);
    });
    code.get(peaks);
    code.vectorMemory(v128.load, 4, u * 16);
    code.set(peak);
    code.loop(counter, () => {
      const tile = to.map((_, t) =>
        vector.keep(() => {
          code.get(from);
          code.vectorMemory(v128.load, 4, (t * vectors + u) * 16);
        }),
      );
      for (const value of tile) {
        vector.apply(opcodes.max, vector.local(peak), vector.apply(opcodes.abs, value))();
        code.set(peak);
      }
      transposed(vector, tile).forEach((column, lane) => {
        code.get(to[lane]!);
        column();
        code.vectorMemory(v128.store, 4, 0);
        code.advance(to[lane]!, 16);
      });
      code.advance(from, lanes * vectors * 16);
    });
    code.get(peaks);
    code.get(peak);
    code.vectorMemory(v128.store, 4, u * 16);
  }
  return code;
}

/** The 16 byte indices that pick whole elements from two vectors (elements of the second follow those of the first). */
function pick(elements: readonly number[]): number[] {
  const bytes = 16 / elements.length;
  return elements.flatMap((element) => Array.from({ length: bytes }, (_, i) => element * bytes + i));
}

function transposed(vector: VectorCode, rows: readonly Operand[]): Operand[] {
  const shuffled = (a: Operand, b: Operand, elements: readonly number[]): Operand =>
    vector.keep(() => {
      a();
      b();
      vector.code.shuffle(pick(elements));
    });
  if (rows.length === 2)
    return [
      [0, 2],
      [1, 3],
    ].map((e) => shuffled(rows[0]!, rows[1]!, e));
  const [a, b, c, d] = rows as [Operand, Operand, Operand, Operand];
  const low = [shuffled(a, b, [0, 4, 1, 5]), shuffled(c, d, [0, 4, 1, 5])] as const;
  const high = [shuffled(a, b, [2, 6, 3, 7]), shuffled(c, d, [2, 6, 3, 7])] as const;
  return [low, high].flatMap(([left, right]) => [
    shuffled(left, right, [0, 1, 4, 5]),
    shuffled(left, right, [2, 3, 6, 7]),
  ]);
}
