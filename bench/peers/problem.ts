import { loadModel } from '../../main/model/neuron-model.ts';
import { independentPrior } from '../../main/model/prior.ts';
import { createRandom } from '../../main/numeric/random.ts';
import { median } from '../../main/numeric/statistics.ts';
import type { NeuronTask } from '../../main/simulate/neuron-simulator.ts';
import { protocolFromFile } from '../../main/simulate/protocol.ts';

/** hh8 without noise, parameters drawn from its prior, a step of current: what every simulator is given. */
export const stimulus = { startMs: 10, endMs: 110, uAPerCm2: 3.24806 };
export const durationMs = 120;
export const initialMv = -70;
/** A spike is an upward crossing of this voltage, linear between samples. */
export const spikeMv = -10;
/** How many parameter sets are simulated for the cost, and the first of them judged for their accuracy. */
export const sets = 1000;
export const judged = 200;
/** Time step of the reference, which is our simulator in double precision. */
export const referenceDtMs = 0.001;

const { file } = await loadModel('hh8');
const model = { ...file, parameters: file.parameters.filter(({ name }) => name !== 'sigma') };
delete model.noise;
const prior = independentPrior(model.parameters);
/** [sets, 7] */
export const theta = new Float64Array(sets * prior.dimension);
const random = createRandom(1);
for (let i = 0; i < sets; i++) prior.sample(random, theta, i * prior.dimension);

export function task(dtMs: number, precision: 'f32' | 'f64', strict = false): NeuronTask {
  const protocol = protocolFromFile({ dtMs, durationMs, initialMv, stimulus: [stimulus] });
  return { model, free: prior.names, fixed: {}, protocol, precision, strict };
}

/** For the peers' scripts. */
export function problemFile(): string {
  const column = (i: number) => Array.from({ length: sets }, (_, row) => theta[row * prior.dimension + i]!);
  const columns = Object.fromEntries(prior.names.map((name, i) => [name, column(i)]));
  return JSON.stringify({ ...stimulus, durationMs, initialMv, spikeMv, judged, theta: columns });
}

export function spikeTimes(voltage: ArrayLike<number>, dtMs: number): number[] {
  const times: number[] = [];
  for (let i = 1; i < voltage.length; i++) {
    const [before, after] = [voltage[i - 1]!, voltage[i]!];
    if (before < spikeMv && after >= spikeMv)
      times.push(dtMs * (i - 1 + (spikeMv - before) / (after - before)));
  }
  return times;
}

export interface Accuracy {
  /** |spike time − reference| over the spikes of all cells that have as many as the reference, ms */
  medianMs: number;
  /** Cells with more or fewer spikes than the reference */
  wrongCounts: number;
}

export function accuracy(spikes: readonly number[][], reference: readonly number[][]): Accuracy {
  const errors = reference.flatMap((times, cell) =>
    times.length === spikes[cell]!.length ? times.map((t, i) => Math.abs(t - spikes[cell]![i]!)) : [],
  );
  const wrongCounts = reference.filter((times, cell) => times.length !== spikes[cell]!.length).length;
  return { medianMs: median(errors), wrongCounts };
}
