import { DagEmitter } from './dag-emitter.ts';
import { type DagNode, inOrder } from './expression-dag.ts';
import type { ModelEquations } from './model-equations.ts';
import { v128 } from './simd-opcodes.ts';
import { VectorCode, type Operand, type Precision } from './vector-code.ts';
import { FunctionCode } from './wasm-encoder.ts';

export interface KernelOptions {
  precision: Precision;
  /** Fused multiply-add where the processor has it. */
  relaxed: boolean;
  /** Vectors worked on together; lanes = vectors × (4 for f32, 2 for f64). */
  vectors: number;
  initialMv: number;
}

/**
 * The compiled model: two functions of a WebAssembly module, working on `lanes` simulations side by side. All arguments are
 * byte addresses, apart from n.
 *
 *   start(parameters, state)                              state ← the initial values
 *   run(n, parameters, state, current, noise, out)        n time steps: out[t] ← the shown V, then the state one step on
 *
 * parameters [P, lanes], state [rows, lanes] (see ModelEquations), current [n] µA/cm², noise [n, noises, lanes] standard normal
 * float32 (unread without noise), out [n, lanes]; floats of the kernel's precision, rows one after the other.
 */
export function compileKernel(
  equations: ModelEquations,
  options: KernelOptions,
): { start: FunctionCode; run: FunctionCode } {
  return { start: startFunction(equations, options), run: runFunction(equations, options) };
}

/** Access to row `row` of an array of [rows, lanes]. */
class LaneMemory {
  readonly #vector: VectorCode;
  readonly #vectors: number;
  constructor(vector: VectorCode, vectors: number) {
    this.#vector = vector;
    this.#vectors = vectors;
  }
  #offset(row: number, u: number): number {
    return (row * this.#vectors + u) * 16;
  }
  load(base: number, row: number, u: number): Operand {
    return () => {
      this.#vector.code.get(base);
      this.#vector.code.vectorMemory(v128.load, 4, this.#offset(row, u));
    };
  }
  store(base: number, row: number, u: number, value: Operand): void {
    this.#vector.code.get(base);
    value();
    this.#vector.code.vectorMemory(v128.store, 4, this.#offset(row, u));
  }
}

/** Loads the parameters and computes what they alone decide. */
function definePrologue(
  emitter: DagEmitter,
  vector: VectorCode,
  memory: LaneMemory,
  base: number,
  roots: readonly DagNode[],
  vectors: number,
): void {
  const nodes = inOrder(roots);
  for (const node of nodes)
    if (node.kind === 'parameter')
      for (let u = 0; u < vectors; u++)
        emitter.define(node, u, vector.keep(memory.load(base, node.value, u)));
  emitter.emit(nodes.filter((node) => node.invariant && node.kind !== 'constant'));
}

function startFunction(equations: ModelEquations, options: KernelOptions): FunctionCode {
  const { vectors } = options;
  const [parameters, state] = [0, 1];
  const code = new FunctionCode(2);
  const vector = new VectorCode(code, options.precision, options.relaxed);
  const memory = new LaneMemory(vector, vectors);
  const emitter = new DagEmitter(vector, vectors);
  const roots = equations.initial;
  definePrologue(emitter, vector, memory, parameters, roots, vectors);
  const initial = vector.constant(options.initialMv);
  for (const node of inOrder(roots))
    if (node.kind === 'fresh') for (let u = 0; u < vectors; u++) emitter.define(node, u, initial);
  emitter.emit(roots);
  for (let u = 0; u < vectors; u++)
    roots.forEach((root, i) => memory.store(state, i, u, emitter.value(root, u)));
  return code;
}

function runFunction(equations: ModelEquations, options: KernelOptions): FunctionCode {
  const { vectors } = options;
  const [n, parameters, state, current, noise, out] = [0, 1, 2, 3, 4, 5];
  const code = new FunctionCode(6);
  const vector = new VectorCode(code, options.precision, options.relaxed);
  const { bytes, lanes, opcodes } = vector.format;
  const memory = new LaneMemory(vector, vectors);
  const emitter = new DagEmitter(vector, vectors);
  const { noiseScale, noises, rows, shown, stages } = equations;
  const roots = stages.flat().map(({ node }) => node);
  const nodes = inOrder([...roots, ...(noiseScale ? [noiseScale] : [])]);
  definePrologue(emitter, vector, memory, parameters, nodes, vectors);

  const each = Array.from({ length: vectors }, (_, u) => u);
  const stateLocals = Array.from({ length: rows }, () => each.map(() => code.vectorLocal()));
  const setState = (row: number, u: number, value: Operand): void => {
    value();
    code.set(stateLocals[row]![u]!);
  };
  for (let row = 0; row < rows; row++) for (const u of each) setState(row, u, memory.load(state, row, u));

  /** Noise is always float32, so that both precisions see the same numbers; two of them widen to a vector of f64. */
  const noiseBytes = vectors * lanes * Float32Array.BYTES_PER_ELEMENT;
  const loadNoise = (u: number, index = 0): Operand => {
    const offset = index * noiseBytes + u * lanes * Float32Array.BYTES_PER_ELEMENT;
    return () => {
      code.get(noise);
      if (bytes === 4) code.vectorMemory(v128.load, 4, offset);
      else {
        code.vectorMemory(v128.load64Zero, 3, offset);
        code.vector(v128.promoteLowF32);
      }
    };
  };

  code.loop(n, () => {
    const forget = emitter.mark();
    const injected = vector.keep(() => {
      code.get(current);
      code.vectorMemory(opcodes.loadSplat, Math.log2(bytes), 0);
    });
    for (const u of each) {
      memory.store(out, 0, u, vector.local(stateLocals[shown]![u]!));
      const drive = noiseScale
        ? vector.keep(vector.madd(emitter.value(noiseScale, u), loadNoise(u), injected))
        : injected;
      for (const node of nodes) {
        if (node.kind === 'current') emitter.define(node, u, drive);
        if (node.kind === 'noise') emitter.define(node, u, vector.keep(loadNoise(u, node.value)));
        if (node.kind === 'state') emitter.define(node, u, vector.local(stateLocals[node.value]![u]!));
      }
    }
    for (const stage of stages) {
      emitter.emit(stage.map(({ node }) => node));
      // A value that is another row as it stands is taken before that row changes.
      const values = stage.map(({ node, row }) =>
        each.map((u) => {
          const value = emitter.value(node, u);
          return row === null || node.kind === 'state' ? vector.keep(value) : value;
        }),
      );
      stage.forEach(({ row, leaf }, i) => {
        for (const u of each) {
          const value = values[i]![u]!;
          if (row !== null) setState(row, u, value);
          if (leaf) emitter.define(leaf, u, row === null ? value : vector.local(stateLocals[row]![u]!));
        }
      });
    }
    code.advance(current, bytes);
    code.advance(out, vectors * 16);
    if (noises > 0) code.advance(noise, noises * noiseBytes);
    forget();
  });
  for (let row = 0; row < rows; row++)
    for (const u of each) memory.store(state, row, u, vector.local(stateLocals[row]![u]!));
  return code;
}
