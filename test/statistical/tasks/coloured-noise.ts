import type { FitConfig } from '../../../main/contract/config.ts';
import type { ParameterSpec } from '../../../main/contract/prior.ts';
import { problemOf, type Problem } from '../../../main/inference/problem.ts';
import { settleAlgorithm } from '../../../main/inference/settle.ts';
import { settleTrace } from '../../../main/inference/trace-reading.ts';
import { loadModel } from '../../../main/model/neuron-model.ts';
import { createRandom } from '../../../main/numeric/random.ts';
import { protocolFromFile } from '../../../main/simulate/protocol.ts';
import { SimulatorPool, type SimulationTask } from '../../../main/simulate/simulator-pool.ts';
import { featureSet } from '../../../main/features/feature-set.ts';

const dtMs = 0.025;

/**
 * The current of the paper's recurrent network [Lueckmann et al. 2017, section 3.3], which it calls coloured noise without giving
 * its size. Here an Ornstein–Uhlenbeck process of mean 1, sd 2 µA/cm² and correlation time 5 ms, in the exact discretisation
 *   I_{i+1} = μ + a (I_i − μ) + σ √(1 − a²) ξ_i,  a = e^{−dt/τ},
 * and of its realisations the second one: at θ* the cell is silent for 60 ms and spikes once by 120 ms and twice by 240 ms.
 */
export const colouredNoise = { meanUAPerCm2: 1, sdUAPerCm2: 2, tauMs: 5, seed: 2 };

export function colouredCurrent(durationMs: number): number[] {
  const { meanUAPerCm2, sdUAPerCm2, tauMs, seed } = colouredNoise;
  const random = createRandom(seed);
  const kept = Math.exp(-dtMs / tauMs);
  let state = random.normal();
  return Array.from({ length: Math.round(durationMs / dtMs) + 1 }, () => {
    const density = meanUAPerCm2 + sdUAPerCm2 * state;
    state = kept * state + Math.sqrt(1 - kept * kept) * random.normal();
    return density;
  });
}

/** The paper's prior: uniform within ±50 % of θ*. */
export async function halfAround(name: string): Promise<ParameterSpec[]> {
  const { parameters } = (await loadModel(name)).file;
  return parameters.map((spec) => {
    const { reference } = spec;
    if (reference === undefined) throw new Error(`${name} has no reference value for ${spec.name}.`);
    return { ...spec, prior: { uniform: [0.5 * reference, 1.5 * reference] as [number, number] } };
  });
}

/** A neuron model under coloured noise whose trace of `durationMs` is read as a whole; observed at θ*, noise 1 of its stream. */
export async function colouredNoiseProblem(config: FitConfig, durationMs: number): Promise<Problem> {
  const model = (await loadModel(config.model)).file;
  const parameters = await halfAround(config.model);
  const current = { stimulus: [], currentUAPerCm2: colouredCurrent(durationMs) };
  const protocol = {
    ...protocolFromFile({ dtMs, durationMs, initialMv: -70, ...current }),
    // Where spikes are counted: everywhere.
    stepStartMs: 0,
    stepEndMs: durationMs,
  };
  const { config: settled, bins } = settleTrace(settleAlgorithm(config), durationMs, dtMs);
  const task: SimulationTask = {
    kind: 'neuron',
    model,
    free: parameters.map(({ name }) => name),
    fixed: {},
    protocol,
    precision: config.simulation.precision,
    strict: config.strict,
    maxVoltageMv: config.simulation.maxVoltageMv,
    maxSpikes: config.simulation.maxSpikes,
    features: { set: 'trace', exclude: [], bins },
  };
  const { x } = await observeColouredNoise(task, reference(parameters), 1);
  const features = featureSet('trace', bins).definitions.map((definition, f) => ({
    ...definition,
    observed: x[f]!,
  }));
  return problemOf(
    {
      config: settled,
      recording: null,
      model: model.name,
      modelSha256: '',
      parameters,
      jointPrior: null,
      coordinates: 'working',
      features,
      warnings: [],
    },
    task,
  );
}

/** θ* */
export function reference(parameters: readonly ParameterSpec[]): Float64Array {
  return Float64Array.from(parameters, ({ reference: value }) => value!);
}

/** Traces and spike times of parameter sets [n, D], with noise of its own, apart from every fit's. */
export async function observeColouredNoise(
  task: SimulationTask,
  theta: Float64Array,
  n: number,
): Promise<{ x: Float64Array; spikeTimesMs: number[][] }> {
  const pool = await SimulatorPool.create(task, { workers: 1 });
  const batch = { theta, n, seed: 1, stream: observationStream, firstIndex: 0 };
  const { x, spikeTimesMs } = await pool.simulate(batch, { spikeTimes: true });
  await pool.close();
  return { x, spikeTimesMs: spikeTimesMs! };
}
const observationStream = 0x20000;
