import type { DagNode } from './expression-dag.ts';
import type { StepParts } from './step-parts.ts';

/**
 * The rows of the state at the start: every voltage at the protocol's first, states as they say, gates at their steady state.
 * @param aheadMs how far the states are advanced at that voltage: half a step where they live there, otherwise 0. Gates at their
 *   steady state would not move.
 */
export function initialValues(parts: StepParts, aheadMs: number): DagNode[] {
  const { dag, system } = parts;
  const voltage = dag.leaf('fresh', 0);
  const known = new Map<string, DagNode>(system.voltages.map(({ name }) => [name, voltage]));
  const missing = (name: string): never => {
    throw new Error(`«${name}» is used in an initial value before it has one.`);
  };
  // Each moment remembers what it has computed, so every state that is settled makes a new one.
  const now = () => parts.moment((name) => known.get(name) ?? missing(name));
  for (const variable of system.variables)
    if (variable.kind === 'state') known.set(variable.name, now()(variable.initial));
  const settled = now();
  for (const variable of system.variables)
    if (variable.kind === 'gate') known.set(variable.name, parts.kinetics(variable, settled).steady);
  const all = now();
  const rows = system.variables.map((variable) => {
    const y = known.get(variable.name)!;
    if (variable.kind === 'gate' || aheadMs === 0) return y;
    const ahead = parts.constant(aheadMs);
    return dag.add(y, parts.advance(all(variable.derivative), all(variable.slope), ahead));
  });
  return [
    ...system.voltages.map(() => voltage),
    ...rows,
    ...(system.spike ? [voltage] : []),
    ...(system.spike?.refractory ? [parts.constant(0)] : []),
  ];
}
