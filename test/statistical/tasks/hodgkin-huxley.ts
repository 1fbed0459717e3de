import type { FitConfig } from '../../../main/contract/config.ts';
import { featureSet } from '../../../main/features/feature-set.ts';
import type { Problem } from '../../../main/inference/problem.ts';
import { loadModel } from '../../../main/model/neuron-model.ts';
import { independentPrior } from '../../../main/model/prior.ts';
import { protocolFromFile } from '../../../main/simulate/protocol.ts';
import { SimulatorPool, type SimulationTask } from '../../../main/simulate/simulator-pool.ts';

/** The paper's synthetic experiment [Lueckmann et al. 2017, figure 3]: 120 ms with a step from 10 to 110 ms. */
export const syntheticStep = {
  durationMs: 120,
  initialMv: -70,
  stimulus: [{ startMs: 10, endMs: 110, uAPerCm2: 3.24806 }],
};

/** The observed trace's own noise stream, apart from those of every fit. */
const observationStream = 0x20000;

/** θ* in the order of hh8's parameters (science: Pospischil et al. 2008, Gonçalves et al. 2020). */
export const thetaStar = Float64Array.of(50, 5, 0.1, 0.07, 600, 60, 0.1, 70);

/**
 * The 8-parameter Hodgkin–Huxley model observed at given parameters: a problem without a recording.
 * @param theta true parameters, in hh8's order
 * @param noiseSeed names the noise of the observed trace
 */
export async function hodgkinHuxleyProblem(
  config: FitConfig,
  theta: Float64Array = thetaStar,
  noiseSeed = 1,
  dtMs = 0.025,
): Promise<Problem> {
  const model = (await loadModel('hh8')).file;
  const task: SimulationTask = {
    kind: 'neuron',
    model,
    free: model.parameters.map((parameter) => parameter.name),
    fixed: {},
    protocol: protocolFromFile({ dtMs, ...syntheticStep }),
    precision: config.simulation.precision,
    strict: config.strict,
    maxVoltageMv: config.simulation.maxVoltageMv,
    features: { set: 'moments', exclude: [] },
  };
  const pool = await SimulatorPool.create(task, { workers: 1 });
  const observed = await pool.simulate(
    { theta, n: 1, seed: noiseSeed, stream: observationStream, firstIndex: 0 },
    {},
  );
  await pool.close();
  return {
    prepared: {
      config,
      recording: null,
      model: 'hh8',
      parameters: model.parameters,
      jointPrior: null,
      features: featureSet('moments').definitions.map((definition, f) => ({
        ...definition,
        observed: Number.isNaN(observed.x[f]) ? null : observed.x[f]!,
      })),
      warnings: [],
    },
    task,
    prior: independentPrior(model.parameters),
    observed: observed.x,
  };
}
