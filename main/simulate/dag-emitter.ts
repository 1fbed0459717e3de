import { type DagNode, inOrder } from './expression-dag.ts';
import { v128 } from './simd-opcodes.ts';
import type { Operand, VectorCode } from './vector-code.ts';

/**
 * Emits graph nodes for several vectors at once, instruction by instruction in turn: the vectors are independent, so a
 * processor works on one while another waits for a result.
 */
export class DagEmitter {
  readonly #vector: VectorCode;
  /** Per vector: where a node's value is. */
  #values: Map<DagNode, Operand>[];

  constructor(vector: VectorCode, vectors: number) {
    this.#vector = vector;
    this.#values = Array.from({ length: vectors }, () => new Map<DagNode, Operand>());
  }

  /** Says where vector u finds a leaf, or replaces where it finds a node. */
  define(node: DagNode, u: number, value: Operand): void {
    this.#values[u]!.set(node, value);
  }

  value(node: DagNode, u: number): Operand {
    if (node.kind === 'constant') return this.#vector.constant(node.value);
    const value = this.#values[u]!.get(node);
    if (!value) throw new Error(`A ${node.kind} node is used before it is computed.`);
    return value;
  }

  /** Values computed from now on are forgotten when the returned function is called. */
  mark(): () => void {
    const saved = this.#values.map((values) => new Map(values));
    return () => {
      this.#values = saved;
    };
  }

  /** Computes the roots and all they need that has no value yet. */
  emit(roots: readonly DagNode[]): void {
    const order = inOrder(roots).filter((node) => node.kind !== 'constant' && !this.#values[0]!.has(node));
    const uses = new Map<DagNode, number>();
    for (const node of [...order.flatMap((n) => n.args), ...roots]) uses.set(node, (uses.get(node) ?? 0) + 1);
    const pending = new Set(order);
    // A product with one user, which adds it, is computed inside that addition.
    const fused = new Map<DagNode, DagNode>();
    for (const node of order) {
      if (node.kind !== 'add') continue;
      const product = node.args.find((a) => a.kind === 'multiply' && uses.get(a) === 1 && pending.has(a));
      if (product) fused.set(product, node);
    }
    const productOf = new Map([...fused].map(([product, sum]) => [sum, product]));
    for (const node of order) {
      if (fused.has(node)) continue;
      this.#values.forEach((_, u) => this.define(node, u, this.#compute(node, u, productOf.get(node))));
    }
  }

  #compute(node: DagNode, u: number, product: DagNode | undefined): Operand {
    const vector = this.#vector;
    const { opcodes } = vector.format;
    if (product) {
      const rest = node.args[node.args[0] === product ? 1 : 0]!;
      const [a, b] = product.args.map((arg) => this.value(arg, u));
      return vector.keep(vector.madd(a!, b!, this.value(rest, u)));
    }
    const args = node.args.map((arg) => this.value(arg, u));
    switch (node.kind) {
      case 'add':
        return vector.keep(vector.apply(opcodes.add, ...args));
      case 'subtract':
        return vector.keep(vector.apply(opcodes.sub, ...args));
      case 'multiply':
        return vector.keep(vector.apply(opcodes.mul, ...args));
      case 'divide':
        return vector.keep(vector.apply(opcodes.div, ...args));
      case 'sqrt':
        return vector.keep(vector.apply(opcodes.sqrt, ...args));
      case 'abs':
        return vector.keep(vector.apply(opcodes.abs, ...args));
      case 'exp':
        return vector.exp(args[0]!);
      case 'log':
        return vector.log(args[0]!);
      case 'exprelr':
        return vector.exprelr(args[0]!, args[1]!);
      case 'less':
        return vector.keep(vector.apply(opcodes.lt, ...args));
      case 'lessEqual':
        return vector.keep(vector.apply(opcodes.le, ...args));
      case 'select':
        return vector.keep(vector.apply(v128.bitselect, ...args));
      default:
        throw new Error(`A ${node.kind} leaf has no value.`);
    }
  }
}
