import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FitConfigInput } from '../../../main/contract/config.ts';
import type { PriorSpec } from '../../../main/contract/prior.ts';
import { createRandom, type RandomStream } from '../../../main/numeric/random.ts';

/** A simulator with a known posterior. */
export interface StatisticalTask {
  name: string;
  /** Path of the simulator module. */
  simulator: string;
  /** D names, in the order of the columns of `reference`. */
  parameters: readonly string[];
  /** F names and the observed values, NaN = missing. */
  features: readonly string[];
  observed: Float64Array;
  /** Samples of the exact posterior, [n, D] row-major. */
  reference: Float64Array;
  /** Where the posterior has several modes: the one that θ [D] belongs to, 0, 1, … */
  mode?(theta: Float64Array): number;
  /** Settings that the task cannot do without. */
  settings?: FitConfigInput;
}

/** What the modules in resources/examples/simulators and test/statistical/simulators export. */
export interface SimulatorModule {
  parameters: { name: string; prior?: PriorSpec }[];
  prior?: { normal: { mean: number[]; covariance: number[][] } };
  features: string[];
  simulate(theta: Float64Array, random: () => number): ArrayLike<number>;
}

export function simulatorPath(name: string): string {
  return fileURLToPath(new URL(`../../../resources/examples/simulators/${name}`, import.meta.url));
}

/** One of our own, in test/statistical/simulators. */
export function ownSimulatorPath(name: string): string {
  return fileURLToPath(new URL(`../simulators/${name}`, import.meta.url));
}

export async function importSimulator(path: string): Promise<SimulatorModule> {
  return (await import(path)) as SimulatorModule;
}

/** The observation as the file that `infer --observation` reads. */
export function writeObservation(task: StatisticalTask, path: string): void {
  writeFileSync(path, `${task.features.join(',')}\n${task.observed.join(',')}\n`);
}

export interface KnownPosterior extends Pick<StatisticalTask, 'mode' | 'settings'> {
  name: string;
  /** A file in test/statistical/simulators. */
  file: string;
  /** The parameters that are observed, or the observation itself. */
  truth?: readonly number[];
  observed?: readonly number[];
  /** Of the simulation at `truth`. */
  seed?: number;
  /** n samples of the exact posterior, [n, D] row-major. */
  sample(observed: Float64Array, n: number, random: RandomStream): Float64Array;
}

/** Streams of the observations and of the exact samples, apart from those of every fit. */
const stream = { observation: 0xb001, reference: 0xb002 } as const;

/** A task of our own: its simulator observed at known parameters, and samples of the exact posterior. */
export async function knownTask(known: KnownPosterior, samples = 10_000): Promise<StatisticalTask> {
  const { file, truth, seed = 1, sample, observed: given, ...rest } = known;
  const simulator = ownSimulatorPath(file);
  const { parameters, features, simulate } = await importSimulator(simulator);
  const random = createRandom(seed, stream.observation);
  const observed = Float64Array.from(
    given ?? (await simulate(Float64Array.from(truth ?? []), () => random.uniform())),
  );
  return {
    ...rest,
    simulator,
    parameters: parameters.map((parameter) => parameter.name),
    features,
    observed,
    reference: sample(observed, samples, createRandom(seed, stream.reference)),
  };
}
