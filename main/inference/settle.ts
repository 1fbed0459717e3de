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
    network: {
      ...config.network,
      family,
      variational: config.network.variational ?? (sequential && family === 'mixture'),
    },
  };
}
