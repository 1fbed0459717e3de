import type { FitConfig } from '../../../main/contract/config.ts';
import { featureSet } from '../../../main/features/feature-set.ts';
import type { PreparedRecord } from '../../../main/inference/fit-store.ts';
import { problemOf, type Problem } from '../../../main/inference/problem.ts';
import { settleAlgorithm } from '../../../main/inference/settle.ts';
import { loadModel } from '../../../main/model/neuron-model.ts';
import { protocolFromFile } from '../../../main/simulate/protocol.ts';
import { keptFeatures } from '../../../main/simulate/neuron-job.ts';
import { SimulatorPool, type SimulationTask } from '../../../main/simulate/simulator-pool.ts';

/** The paper's synthetic experiment [Lueckmann et al. 2017, figure 3]: 120 ms with a step from 10 to 110 ms. */
export const syntheticStep = {
  durationMs: 120,
  initialMv: -70,
  stimulus: [{ startMs: 10, endMs: 110, uAPerCm2: 3.24806 }],
};

/** The observed trace's own noise stream, apart from those of every fit. */
const observationStream = 0x20000;

/** θ*, the reference values of a built-in model in the order of its parameters (Pospischil et al. 2008, Gonçalves et al. 2020). */
export async function thetaStar(name: 'hh8' | 'hh12'): Promise<Float64Array> {
  const { parameters } = (await loadModel(name)).file;
  return Float64Array.from(parameters, ({ name: parameter, reference }) => {
    if (reference === undefined) throw new Error(`${name} has no reference value for ${parameter}.`);
    return reference;
  });
}

/**
 * A Hodgkin–Huxley model observed at θ*: a problem without a recording. config.model says which, hh8 or hh12.
 * @param noiseSeed names the noise of the observed trace
 */
export async function hodgkinHuxleyProblem(config: FitConfig, noiseSeed = 1, dtMs = 0.025): Promise<Problem> {
  const name = config.model === 'hh12' ? 'hh12' : 'hh8';
  const model = (await loadModel(name)).file;
  const theta = await thetaStar(name);
  const task: SimulationTask = {
    kind: 'neuron',
    model,
    free: model.parameters.map((parameter) => parameter.name),
    fixed: {},
    protocol: protocolFromFile({ dtMs, ...syntheticStep }),
    precision: config.simulation.precision,
    strict: config.strict,
    maxVoltageMv: config.simulation.maxVoltageMv,
    maxSpikes: config.simulation.maxSpikes,
    features: { set: config.features.set, exclude: config.features.exclude },
  };
  const pool = await SimulatorPool.create(task, { workers: 1 });
  const observed = await pool.simulate(
    { theta, n: 1, seed: noiseSeed, stream: observationStream, firstIndex: 0 },
    {},
  );
  await pool.close();
  const prepared: PreparedRecord = {
    config: settleAlgorithm(config),
    recording: null,
    model: name,
    modelSha256: '',
    parameters: model.parameters,
    jointPrior: null,
    coordinates: 'working',
    features: keptFeatures(featureSet(config.features.set), config.features.exclude).features.map(
      (definition, f) => ({
        ...definition,
        observed: Number.isNaN(observed.x[f]) ? null : observed.x[f]!,
      }),
    ),
    warnings: [],
  };
  return problemOf(prepared, task);
}
