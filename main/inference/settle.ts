import type { FitConfig } from '../contract/config.ts';

/**
 * Replaces what a configuration leaves to the algorithm.
 * npe: one round, and no kernel that would bind the network to one observation. snpe, as in 2017: a mixture with variational
 * weights. The pilot run is part of the first round.
 */
export function settleAlgorithm(config: FitConfig): FitConfig {
  const sequential = config.algorithm === 'snpe';
  const amortised = config.algorithm === 'npe';
  const family = config.network.family ?? (sequential ? 'mixture' : 'best');
  return {
    ...config,
    rounds: amortised ? 1 : config.rounds,
    pilotSimulations: Math.min(config.pilotSimulations, config.simulations),
    calibration: { ...config.calibration, kernel: amortised ? 'none' : config.calibration.kernel },
    training: { ...config.training, learningRate: learningRate(config) },
    network: {
      ...config.network,
      family,
      variational: config.network.variational ?? (sequential && family === 'mixture'),
      ensemble: config.network.ensemble ?? (sequential || readsTrace(config) ? 1 : usualEnsemble),
    },
  };
}

/**
 * A network that reads a trace has far to go: of 20,000 hh8 traces of 120 ms in batches of 250, the held-out −log q after 65 epochs was
 * 2.3 with a rate of 0.01 and 0.6 with 0.02, both before weights were averaged. Where 0.02 is too much, the schedule lowers it.
 */
const traceLearningRate = 0.02;
/** High, because what is kept is an average over some epochs of steps (docs/decisions/0006). */
const usualLearningRate = 0.01;

/** Two networks stacked are worth more than one that is trained longer (docs/decisions/0006). */
const usualEnsemble = 2;

export function learningRate(config: FitConfig): number {
  return config.training.learningRate ?? (readsTrace(config) ? traceLearningRate : usualLearningRate);
}

function readsTrace({ features, network }: FitConfig): boolean {
  return features.set === 'trace' || network.embedding !== null;
}
