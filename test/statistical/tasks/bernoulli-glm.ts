import type { LogisticModel } from '../../support/logistic-posterior.ts';
import { readNumbers, readSbibm } from './sbibm.ts';
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

/**
 * The task as a logistic regression: design rows [1, I_t, …, I_{t−8}], I = 0 before the start, and the prior's precision
 * blockdiag(½, FᵀF), F = D² + diag(√(k/9)), D the difference to the element before.
 */
export function bernoulliGlmModel(): LogisticModel {
  const stimulus = readNumbers('bernoulli_glm/stimulus.csv');
  const design = [...stimulus.keys()].map((t) => [1, ...lags.map((k) => stimulus[t - k] ?? 0)]);
  const F = lags.map((i) =>
    lags.map((j) => ([1, -2, 1][i - j] ?? 0) + (i === j ? Math.sqrt(i / lags.length) : 0)),
  );
  const precision = new Float64Array(100);
  precision[0] = 0.5;
  for (const i of lags) {
    for (const j of lags) {
      precision[10 * (i + 1) + j + 1] = lags.reduce((sum, k) => sum + F[k]![i]! * F[k]![j]!, 0);
    }
  }
  return { design, precision };
}
