/**
 * Names of the random streams of a fit. Every stochastic step draws from createRandom(seed, purpose, round), and every
 * simulation from its own stream (seed, simulation stream, index): the numbers depend on the configuration alone, not
 * on the number of workers, on cancelling or on resuming.
 */
export const purpose = {
  pilot: 0x1001,
  proposal: 0x1002,
  training: 0x1003,
  posterior: 0x1004,
  truncation: 0x1005,
  badClassifier: 0x1010,
  search: 0x1020,
  calibration: 0x1030,
  calibrationDraws: 0x1031,
  conditional: 0x1032,
  preview: 0x1040,
  featureNoise: 0x1050,
  trial: 0x1051,
} as const;

/** Simulation streams: rounds are 1, 2, …; these lie outside any number of rounds. */
export const simulationStream = {
  pilot: 0,
  predictive: 0x10000,
  view: 0x10001,
  calibration: 0x10002,
  preview: 0x10003,
  trial: 0x10004,
} as const;
