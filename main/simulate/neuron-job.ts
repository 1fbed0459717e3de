import { AppError } from '../contract/errors.ts';
import { featureSet, type FeatureInput, type FeatureSet } from '../features/feature-set.ts';
import { spikeTimesMs } from '../features/moments.ts';
import { spikeCountOf } from '../features/spike-count.ts';
import { NeuronSimulator } from './neuron-simulator.ts';
import {
  badCode,
  control,
  type FeatureName,
  type SharedJob,
  type SimulationTask,
} from './simulation-messages.ts';

type NeuronSimulationTask = Extract<SimulationTask, { kind: 'neuron' }>;

/** The features that remain of a set, and their places in it. */
export function keptFeatures(
  set: FeatureSet,
  exclude: readonly string[],
): { places: number[]; features: FeatureName[] } {
  const names = set.definitions.map((d) => d.name);
  const unknown = exclude.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new AppError(
      'input-invalid',
      `The feature set «${set.name}» has no feature «${unknown}» to exclude.`,
      {
        remedy: `Its features are ${names.join(', ')}.`,
      },
    );
  const places = names.flatMap((name, i) => (exclude.includes(name) ? [] : [i]));
  if (places.length === 0)
    throw new AppError('input-invalid', 'All features are excluded: nothing is left to fit.', {
      remedy: 'Exclude fewer features.',
    });
  return {
    places,
    features: places.map((i) => ({ ...set.definitions[i]! })),
  };
}

/** A neuron task made ready in one worker: the compiled model and the features of its traces. */
export class NeuronWork {
  readonly features: FeatureName[];
  readonly simulator: NeuronSimulator;
  readonly #task: NeuronSimulationTask;
  readonly #set: FeatureSet;
  readonly #places: number[];
  readonly #values: Float64Array;

  constructor(task: NeuronSimulationTask) {
    this.#task = task;
    this.#set = featureSet(task.features.set, task.features.bins);
    const { places, features } = keptFeatures(this.#set, task.features.exclude);
    this.#places = places;
    this.features = features;
    this.#values = new Float64Array(this.#set.definitions.length);
    this.simulator = new NeuronSimulator(task);
  }

  /** Takes groups until none is left or the job is cancelled. */
  run(job: SharedJob): [row: number, times: number[]][] {
    const { lanes } = this.simulator;
    const spikes: [number, number[]][] = [];
    while (Atomics.load(job.control, control.cancelled) === 0) {
      const first = Atomics.add(job.control, control.next, lanes);
      if (first >= job.n) break;
      const count = Math.min(lanes, job.n - first);
      this.simulator.simulate({ ...job, first, count });
      for (let i = 0; i < count; i++) {
        const times = this.#record(job, first + i, i);
        if (times) spikes.push([first + i, times]);
      }
      Atomics.add(job.control, control.done, count);
    }
    return spikes;
  }

  #record(job: SharedJob, row: number, lane: number): number[] | null {
    const { simulator } = this;
    const { dtMs, stepStartMs, stepEndMs, stepAmplitude } = this.#task.protocol;
    const voltageMv = simulator.trace(lane);
    if (job.traces) job.traces.set(voltageMv, row * simulator.steps);
    const peak = simulator.peakMv(lane);
    if (!(peak <= this.#task.maxVoltageMv))
      return setAside(job, row, Number.isFinite(peak) ? badCode.outOfRange : badCode.diverged);
    const input = { voltageMv, dtMs, stepStartMs, stepEndMs, stepAmplitude };
    this.#set.compute(input, this.#values, 0);
    if (this.#hasTooManySpikes(input)) return setAside(job, row, badCode.tooManySpikes);
    const at = row * this.#places.length;
    for (let f = 0; f < this.#places.length; f++) job.x[at + f] = this.#values[this.#places[f]!]!;
    return job.spikeTimes ? spikeTimesMs(input) : null;
  }

  #hasTooManySpikes(input: FeatureInput): boolean {
    const { maxSpikes } = this.#task;
    return maxSpikes !== null && spikeCountOf(this.#set, this.#values, input) > maxSpikes;
  }
}

/** A bad simulation: its features stay NaN. */
function setAside(job: SharedJob, row: number, code: number): null {
  job.bad[row] = code;
  Atomics.add(job.control, control.bad, 1);
  return null;
}
