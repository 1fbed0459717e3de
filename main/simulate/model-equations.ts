import type { ParsedModel } from '../model/parsed-model.ts';
import { systemOf } from '../model/system.ts';
import type { DagNode } from './expression-dag.ts';
import { midpointStep } from './midpoint-step.ts';
import { shareExponentials } from './shared-exponentials.ts';
import { staggeredStep } from './staggered-step.ts';
import { type Decay, StepParts } from './step-parts.ts';

/**
 * One time step of a model, as graph nodes. Units: mV, ms, mS/cm², µA/cm², µF/cm².
 *
 * The state has rows: the voltages of the compartments, gates and other variables, and with a spike rule the voltage that the
 * trace shows and the rest of the refractory time. A step is a list of stages, each computed from what was known before it.
 */
export interface ModelEquations {
  rows: number;
  /** The row that the trace shows. */
  shown: number;
  /** [rows] from parameters and the leaf 'fresh' 0, which stands for the initial voltage here. */
  initial: DagNode[];
  stages: StageResult[][];
  /** σ/√dt, what the first standard normal number of a step is multiplied by; null = no noise current. Invariant. */
  noiseScale: DagNode | null;
  /** Standard normal numbers a step: of the noise current, then of the variables. */
  noises: number;
}

/** A value that a stage computes. */
export interface StageResult {
  node: DagNode;
  /** The row of the state that takes it; null = none. */
  row: number | null;
  /** What stands for it in later stages; null = nothing. */
  leaf: DagNode | null;
}

/**
 * @param free names of the parameters that differ between simulations, in the order of θ
 * @param fixed values of the others; they become constants of the compiled code
 * @param dtMs the time step
 * @param decay what single precision can do more cheaply
 */
export function modelEquations(
  model: ParsedModel,
  free: readonly string[],
  fixed: Readonly<Record<string, number>>,
  dtMs: number,
  decay: Decay = 'exponential',
): ModelEquations {
  const system = systemOf(model);
  const parts = new StepParts(system, free, fixed, dtMs, decay);
  const { stages, initial } = system.staggered ? staggeredStep(parts) : midpointStep(parts);
  const results = stages.flat();
  const shared = shareExponentials(parts.dag, [...results.map(({ node }) => node), ...initial]);
  let next = 0;
  return {
    rows: initial.length,
    shown: parts.shownRow,
    stages: stages.map((stage) => stage.map((result) => ({ ...result, node: shared[next++]! }))),
    initial: shared.slice(results.length),
    noiseScale: parts.noiseScale(),
    noises: parts.noises,
  };
}
