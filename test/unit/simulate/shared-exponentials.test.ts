import { describe, expect, it } from 'vitest';
import { type DagNode, ExpressionDag, inOrder } from '../../../main/simulate/expression-dag.ts';
import { modelEquations } from '../../../main/simulate/model-equations.ts';
import { shareExponentials } from '../../../main/simulate/shared-exponentials.ts';
import { loadModel } from '../../../main/model/neuron-model.ts';
import { parseModel } from '../../../main/model/parsed-model.ts';

const exponentials = (roots: readonly DagNode[]): number =>
  inOrder(roots).filter((node) => node.kind === 'exp' && !node.invariant).length;

function evaluate(node: DagNode, v: number): number {
  const [a, b] = node.args.map((arg) => evaluate(arg, v));
  switch (node.kind) {
    case 'constant':
      return node.value;
    case 'fresh':
      return v;
    case 'parameter':
      return 61.3;
    case 'add':
      return a! + b!;
    case 'subtract':
      return a! - b!;
    case 'multiply':
      return a! * b!;
    case 'divide':
      return a! / b!;
    case 'exp':
      return Math.exp(a!);
    default:
      throw new Error(node.kind);
  }
}

describe('ExpressionDag', () => {
  const dag = new ExpressionDag();
  const v = dag.leaf('fresh');
  const p = dag.leaf('parameter', 0);
  it('makes equal expressions one node, in either order of a sum or product', () => {
    expect(dag.add(v, p)).toBe(dag.add(p, v));
    expect(dag.multiply(dag.add(v, p), v)).toBe(dag.multiply(v, dag.add(p, v)));
  });
  it('folds constants', () => {
    expect(dag.add(dag.add(v, dag.constant(2)), dag.constant(-2))).toBe(v);
    expect(dag.multiply(dag.divide(v, dag.constant(4)), dag.constant(4))).toBe(v);
    expect(dag.divide(dag.constant(1), dag.divide(p, v))).toBe(dag.divide(v, p));
    expect(dag.power(v, 5)).toBe(dag.multiply(v, dag.multiply(dag.multiply(v, v), dag.multiply(v, v))));
  });
  it('knows what is the same in every step', () => {
    expect(dag.unary('exp', dag.add(p, dag.constant(1))).invariant).toBe(true);
    expect(dag.add(p, v).invariant).toBe(false);
  });
});

describe('shareExponentials', () => {
  const dag = new ExpressionDag();
  const v = dag.leaf('fresh');
  const exp = (k: number, c: number): DagNode =>
    dag.unary('exp', dag.add(dag.multiply(v, dag.constant(k)), dag.constant(c)));

  it('makes one exponential of those with commensurable scales, with the same values', () => {
    const roots = [exp(0.025, 1), exp(-0.2, 3), exp(0.25, -2), exp(-0.05, 0)];
    const shared = shareExponentials(dag, roots);
    expect(exponentials(roots)).toBe(4);
    expect(exponentials(shared)).toBe(1);
    for (const voltage of [-120, -63.7, 0, 48.2])
      roots.forEach((root, i) =>
        // The tenth power multiplies one rounding by ten.
        expect(evaluate(shared[i]!, voltage) / evaluate(root, voltage)).toBeCloseTo(1, 13),
      );
  });
  it('takes a parameter that is added to the voltage out of the exponential, and computes it once', () => {
    const p = dag.leaf('parameter', 0);
    const of = (core: DagNode, k: number) => dag.unary('exp', dag.multiply(core, dag.constant(k)));
    const roots = [
      of(dag.subtract(v, p), 0.2),
      of(dag.add(p, v), -0.1),
      of(dag.subtract(v, p), -0.05),
      of(v, 0.05),
    ];
    const shared = shareExponentials(dag, roots);
    expect(exponentials(shared)).toBe(1);
    for (const voltage of [-120, -63.7, 0, 48.2])
      roots.forEach((root, i) => {
        expect(evaluate(shared[i]!, voltage) / evaluate(root, voltage)).toBeCloseTo(1, 13);
      });
  });
  it('leaves it inside where the exponential is so steep that its part could overflow', () => {
    const steep = dag.unary('exp', dag.multiply(dag.subtract(v, dag.leaf('parameter', 0)), dag.constant(2)));
    const [shared] = shareExponentials(dag, [steep]);
    expect(evaluate(shared!, 61.3)).toBe(1);
    expect(inOrder([shared!]).filter((node) => node.kind === 'exp' && node.invariant)).toEqual([]);
  });
  it('leaves alone what has other scales or an offset that would overflow', () => {
    const roots = [exp(0.03, 0), exp(0.05, 0), exp(0.06, 60)];
    const shared = shareExponentials(dag, roots);
    expect(exponentials(shared)).toBe(3);
  });
  it('reduces the hh8 model to two exponentials of the voltage and five decays', async () => {
    const model = parseModel((await loadModel('hh8')).file);
    const { stages } = modelEquations(model, model.parameters, {}, 0.01);
    expect(exponentials(stages.flat().map(({ node }) => node))).toBe(7);
  });
});
