import type { Expression } from '../model/expression.ts';
import type { DagNode, ExpressionDag } from './expression-dag.ts';

/** An expression as nodes of a graph. @param nodeOf what a name stands for; names were checked before */
export function nodesOf(
  dag: ExpressionDag,
  expression: Expression,
  nodeOf: (name: string) => DagNode,
): DagNode {
  const of = (e: Expression): DagNode => nodesOf(dag, e, nodeOf);
  switch (expression.kind) {
    case 'number':
      return dag.constant(expression.value);
    case 'name':
      return nodeOf(expression.name);
    case 'negate':
      return dag.negate(of(expression.argument));
    case 'binary': {
      const left = of(expression.left);
      const right = of(expression.right);
      switch (expression.operator) {
        case '+':
          return dag.add(left, right);
        case '-':
          return dag.subtract(left, right);
        case '*':
          return dag.multiply(left, right);
        case '/':
          return dag.divide(left, right);
        case '^':
          return power(dag, left, right);
      }
      break;
    }
    case 'if':
      return dag.choose(
        expression.operator === '<' ? 'less' : 'lessEqual',
        of(expression.left),
        of(expression.right),
        of(expression.then),
        of(expression.otherwise),
      );
    case 'call': {
      const x = of(expression.argument);
      const one = dag.constant(1);
      switch (expression.function) {
        case 'exprelr':
          return dag.exprelr(x);
        case 'tanh': // 1 − 2/(e^{2x} + 1)
          return dag.subtract(
            one,
            dag.divide(dag.constant(2), dag.add(dag.unary('exp', dag.multiply(x, dag.constant(2))), one)),
          );
        case 'cosh': // (e^x + e^{−x})/2
          return dag.multiply(
            dag.add(dag.unary('exp', x), dag.unary('exp', dag.negate(x))),
            dag.constant(0.5),
          );
        default:
          return dag.unary(expression.function, x);
      }
    }
  }
}

/** Whole powers up to 64 by multiplication; others as e^{b·ln a}, which is NaN for a < 0. */
function power(dag: ExpressionDag, base: DagNode, exponent: DagNode): DagNode {
  if (exponent.kind === 'constant') {
    const { value } = exponent;
    if (base.kind === 'constant') return dag.constant(base.value ** value);
    if (Number.isInteger(value) && Math.abs(value) <= 64) return dag.power(base, value);
  }
  return dag.unary('exp', dag.multiply(exponent, dag.unary('log', base)));
}
