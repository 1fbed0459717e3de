import type { ModelFile } from '../../main/contract/model.ts';
import type { FittedCell } from '../../main/export/fitted-cell.ts';
import { listModels, loadModel } from '../../main/model/neuron-model.ts';
import { NeuronSimulator } from '../../main/simulate/neuron-simulator.ts';
import { protocolFromFile } from '../../main/simulate/protocol.ts';
import { referenceTrace } from '../../main/simulate/reference-simulator.ts';

/** A step that makes each built-in model fire several times, µA/cm². */
const amplitudes: Record<string, number> = {
  ...{ hh8: 4, hh12: 4, 'pospischil-rs': 4, 'pospischil-fs': 6, 'pospischil-ib': 2, 'pospischil-lts': 2 },
  ...{ 'hodgkin-huxley': 10, 'connor-stevens': 10, 'wang-buzsaki': 2, 'morris-lecar': 100 },
  ...{ 'pinsky-rinzel': 1, adex: 3.5, izhikevich: 10 },
};

/** A model at its reference values, with its step. */
export function cellOf(model: ModelFile, dtMs: number, stepMs = 200): FittedCell {
  const protocol = protocolFromFile({
    ...{ dtMs, durationMs: stepMs + 60, initialMv: -70 },
    stimulus: [{ startMs: 20, endMs: stepMs + 20, uAPerCm2: amplitudes[model.name] ?? 3.3 }],
  });
  return {
    model,
    map: Object.fromEntries(model.parameters.map(({ name, reference }) => [name, reference!])),
    ...{ fixed: {}, capacitancePf: 100, sweeps: [{ sweep: 1, protocol }], provenance: null },
  };
}

export const builtInModels = async (): Promise<ModelFile[]> =>
  Promise.all((await listModels()).map(async ({ name }) => (await loadModel(name)).file));

const taskOf = ({ model, map, sweeps }: FittedCell, precision: 'f32' | 'f64') => ({
  task: {
    ...{ model, fixed: {}, precision, strict: false },
    ...{ free: model.parameters.map(({ name }) => name), protocol: sweeps[0]!.protocol },
  },
  theta: Float64Array.from(model.parameters, ({ name, unit }) => (unit.includes('√ms') ? 0 : map[name]!)),
});

/** Our voltage without noise: of the plain interpreter in double precision. */
export function plainTrace(cell: FittedCell): Float64Array {
  const { task, theta } = taskOf(cell, 'f64');
  return referenceTrace(task, theta, null);
}

/** And of the compiled model, as fits simulate it. */
export function compiledTrace(cell: FittedCell): Float32Array | Float64Array {
  const { task, theta } = taskOf(cell, 'f32');
  const simulator = new NeuronSimulator(task);
  simulator.simulate({ theta, first: 0, count: 1, seed: 1, stream: 0, firstIndex: 0 });
  return simulator.trace(0);
}

/** The time of the highest sample of each excursion above −20 mV, ms, as resources/neuron/run.py has it. */
export function spikeTimes(trace: ArrayLike<number>, dtMs: number): number[] {
  const times: number[] = [];
  let best = -1;
  for (let i = 0; i < trace.length; i++) {
    if (trace[i]! < -20) {
      if (best >= 0) times.push(best * dtMs);
      best = -1;
    } else if (best < 0 || trace[i]! > trace[best]!) best = i;
  }
  return times;
}

/** The largest difference between spikes of the same number; Infinity where their counts differ. */
export function largestDifference(ours: readonly number[], theirs: readonly number[]): number {
  if (ours.length !== theirs.length) return Infinity;
  return ours.reduce((worst, time, i) => Math.max(worst, Math.abs(time - theirs[i]!)), 0);
}
