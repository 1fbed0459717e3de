import type { FeatureSetName } from '../contract/config.ts';
import type { WireError } from '../contract/errors.ts';
import type { TraceBins } from '../features/trace.ts';
import type { JointPriorSpec, ParameterSpec } from '../contract/prior.ts';
import type { Protocol } from './protocol.ts';
import type { NeuronTask } from './neuron-simulator.ts';

/** What a pool of workers simulates. */
export type SimulationTask =
  | (NeuronTask & {
      kind: 'neuron';
      /** A simulation beyond ± this voltage is bad. */
      maxVoltageMv: number;
      /** A simulation with more spikes during the step is bad; null = no such rule. */
      maxSpikes: number | null;
      /** bins: of the set `trace` only. */
      features: { set: FeatureSetName; exclude: readonly string[]; bins?: TraceBins | null };
      /** Several sweeps: the number of the task's own, and the others. Traces and spike times are those of the task's own. */
      sweeps?: { own: number; others: readonly { sweep: number; protocol: Protocol }[] };
    })
  | {
      kind: 'module';
      /** A user's simulator module (.mjs). */
      path: string;
      /** A call that takes longer is stopped, and its simulation is bad. */
      timeLimitS: number;
    };

export interface FeatureName {
  name: string;
  unit: string;
  description: string;
}

/** What a user's module declares. */
export interface ModuleInfo {
  /** With a joint prior, each parameter has its marginal as prior. */
  parameters: ParameterSpec[];
  jointPrior: JointPriorSpec | null;
  features: string[];
}

/** Places in `SharedJob.control`; the workers take work and report by atomic operations on them. */
export const control = { next: 0, cancelled: 1, done: 2, bad: 3, length: 4 } as const;

/** A batch in shared memory: the workers take pieces until none is left and write results in place. */
export interface SharedJob {
  job: number;
  n: number;
  seed: number;
  stream: number;
  firstIndex: number;
  /** [n, D] */
  theta: Float64Array;
  /** [n, F], NaN where nothing was written */
  x: Float64Array;
  /** [n] a code of `badCode`, 0 = good */
  bad: Uint8Array;
  /** [n, steps], only where traces are wanted */
  traces: Float32Array | Float64Array | null;
  /** Whether the spike times of the good simulations are wanted. */
  spikeTimes: boolean;
  control: Int32Array;
  /** [workers] 1 + the row that a worker's module simulates now; 0 between calls */
  current: Int32Array;
}

/** `told`: the reason comes in a message of its own. */
export const badCode = { good: 0, diverged: 1, outOfRange: 2, tooManySpikes: 3, told: 255 } as const;

export interface ToWorker {
  kind: 'job';
  job: SharedJob;
}

export type FromWorker =
  | { kind: 'ready'; features: FeatureName[]; dimension: number; steps: number; module: ModuleInfo | null }
  | { kind: 'failed'; error: WireError }
  | { kind: 'bad'; job: number; row: number; reason: string }
  | { kind: 'finished'; job: number; busySeconds: number; spikeTimesMs: [row: number, times: number[]][] }
  | { kind: 'refused'; job: number; error: WireError };
