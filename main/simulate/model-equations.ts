import type { Expression } from '../model/expression.ts';
import type { ParsedModel } from '../model/parsed-model.ts';
import { type DagNode, ExpressionDag } from './expression-dag.ts';
import { shareExponentials } from './shared-exponentials.ts';

/**
 * One time step of a conductance-based model, as graph nodes; exponential Euler (Rush & Larsen 1978), staggered:
 *
 *   G = Σ ḡ·Πxᵖ,  V∞ = (Σ g·E + I)/G,  V ← V∞ + (V − V∞)·e^{−dt·G/C}
 *   then, with rates at the new V:  x ← x∞ + (x − x∞)·e^{−dt/τ},  x∞ = α/(α+β),  1/τ = α+β
 *
 * Units: mV, ms, mS/cm², µA/cm², µF/cm². `current` is the injected current of the sample before, with its noise.
 */
export interface ModelEquations {
  /** From 'voltage', 'current', 'gate' and 'parameter' leaves. */
  newVoltage: DagNode;
  /** From 'newVoltage', 'gate' and 'parameter' leaves, in the order of the model's gates. */
  newGates: DagNode[];
  /** Steady states at 'newVoltage': the gates' initial values. */
  steadyGates: DagNode[];
  /** σ/√dt, what a standard normal number is multiplied by; null without noise. Invariant. */
  noiseScale: DagNode | null;
}

/**
 * @param free names of the parameters that differ between simulations, in the order of θ
 * @param fixed values of the others; they become constants of the compiled code
 * @param dtMs the time step
 */
export function modelEquations(
  model: ParsedModel,
  free: readonly string[],
  fixed: Readonly<Record<string, number>>,
  dtMs: number,
): ModelEquations {
  const dag = new ExpressionDag();
  const names = new Map<string, DagNode>();
  for (const [name, value] of Object.entries(fixed)) names.set(name, dag.constant(value));
  free.forEach((name, i) => names.set(name, dag.leaf('parameter', i)));
  const newVoltage = dag.leaf('newVoltage');
  names.set('V', newVoltage);
  for (const { name, expression } of model.definitions) names.set(name, build(dag, expression, names));
  const of = (expression: Expression): DagNode => build(dag, expression, names);
  const decay = (perMs: DagNode): DagNode => dag.unary('exp', dag.multiply(perMs, dag.constant(-dtMs)));

  let conductance = dag.constant(0);
  let drive = dag.leaf('current');
  const newGates: DagNode[] = [];
  const steadyGates: DagNode[] = [];
  for (const channel of model.channels) {
    let g = of(channel.conductance);
    for (const gate of channel.gates) {
      const x = dag.leaf('gate', newGates.length);
      g = dag.multiply(g, dag.power(x, gate.power));
      let steady: DagNode;
      let perMs: DagNode;
      if (gate.kinetics.kind === 'rates') {
        const alpha = of(gate.kinetics.alpha);
        perMs = dag.add(alpha, of(gate.kinetics.beta));
        steady = dag.divide(alpha, perMs);
      } else {
        steady = of(gate.kinetics.inf);
        perMs = dag.divide(dag.constant(1), of(gate.kinetics.tau));
      }
      steadyGates.push(steady);
      newGates.push(dag.add(steady, dag.multiply(dag.subtract(x, steady), decay(perMs))));
    }
    conductance = dag.add(conductance, g);
    drive = dag.add(drive, dag.multiply(g, of(channel.reversal)));
  }
  const target = dag.divide(drive, conductance);
  const old = dag.leaf('voltage');
  const voltage = dag.add(
    target,
    dag.multiply(dag.subtract(old, target), decay(dag.divide(conductance, of(model.capacitance)))),
  );
  const noiseScale =
    model.noise === null ? null : dag.multiply(of(model.noise), dag.constant(1 / Math.sqrt(dtMs)));

  const shared = shareExponentials(dag, [voltage, ...newGates, ...steadyGates]);
  const gates = newGates.length;
  return {
    newVoltage: shared[0]!,
    newGates: shared.slice(1, 1 + gates),
    steadyGates: shared.slice(1 + gates),
    noiseScale,
  };
}

function build(dag: ExpressionDag, expression: Expression, names: ReadonlyMap<string, DagNode>): DagNode {
  const of = (e: Expression): DagNode => build(dag, e, names);
  switch (expression.kind) {
    case 'number':
      return dag.constant(expression.value);
    case 'name':
      return names.get(expression.name)!;
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
