import type { FitConfig } from '../contract/config.ts';
import { contentHash } from '../recording/content-hash.ts';
import { moduleInfo, type SimulationTask } from '../simulate/simulator-pool.ts';
import type { PreparedRecord } from './fit-store.ts';
import { readObservation } from './observation-file.ts';
import { readsTrace, settleEmbedding } from './trace-reading.ts';

type SimulatorSource = Extract<NonNullable<FitConfig['source']>, { simulator: string }>;

/** A user's simulator module and an observation of its features. */
export async function simulatorProblem(
  config: FitConfig,
  source: SimulatorSource,
): Promise<{ prepared: PreparedRecord; task: SimulationTask }> {
  const info = await moduleInfo(source.simulator);
  const observed = await readObservation(source.observation, info.features);
  const prepared: PreparedRecord = {
    config: readsTrace(config) ? settleEmbedding(config) : config,
    recording: null,
    model: source.simulator,
    modelSha256: await contentHash(source.simulator),
    parameters: info.parameters,
    jointPrior: info.jointPrior,
    coordinates: 'working',
    features: info.features.map((name, f) => ({
      name,
      unit: '',
      description: '',
      observed: Number.isNaN(observed[f]) ? null : observed[f]!,
    })),
    warnings: [],
  };
  const task: SimulationTask = {
    kind: 'module',
    path: source.simulator,
    timeLimitS: config.simulation.timeLimitS,
  };
  return { prepared, task };
}
