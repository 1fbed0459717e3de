import { AppError } from '../contract/errors.ts';
import { featureSet, type FeatureInput, type FeatureSet } from '../features/feature-set.ts';
import { spikeTimesMs } from '../features/moments.ts';
import { spikeCountOf } from '../features/spike-count.ts';
import { NeuronSimulator, vectorsFor } from './neuron-simulator.ts';
import type { Protocol } from './protocol.ts';
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

/** What a feature of one of several sweeps is called. */
export const sweepFeature = (sweep: number, name: string): string => `sweep${sweep}.${name}`;

/** One sweep of the task: its compiled model, and where its features go. */
interface SweepWork {
  simulator: NeuronSimulator;
  protocol: Protocol;
  /** The first of its features in a row of x. */
  at: number;
}

/** A neuron task made ready in one worker: the compiled model and the features of its traces, for each of its sweeps. */
export class NeuronWork {
  readonly features: FeatureName[];
  readonly simulator: NeuronSimulator;
  readonly #task: NeuronSimulationTask;
  readonly #set: FeatureSet;
  readonly #places: number[];
  /** The task's own sweep first. */
  readonly #sweeps: SweepWork[];
  readonly #values: Float64Array;

  constructor(task: NeuronSimulationTask) {
    this.#task = task;
    this.#set = featureSet(task.features.set, task.features.bins);
    const { places, features } = keptFeatures(this.#set, task.features.exclude);
    this.#places = places;
    const { sweeps } = task;
    const numbers = sweeps ? [sweeps.own, ...sweeps.others.map(({ sweep }) => sweep)] : [];
    this.features = sweeps
      ? numbers.flatMap((sweep) => features.map((f) => ({ ...f, name: sweepFeature(sweep, f.name) })))
      : features;
    this.#values = new Float64Array(this.#set.definitions.length);
    const protocols = [task.protocol, ...(sweeps?.others.map(({ protocol }) => protocol) ?? [])];
    // The sweeps take turns on the same lanes: as many as the longest of them affords.
    const lanes = Math.min(...protocols.map((protocol) => vectorsFor({ ...task, protocol })));
    this.#sweeps = protocols.map((protocol, place) => ({
      simulator: new NeuronSimulator({ ...task, protocol, place }, lanes),
      protocol,
      at: place * features.length,
    }));
    this.simulator = this.#sweeps[0]!.simulator;
  }

  /** Takes groups until none is left or the job is cancelled. */
  run(job: SharedJob): [row: number, times: number[]][] {
    const { lanes } = this.simulator;
    const spikes: [number, number[]][] = [];
    while (Atomics.load(job.control, control.cancelled) === 0) {
      const first = Atomics.add(job.control, control.next, lanes);
      if (first >= job.n) break;
      const count = Math.min(lanes, job.n - first);
      const times = new Map<number, number[]>();
      for (const sweep of this.#sweeps) {
        sweep.simulator.simulate({ ...job, first, count });
        for (let i = 0; i < count; i++) {
          const own = this.#record(job, first + i, i, sweep);
          if (own && sweep.at === 0) times.set(first + i, own);
        }
      }
      for (const entry of times) if (job.bad[entry[0]] === badCode.good) spikes.push(entry);
      Atomics.add(job.control, control.done, count);
    }
    return spikes;
  }

  #record(
    job: SharedJob,
    row: number,
    lane: number,
    { simulator, protocol, at: from }: SweepWork,
  ): number[] | null {
    const { dtMs, stepStartMs, stepEndMs, stepAmplitude } = protocol;
    const voltageMv = simulator.trace(lane);
    if (job.traces && from === 0) job.traces.set(voltageMv, row * simulator.steps);
    // A simulation that is bad in one sweep is bad.
    if (job.bad[row] !== badCode.good) return null;
    const peak = simulator.peakMv(lane);
    if (!(peak <= this.#task.maxVoltageMv))
      return setAside(
        job,
        row,
        Number.isFinite(peak) ? badCode.outOfRange : badCode.diverged,
        this.features.length,
      );
    const input = { voltageMv, dtMs, stepStartMs, stepEndMs, stepAmplitude };
    this.#set.compute(input, this.#values, 0);
    if (this.#hasTooManySpikes(input)) return setAside(job, row, badCode.tooManySpikes, this.features.length);
    const at = row * this.features.length + from;
    for (let f = 0; f < this.#places.length; f++) job.x[at + f] = this.#values[this.#places[f]!]!;
    return job.spikeTimes ? spikeTimesMs(input) : null;
  }

  #hasTooManySpikes(input: FeatureInput): boolean {
    const { maxSpikes } = this.#task;
    return maxSpikes !== null && spikeCountOf(this.#set, this.#values, input) > maxSpikes;
  }
}

/** A bad simulation: its features are NaN, those of the sweeps before too. */
function setAside(job: SharedJob, row: number, code: number, features: number): null {
  job.bad[row] = code;
  job.x.fill(NaN, row * features, (row + 1) * features);
  Atomics.add(job.control, control.bad, 1);
  return null;
}
