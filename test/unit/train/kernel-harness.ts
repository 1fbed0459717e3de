import { createBuild } from '../../../main/train/kernels.ts';
import { Arena, padded } from '../../../main/train/memory.ts';
import { reserveMemory, type KernelBuild, type Kernels } from '../../../native/kernels.ts';
import type { RandomStream } from '../../../main/numeric/random.ts';

/** Those that single kernels are tested in; plan.test.ts tests all that run here. */
export const wasmBuilds = ['wasm-relaxed', 'wasm-strict'] as const;

/** Float arrays in a kernel memory, for tests of single kernels, with vectors of four. */
export class Bench {
  readonly kernels: Kernels;
  readonly #arena: Arena;

  constructor(build: KernelBuild) {
    this.kernels = createBuild(build);
    this.#arena = new Arena(this.kernels.heapBase);
  }

  put(values: ArrayLike<number>): number {
    const at = this.empty(values.length);
    this.read(at, values.length).set(values);
    return at;
  }

  /** Room filled with a value that shows where a kernel failed to write. */
  empty(length: number): number {
    const at = this.#arena.floats(padded(length));
    reserveMemory(this.kernels, this.#arena.end);
    this.read(at, padded(length)).fill(-777);
    return at;
  }

  read(at: number, length: number): Float32Array {
    return new Float32Array(this.kernels.memory.buffer, at, length);
  }
}

/** [rows, columns] → feature-major [columns, rows padded], zero in the padding. */
export function featureMajor(values: Float64Array, rows: number): Float64Array {
  const columns = values.length / rows;
  const width = padded(rows);
  const out = new Float64Array(columns * width);
  for (let n = 0; n < rows; n++)
    for (let c = 0; c < columns; c++) out[c * width + n] = values[n * columns + c]!;
  return out;
}

/** Feature-major → [rows, columns]. */
export function rowMajor(values: Float32Array, rows: number): Float64Array {
  const width = padded(rows);
  const columns = values.length / width;
  return Float64Array.from(
    { length: rows * columns },
    (_, i) => values[(i % columns) * width + Math.floor(i / columns)]!,
  );
}

/** [rows, columns] with every row padded to a multiple of 4 by zeros, as the kernels hold weights. */
export function paddedRows(values: Float64Array, rows: number): Float64Array {
  const columns = values.length / rows;
  const out = new Float64Array(rows * padded(columns));
  for (let r = 0; r < rows; r++)
    out.set(values.subarray(r * columns, (r + 1) * columns), r * padded(columns));
  return out;
}

export function withoutPadding(values: Float32Array, rows: number, columns: number): Float64Array {
  return Float64Array.from(
    { length: rows * columns },
    (_, i) => values[Math.floor(i / columns) * padded(columns) + (i % columns)]!,
  );
}

/** Normal numbers that float32 holds exactly, so that both sides start from the same values. */
export function normals(random: RandomStream, n: number, scale = 1): Float64Array {
  return Float64Array.from({ length: n }, () => Math.fround(scale * random.normal()));
}

/** max |a − b| / max(1, |b|) */
export function worst(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity;
  let error = 0;
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(actual[i]! - expected[i]!) / Math.max(1, Math.abs(expected[i]!));
    if (!(difference <= error)) error = Number.isNaN(difference) ? Infinity : difference;
  }
  return error;
}
