/**
 * A model's equations as a directed acyclic graph: equal subexpressions are one node (hash-consing), constants are folded
 * as they are built, and every node knows whether it is invariant, that is, the same in every time step.
 */
export type NodeKind =
  | 'constant'
  | 'parameter'
  | 'current'
  | 'noise'
  | 'state'
  | 'fresh'
  | 'add'
  | 'subtract'
  | 'multiply'
  | 'divide'
  | 'sqrt'
  | 'abs'
  | 'exp'
  | 'log'
  | 'exprelr'
  | 'less'
  | 'lessEqual'
  | 'select';

export interface DagNode {
  readonly kind: NodeKind;
  /** For exprelr: z and e^z; for select: the value where the condition holds, the other value, the condition (less, lessEqual). */
  readonly args: readonly DagNode[];
  /** The value of a constant; the index of a parameter, noise, state (before the step) or fresh value (of an earlier stage); otherwise 0. */
  readonly value: number;
  readonly id: number;
  readonly invariant: boolean;
}

const invariantLeaves: readonly NodeKind[] = ['constant', 'parameter'];

export class ExpressionDag {
  readonly #nodes = new Map<string, DagNode>();

  #make(kind: NodeKind, args: readonly DagNode[] = [], value = 0): DagNode {
    // Object.is semantics for the key: −0 and 0 are different constants.
    const key = `${kind} ${Object.is(value, -0) ? '-0' : value} ${args.map((a) => a.id).join(' ')}`;
    const known = this.#nodes.get(key);
    if (known) return known;
    const invariant = invariantLeaves.includes(kind) || (args.length > 0 && args.every((a) => a.invariant));
    const node: DagNode = { kind, args, value, id: this.#nodes.size, invariant };
    this.#nodes.set(key, node);
    return node;
  }

  constant(value: number): DagNode {
    return this.#make('constant', [], value);
  }
  leaf(kind: 'parameter' | 'current' | 'noise' | 'state' | 'fresh', index = 0): DagNode {
    return this.#make(kind, [], index);
  }

  add(a: DagNode, b: DagNode): DagNode {
    const [first, second] = constantLast(a, b);
    if (second.kind === 'constant') {
      if (second.value === 0) return first;
      if (first.kind === 'constant') return this.constant(first.value + second.value);
      if (first.kind === 'add' && first.args[1]!.kind === 'constant')
        return this.add(first.args[0]!, this.constant(first.args[1].value + second.value));
    }
    return this.#make('add', [first, second]);
  }
  subtract(a: DagNode, b: DagNode): DagNode {
    if (b.kind === 'constant') return this.add(a, this.constant(-b.value));
    if (b.kind === 'multiply' && b.args[1]!.kind === 'constant' && b.args[1].value === -1)
      return this.add(a, b.args[0]!);
    return this.#make('subtract', [a, b]);
  }
  multiply(a: DagNode, b: DagNode): DagNode {
    const [first, second] = constantLast(a, b);
    if (second.kind === 'constant') {
      if (second.value === 1) return first;
      if (first.kind === 'constant') return this.constant(first.value * second.value);
      if (first.kind === 'multiply' && first.args[1]!.kind === 'constant')
        return this.multiply(first.args[0]!, this.constant(first.args[1].value * second.value));
    }
    return this.#make('multiply', [first, second]);
  }
  /** Division by an invariant becomes a multiplication by its reciprocal, computed once before the loop. */
  divide(a: DagNode, b: DagNode): DagNode {
    if (b.kind === 'constant') return this.multiply(a, this.constant(1 / b.value));
    if (b.kind === 'divide') return this.multiply(a, this.divide(b.args[1]!, b.args[0]!));
    if (b.invariant && !a.invariant) return this.multiply(a, this.#make('divide', [this.constant(1), b]));
    return this.#make('divide', [a, b]);
  }
  negate(a: DagNode): DagNode {
    return this.multiply(a, this.constant(-1));
  }
  /** a^n for a whole n by squaring; the squares are shared between powers of the same base. */
  power(a: DagNode, n: number): DagNode {
    if (n < 0) return this.divide(this.constant(1), this.power(a, -n));
    let result: DagNode | null = null;
    let square = a;
    for (let rest = n; rest > 0; rest >>= 1) {
      if (rest & 1) result = result ? this.multiply(result, square) : square;
      if (rest > 1) square = this.multiply(square, square);
    }
    return result ?? this.constant(1);
  }
  unary(kind: 'sqrt' | 'abs' | 'exp' | 'log', a: DagNode): DagNode {
    if (a.kind === 'constant') return this.constant(Math[kind](a.value));
    return this.#make(kind, [a]);
  }
  exprelr(z: DagNode, expZ = this.unary('exp', z)): DagNode {
    return this.#make('exprelr', [z, expZ]);
  }
  /** left < right (or ≤) ? then : otherwise */
  choose(
    comparison: 'less' | 'lessEqual',
    left: DagNode,
    right: DagNode,
    then: DagNode,
    otherwise: DagNode,
  ): DagNode {
    if (then === otherwise) return then;
    if (left.kind === 'constant' && right.kind === 'constant') {
      const holds = comparison === 'less' ? left.value < right.value : left.value <= right.value;
      return holds ? then : otherwise;
    }
    return this.select(then, otherwise, this.compare(comparison, left, right));
  }
  compare(comparison: 'less' | 'lessEqual', left: DagNode, right: DagNode): DagNode {
    return this.#make(comparison, [left, right]);
  }
  select(then: DagNode, otherwise: DagNode, condition: DagNode): DagNode {
    return this.#make('select', [then, otherwise, condition]);
  }
  min(a: DagNode, b: DagNode): DagNode {
    return this.choose('less', b, a, b, a);
  }
  max(a: DagNode, b: DagNode): DagNode {
    return this.choose('less', a, b, b, a);
  }
}

/** The operands of a commutative operation in one order, so that a + b and b + a are one node. */
function constantLast(a: DagNode, b: DagNode): [DagNode, DagNode] {
  if (a.kind === 'constant') return [b, a];
  if (b.kind === 'constant') return [a, b];
  return a.id <= b.id ? [a, b] : [b, a];
}

/** Every node that the roots need, arguments before their users. */
export function inOrder(roots: readonly DagNode[]): DagNode[] {
  const seen = new Set<DagNode>();
  const order: DagNode[] = [];
  function visit(node: DagNode): void {
    if (seen.has(node)) return;
    seen.add(node);
    node.args.forEach(visit);
    order.push(node);
  }
  roots.forEach(visit);
  return order;
}
