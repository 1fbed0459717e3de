import type { DagNode } from './expression-dag.ts';
import { initialValues } from './initial-values.ts';
import type { StageResult } from './model-equations.ts';
import { spikeRule } from './spike-rule.ts';
import type { Moment, StepParts } from './step-parts.ts';

/**
 * The exponential midpoint step, for models whose variables depend on each other or that have several compartments: a half step
 * predicts everything at the middle, then each equation, linearised in its own variable there, is solved for the whole step;
 * second order at two evaluations a step.
 *
 *   y½ = y + ½dt·φ₁(½dt·J)·f(y),  J = ∂fᵢ/∂yᵢ
 *   y ← y + dt·φ₁(dt·J½)·(f(y½) + J½·(y − y½))
 *
 * A voltage with a spike rule is advanced from where it is, with everything else at the middle: linearised half an upstroke further
 * on, an exponential integrate-and-fire model would fly off.
 *
 * For gates and for voltages whose equation is linear this is relaxation to V∞ or x∞ at the middle.
 */
export function midpointStep(parts: StepParts): { stages: StageResult[][]; initial: DagNode[] } {
  const { dag, system, dtMs } = parts;
  const rule = system.spike ? spikeRule(parts, system.spike) : null;
  const names = [...parts.voltageRows, ...system.variables.map(({ name }) => name)];
  const half = names.map((_, i) => dag.leaf('fresh', i));
  const whole = names.map((_, i) => dag.leaf('fresh', names.length + i));
  const before = parts.moment((name) => parts.state(name));
  const middle = parts.moment((name) => half[names.indexOf(name)]!);

  const spiking = parts.moment((name) =>
    rule && name === parts.voltageRows[system.recorded] ? parts.state(name) : half[names.indexOf(name)]!,
  );

  /** Every voltage and variable after a time, with its equation as it is at a moment. */
  function advanced(
    at: Moment,
    ms: number,
    from: ((name: string) => DagNode) | null,
    noisy: boolean,
  ): DagNode[] {
    const moved = (name: string, change: DagNode, slope: DagNode, time: DagNode): DagNode => {
      const y = parts.state(name);
      // f + J·(y − y½) where the equation is that of the middle.
      const there = from ? dag.add(change, dag.multiply(slope, dag.subtract(y, from(name)))) : change;
      return dag.add(y, parts.advance(there, slope, time));
    };
    const voltages = system.voltages.map((voltage, i) => {
      if (rule && i === system.recorded) {
        const there = from ? spiking : at;
        const { change, slope } = parts.change(voltage.nonlinear!, parts.injected(i, there), there);
        const time = dag.multiply(rule.freeMs, parts.constant(ms / dtMs));
        return dag.add(parts.state(voltage.name), parts.advance(change, slope, time));
      }
      const injected = parts.injected(i, at);
      if (!voltage.nonlinear) {
        return parts.relaxed(parts.state(voltage.name), parts.target(voltage, injected, at), ms);
      }
      const { change, slope } = parts.change(voltage.nonlinear, injected, at);
      return moved(voltage.name, change, slope, parts.constant(ms));
    });
    const variables = system.variables.map((variable) => {
      if (variable.kind === 'gate') {
        return parts.relaxed(parts.state(variable.name), parts.kinetics(variable, at), ms);
      }
      const slope = at(variable.slope);
      const drift = moved(variable.name, at(variable.derivative), slope, parts.constant(ms));
      const noise = noisy ? parts.ownNoise(variable, slope, at) : null;
      return noise ? dag.add(drift, noise) : drift;
    });
    return [...voltages, ...variables];
  }

  const predicted = advanced(before, dtMs / 2, null, false);
  if (system.spike) {
    // The upstroke of an exponential integrate-and-fire model has no bound: its middle is at most the threshold.
    const { recorded, spike } = system;
    predicted[recorded] = dag.min(predicted[recorded]!, before(spike.threshold));
  }
  const ended = advanced(middle, dtMs, (name) => half[names.indexOf(name)]!, true);
  const first = predicted.map((node, i) => ({ node, row: null, leaf: half[i]! }));
  const initial = initialValues(parts, 0);
  if (!rule) return { stages: [first, ended.map((node, i) => ({ node, row: i, leaf: null }))], initial };

  const second = ended.map((node, i) => ({ node, row: null, leaf: whole[i]! }));
  const candidate = (name: string): DagNode => whole[names.indexOf(name)]!;
  const recordedName = parts.voltageRows[system.recorded]!;
  const { results } = rule.reset({
    candidate,
    crossingMs: (way) => {
      const made = dag.subtract(candidate(recordedName), parts.state(recordedName));
      return dag.divide(dag.multiply(rule.freeMs, way), made);
    },
    firstLeaf: 2 * names.length,
  });
  const changed = results.map(({ name, ...result }) => ({ ...result, leaf: null, name }));
  const kept = names
    .filter((name) => !changed.some((result) => result.name === name))
    .map((name) => ({ node: candidate(name), row: names.indexOf(name), leaf: null }));
  return { stages: [first, second, [...changed.map(({ name: _, ...result }) => result), ...kept]], initial };
}
