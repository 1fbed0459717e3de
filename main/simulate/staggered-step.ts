import type { DagNode } from './expression-dag.ts';
import { type StageResult } from './model-equations.ts';
import { spikeRule } from './spike-rule.ts';
import type { Moment, StepParts } from './step-parts.ts';
import { initialValues } from './initial-values.ts';

/**
 * The staggered exponential step (Rush & Larsen 1978), for one compartment whose gates and states do not depend on each other:
 * the voltage lives at whole steps, gates and states half a step later, so that each sees the other at the middle of its own
 * step; second order at one evaluation a step.
 *
 *   G = Σ ḡ·Πxᵖ,  V∞ = (Σ g·E + I)/G,  V ← V∞ + (V − V∞)·e^{−dt·G/C}
 *   then, with rates at the new V:  x ← x∞ + (x − x∞)·e^{−dt/τ},  x∞ = α/(α+β),  1/τ = α+β
 *
 * Where g or E depend on V, or a current is no conductance times a driving force, the voltage's step is that of its equation
 * linearised at the present V (exponential Rosenbrock–Euler, Hochbruck & Ostermann 2010, eq. 2.41): V ← V + dt·φ₁(dt·J)·dV/dt; and
 * so is that of a state.
 */
export function staggeredStep(parts: StepParts): { stages: StageResult[][]; initial: DagNode[] } {
  const { dag, system, dtMs } = parts;
  const [voltage] = system.voltages;
  const fresh = dag.leaf('fresh', 0);
  const after = parts.moment((name) => (name === voltage!.name ? fresh : parts.state(name)));
  const before = parts.moment((name) => parts.state(name));
  const injected = parts.injected(0, before);
  const old = dag.leaf('state', 0);
  const step = parts.constant(dtMs);

  function advanced(at: Moment, value: (name: string) => DagNode): StageResult[] {
    return system.variables.map((variable, i) => {
      const y = value(variable.name);
      if (variable.kind === 'gate') {
        const moved = parts.relaxed(y, parts.kinetics(variable, at), dtMs);
        return { node: moved, row: parts.row(i), leaf: null };
      }
      const slope = at(variable.slope);
      const drift = dag.add(y, parts.advance(at(variable.derivative), slope, step));
      const noise = parts.ownNoise(variable, slope, at);
      return { node: noise ? dag.add(drift, noise) : drift, row: parts.row(i), leaf: null };
    });
  }

  if (!voltage!.nonlinear) {
    const moved = parts.relaxed(old, parts.target(voltage!, injected, after), dtMs);
    const stages = [[{ node: moved, row: 0, leaf: fresh }], advanced(after, (name) => parts.state(name))];
    return { stages, initial: initialValues(parts, dtMs / 2) };
  }
  const { change, slope } = parts.change(voltage!.nonlinear, injected, before);
  if (!system.spike) {
    const moved = dag.add(old, parts.advance(change, slope, step));
    const stages = [[{ node: moved, row: 0, leaf: fresh }], advanced(after, (name) => parts.state(name))];
    return { stages, initial: initialValues(parts, dtMs / 2) };
  }
  const rule = spikeRule(parts, system.spike);
  const moved = dag.add(old, parts.advance(change, slope, rule.freeMs));
  const reset = rule.reset({
    candidate: (name) => (name === voltage!.name ? fresh : parts.state(name)),
    // The time to the threshold by the linearised equation: ln(1 + J·x/F)/J for the way x.
    crossingMs: (way) => {
      const z = dag.divide(dag.multiply(slope, way), change);
      const near = dag.multiply(dag.divide(way, change), dag.add(dag.multiply(z, parts.constant(-0.5)), parts.constant(1))); // prettier-ignore
      const far = dag.divide(dag.unary('log', dag.add(z, parts.constant(1))), slope);
      return dag.choose('less', dag.unary('abs', z), parts.constant(1e-3), near, far);
    },
    firstLeaf: 1,
  });
  const leafOf = new Map(reset.results.filter(({ leaf }) => leaf).map((r) => [r.name, r.leaf!]));
  const value = (name: string): DagNode => leafOf.get(name) ?? parts.state(name);
  const stages = [
    [{ node: moved, row: null, leaf: fresh }],
    // The states' rows are written when they have been advanced.
    reset.results.map(({ name, ...result }) =>
      name === voltage!.name || name === '' ? result : { ...result, row: null },
    ),
    advanced(parts.moment(value), value),
  ];
  return { stages, initial: initialValues(parts, dtMs / 2) };
}
