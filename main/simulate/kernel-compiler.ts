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
 *   start(parameters, state)                              state ← V₀ and the gates at their steady state
 *   run(n, parameters, state, current, noise, out)        n time steps: out[t] ← V, then V and the gates one step on
 *
 * parameters [P, lanes], state [1 + gates, lanes] (V first), current [n] µA/cm², noise [n, lanes] standard normal float32
 * (unread without noise), out [n, lanes]; floats of the kernel's precision, rows one after the other.
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
  const roots = equations.steadyGates;
  definePrologue(emitter, vector, memory, parameters, roots, vectors);
  const initial = vector.constant(options.initialMv);
  for (const node of inOrder(roots))
    if (node.kind === 'newVoltage') for (let u = 0; u < vectors; u++) emitter.define(node, u, initial);
  emitter.emit(roots);
  for (let u = 0; u < vectors; u++) {
    memory.store(state, 0, u, initial);
    roots.forEach((root, i) => memory.store(state, 1 + i, u, emitter.value(root, u)));
  }
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
  const { noiseScale } = equations;
  const roots = [equations.newVoltage, ...equations.newGates];
  const nodes = inOrder([...roots, ...(noiseScale ? [noiseScale] : [])]);
  definePrologue(emitter, vector, memory, parameters, nodes, vectors);

  const rows = 1 + equations.newGates.length;
  const each = Array.from({ length: vectors }, (_, u) => u);
  const stateLocals = Array.from({ length: rows }, () => each.map(() => code.vectorLocal()));
  const setState = (row: number, u: number, value: Operand): void => {
    value();
    code.set(stateLocals[row]![u]!);
  };
  for (let row = 0; row < rows; row++) for (const u of each) setState(row, u, memory.load(state, row, u));

  /** Noise is always float32, so that both precisions see the same numbers; two of them widen to a vector of f64. */
  const loadNoise = (u: number): Operand => {
    const offset = u * lanes * Float32Array.BYTES_PER_ELEMENT;
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
      memory.store(out, 0, u, vector.local(stateLocals[0]![u]!));
      const drive = noiseScale
        ? vector.keep(vector.madd(emitter.value(noiseScale, u), loadNoise(u), injected))
        : injected;
      for (const node of nodes) {
        if (node.kind === 'current') emitter.define(node, u, drive);
        if (node.kind === 'voltage') emitter.define(node, u, vector.local(stateLocals[0]![u]!));
        if (node.kind === 'gate') emitter.define(node, u, vector.local(stateLocals[1 + node.value]![u]!));
      }
    }
    emitter.emit([equations.newVoltage]);
    for (const u of each) {
      setState(0, u, emitter.value(equations.newVoltage, u));
      for (const node of nodes)
        if (node.kind === 'newVoltage') emitter.define(node, u, vector.local(stateLocals[0]![u]!));
    }
    emitter.emit(equations.newGates);
    equations.newGates.forEach((gate, i) => {
      for (const u of each) setState(1 + i, u, emitter.value(gate, u));
    });
    code.advance(current, bytes);
    code.advance(out, vectors * 16);
    if (noiseScale) code.advance(noise, vectors * lanes * Float32Array.BYTES_PER_ELEMENT);
    forget();
  });
  for (let row = 0; row < rows; row++)
    for (const u of each) memory.store(state, row, u, vector.local(stateLocals[row]![u]!));
  return code;
}
