import { type DagNode, type ExpressionDag, inOrder } from './expression-dag.ts';

/**
 * Rates of one gate are often exponentials of the same voltage with commensurable scales: e^{−(x−10)/40}, e^{0.2(x−40)},
 * e^{−0.25(x−13)} are e^{−10.../40}-fold powers of one e^{x/40}. Each exponential whose argument is k·core + c with
 * constants k, c is replaced by (e^{b·core})^m·e^c with m = k/b a small integer, negative m through one reciprocal. An
 * exponential costs about fifteen instructions, a power a few multiplications. Parameters that are added to the core, such as the
 * threshold in V − V_T, go the same way: e^{k·(V − V_T)} is a power of e^{b·V} times e^{−k·V_T}, which is computed once.
 *
 * Rounding: the m-th power multiplies the relative error of its base by m, which is what the larger argument k·core would
 * have cost as well. Overflow to ∞ and underflow to 0 are those of the exact value, because |c| is bounded, and so is what a
 * parameter adds.
 */
const largestPower = 16;
/** e^{±40} times a value that has left the range of float32 (e^{±87}) is still beyond 1e20 or below 1e−20. */
const largestOffset = 40;
/** Per mV: a parameter of up to 160 mV, as any threshold is, stays within that offset. Steeper exponentials keep it inside. */
const steepestShift = largestOffset / 160;

interface LinearArgument {
  core: DagNode;
  k: number;
  c: number;
  /** What is added that is the same in every step: Σ factor·node. */
  shifts: { factor: number; node: DagNode }[];
}

/** node = k·core + c + shifts with constants k and c, the core free of constant factors and invariant terms. */
function linear(node: DagNode): LinearArgument {
  let core = node;
  let k = 1;
  let c = 0;
  const shifts: LinearArgument['shifts'] = [];
  for (;;) {
    const [first, last] = core.args;
    if (first === undefined || last === undefined) break;
    const isSum = core.kind === 'add' || core.kind === 'subtract';
    const shiftable = Math.abs(k) <= steepestShift;
    if (last.kind === 'constant' && core.kind === 'multiply') {
      k *= last.value;
      core = first;
    } else if (last.kind === 'constant' && core.kind === 'add') {
      c += k * last.value;
      core = first;
    } else if (shiftable && isSum && last.invariant && !first.invariant) {
      shifts.push({ factor: core.kind === 'add' ? k : -k, node: last });
      core = first;
    } else if (shiftable && core.kind === 'add' && first.invariant && !last.invariant) {
      shifts.push({ factor: k, node: first });
      core = last;
    } else break;
  }
  return { core, k, c, shifts };
}

function wholeMultiple(k: number, base: number): number | null {
  const ratio = Math.abs(k) / base;
  const m = Math.round(ratio);
  return m >= 1 && m <= largestPower && Math.abs(ratio - m) < 1e-9 ? m : null;
}

/** The same roots with shared exponentials. */
export function shareExponentials(dag: ExpressionDag, roots: readonly DagNode[]): DagNode[] {
  const scales = new Map<DagNode, number[]>();
  for (const node of inOrder(roots)) {
    if (node.kind !== 'exp' || node.invariant) continue;
    const { core, k, c } = linear(node.args[0]!);
    if (Math.abs(c) > largestOffset) continue;
    scales.set(core, [...(scales.get(core) ?? []), Math.abs(k)]);
  }
  const bases = new Map<DagNode, number[]>();
  for (const [core, all] of scales) {
    const chosen: number[] = [];
    for (const k of all.sort((a, b) => a - b))
      if (!chosen.some((base) => wholeMultiple(k, base) !== null)) chosen.push(k);
    bases.set(core, chosen);
  }

  const rewritten = new Map<DagNode, DagNode>();
  for (const node of inOrder(roots)) {
    const args = node.args.map((a) => rewritten.get(a)!);
    rewritten.set(node, rewrite(node, args));
  }
  return roots.map((root) => rewritten.get(root)!);

  function rewrite(node: DagNode, args: DagNode[]): DagNode {
    switch (node.kind) {
      case 'exp': {
        const { core, k, c, shifts } = linear(node.args[0]!);
        const base = bases.get(core)?.find((b) => wholeMultiple(k, b) !== null);
        if (node.invariant || base === undefined || Math.abs(c) > largestOffset)
          return dag.unary('exp', args[0]!);
        const e = dag.unary('exp', dag.multiply(rewritten.get(core)!, dag.constant(base)));
        const signed = k > 0 ? e : dag.divide(dag.constant(1), e);
        const shift = shifts.reduce(
          (sum, { factor, node: added }) => dag.add(sum, dag.multiply(added, dag.constant(factor))),
          dag.constant(c),
        );
        return dag.multiply(dag.power(signed, wholeMultiple(k, base)!), dag.unary('exp', shift));
      }
      case 'exprelr':
        return dag.exprelr(args[0]!, args[1]!);
      case 'add':
        return dag.add(args[0]!, args[1]!);
      case 'subtract':
        return dag.subtract(args[0]!, args[1]!);
      case 'multiply':
        return dag.multiply(args[0]!, args[1]!);
      case 'divide':
        return dag.divide(args[0]!, args[1]!);
      case 'sqrt':
      case 'abs':
      case 'log':
        return dag.unary(node.kind, args[0]!);
      case 'less':
      case 'lessEqual':
        return dag.compare(node.kind, args[0]!, args[1]!);
      case 'select':
        return dag.select(args[0]!, args[1]!, args[2]!);
      default:
        return node;
    }
  }
}
