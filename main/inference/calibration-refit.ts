import type { Density } from '../density/density.ts';
import { densityFromJson } from '../train/density-json.ts';
import type { CalibrationStudy } from './calibration-study.ts';
import { MemoryStore } from './memory-store.ts';
import type { Problem } from './problem.ts';
import { runFit } from './run-fit.ts';

/**
 * The whole fit once more, with a simulation in the place of the observation: what calibrating an algorithm costs whose network is
 * right near one observation only. Each fit has a seed of its own.
 * @param x [F] the simulated features
 * @param row names the simulation
 */
export async function refitted(
  { problem }: CalibrationStudy,
  x: Float64Array,
  row: number,
  signal: AbortSignal | undefined,
): Promise<Density> {
  const { prepared } = problem;
  const config = {
    ...prepared.config,
    seed: (prepared.config.seed + 1 + row) % Number.MAX_SAFE_INTEGER,
    // Only the estimate is wanted of it.
    samples: 1,
    predictiveSimulations: 1,
  };
  const features = prepared.features.map((feature, f) => ({
    ...feature,
    observed: Number.isNaN(x[f]!) ? null : x[f]!,
  }));
  const simulated: Problem = { ...problem, prepared: { ...prepared, config, features }, observed: x };
  const store = new MemoryStore();
  const prepare = () => Promise.resolve(simulated);
  await runFit({ id: 'refit', config, store, version: '', prepare, ...(signal ? { signal } : {}) });
  return densityFromJson(JSON.parse(store.rounds('refit').at(-1)!.posterior));
}
