import { readSbibm } from './sbibm.ts';
import { simulatorPath, type StatisticalTask } from './task.ts';

const lags = Array.from({ length: 9 }, (_, k) => k);

/** The benchmark's Bernoulli GLM with its reference samples (Pólya–Gamma Gibbs sampling). */
export function bernoulliGlm(observation: 1 | 2): StatisticalTask {
  const { observed, reference } = readSbibm('bernoulli_glm', observation);
  return {
    name: `Bernoulli GLM (sbibm, observation ${observation})`,
    simulator: simulatorPath('bernoulli-glm.mjs'),
    parameters: ['offset', ...lags.map((k) => `filter${k}`)],
    features: ['spikes', ...lags.map((k) => `input${k}`)],
    observed,
    reference,
  };
}
