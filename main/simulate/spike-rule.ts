import type { SystemSpike } from '../model/system.ts';
import type { DagNode } from './expression-dag.ts';
import type { StageResult } from './model-equations.ts';
import type { StepParts } from './step-parts.ts';

interface Candidate {
  /** Voltages and variables at the end of the step, as if there were no threshold. */
  candidate: (name: string) => DagNode;
  /** When the voltage crosses, from the beginning of the step: for the way from there to the threshold, mV. */
  crossingMs: (way: DagNode) => DagNode;
  /** The first 'fresh' leaf that is free. */
  firstLeaf: number;
}

/**
 * The threshold of an integrate-and-fire model. The crossing is placed inside the step; for the rest of the step, less the
 * refractory time, the voltage moves on from its reset value with the slope that it has there. A refractory time that ends
 * inside a step leaves the voltage the rest of that step (`freeMs`).
 */
export function spikeRule(parts: StepParts, spike: SystemSpike) {
  const { dag, system, dtMs } = parts;
  const zero = parts.constant(0);
  const step = parts.constant(dtMs);
  const left = spike.refractory ? dag.leaf('state', parts.refractoryRow) : zero;
  const freeMs = dag.max(dag.subtract(step, left), zero);
  const recorded = system.voltages[system.recorded]!;

  function reset({ candidate, crossingMs, firstLeaf }: Candidate): {
    results: (StageResult & { name: string })[];
  } {
    const at = parts.moment(candidate);
    const voltage = candidate(recorded.name);
    const threshold = at(spike.threshold);
    const crossed = dag.compare('lessEqual', threshold, voltage);
    const way = dag.subtract(threshold, parts.state(recorded.name));
    const restMs = dag.min(dag.max(dag.subtract(freeMs, crossingMs(way)), zero), freeMs);
    const refractory = spike.refractory ? at(spike.refractory) : zero;

    const values = new Map<string, DagNode>();
    values.set(recorded.name, at(spike.resetVoltage));
    for (const { name, expression } of spike.resetStates) values.set(name, at(expression));
    const there = parts.moment((name) => values.get(name) ?? candidate(name));
    const { change } = parts.change(recorded.nonlinear!, parts.injected(system.recorded, there), there);
    const moving = dag.max(dag.subtract(restMs, refractory), zero);
    const started = dag.add(values.get(recorded.name)!, dag.multiply(moving, change));
    // Where the reset value lies on the upstroke, the next spike is a step away, not a voltage without bounds.
    values.set(recorded.name, dag.min(started, threshold));

    let leaf = firstLeaf;
    const results: (StageResult & { name: string })[] = [...values].map(([name, value]) => ({
      name,
      node: dag.select(value, candidate(name), crossed),
      row:
        name === recorded.name
          ? system.recorded
          : parts.row(system.variables.findIndex((v) => v.name === name)),
      leaf: dag.leaf('fresh', leaf++),
    }));
    const add = (node: DagNode, row: number): void => void results.push({ name: '', node, row, leaf: null });
    add(dag.select(at(spike.peak), voltage, crossed), parts.shownRow);
    if (spike.refractory) {
      const rest = dag.max(dag.subtract(refractory, restMs), zero);
      add(dag.select(rest, dag.max(dag.subtract(left, step), zero), crossed), parts.refractoryRow);
    }
    return { results };
  }
  return { freeMs, reset };
}
