import type { FitConfig } from '../contract/config.ts';
import type { ParameterSpec, JointPriorSpec } from '../contract/prior.ts';
import type { Warning } from '../contract/recording.ts';
import type { RoundReport, Summary } from '../contract/run.ts';
import type { SimulationTask } from '../simulate/simulator-pool.ts';

/**
 * What a fit needs of the outside world to survive a kill: everything here is written in one transaction, so that a run
 * continues from its last finished round with the numbers of an uninterrupted one.
 */

/** What was settled before the first simulation; the same for the whole run. */
export interface PreparedRecord {
  /** Complete, with every `null` that was decided on replaced (sweep, capacitance, time step, content hash). */
  config: FitConfig;
  recording: { file: string; sha256: string; sweeps: number[] } | null;
  model: string;
  /** SHA-256 of the model's content or of the simulator module: a run does not go on with another one. */
  modelSha256: string;
  /** The free parameters in the order of every matrix; jointPrior replaces their priors where it is given. */
  parameters: ParameterSpec[];
  jointPrior: JointPriorSpec | null;
  /** What the rounds' estimates are densities of: 'working' as in model/coordinates.ts; absent = the parameters' own units. */
  coordinates?: 'working';
  features: { name: string; unit: string; description: string; observed: number | null }[];
  warnings: Warning[];
}

/** What the simulations of a recording were given: with it they are made again though the recording and the model's file are gone. */
export interface ReplayRecord {
  /** The model with its equations, and the current of every sweep. */
  task: Extract<SimulationTask, { kind: 'neuron' }>;
  /** [samples] of the first sweep, with the junction potential. */
  voltageMv: Float32Array;
  intervalMs: number;
}

/** The prior simulations that set the features' scales; the first ones of round 1. */
export interface PilotRecord {
  /** [n, D] and [n, F] row-major, NaN = missing; bad[i] = 0 or 1 + index into badReasons. */
  theta: Float64Array;
  x: Float64Array;
  bad: Uint8Array;
  badReasons: string[];
  /** [F] of the features as they are, before any bending. */
  xMean: Float64Array;
  xSd: Float64Array;
}

export interface RoundRecord {
  round: number;
  report: RoundReport;
  /** JSON of the proposal's mixture; null = the prior, or a search. */
  proposal: string | null;
  /** [n, D], [n, F], [n]; weights are 0 for bad simulations and have mean 1 over the good ones. */
  theta: Float64Array;
  x: Float64Array;
  bad: Uint8Array;
  badReasons: string[];
  weights: Float64Array;
  /** Per epoch; of a search per generation, the best and the population's median sum of objectives. */
  losses: Float64Array;
  validationLosses: Float64Array;
  /** DensityEstimator.toBytes(); empty for a search, which trains none. */
  estimator: Uint8Array;
  /** JSON of the mixture q(θ | x_o), before truncation to the prior's support; of a search, who survived the round. */
  posterior: string;
}

export interface ResultRecord {
  summary: Summary;
  /** [n, D] posterior samples; of a search its hall of fame, the best first */
  samples: Float64Array;
  /** Simulations at posterior draws, or over and over at the hall of fame: [m, D], [m, F], [m] */
  predictiveTheta: Float64Array;
  predictiveX: Float64Array;
  predictiveBad: Uint8Array;
}

/** Implemented by main/history; every method is one synchronous transaction. */
export interface FitStore {
  prepared(id: string): PreparedRecord | null;
  savePrepared(id: string, record: PreparedRecord): void;
  /** null: a simulator of one's own, or a run from before this was kept */
  replay(id: string): ReplayRecord | null;
  saveReplay(id: string, record: ReplayRecord): void;
  pilot(id: string): PilotRecord | null;
  savePilot(id: string, record: PilotRecord): void;
  /** Finished rounds in order. */
  rounds(id: string): RoundRecord[];
  saveRound(id: string, record: RoundRecord): void;
  result(id: string): ResultRecord | null;
  saveResult(id: string, record: ResultRecord): void;
}
