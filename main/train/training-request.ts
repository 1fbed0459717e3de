import { AppError } from '../contract/errors.ts';
import type { RoundReport } from '../contract/run.ts';
import type { Bounds } from './autoregressive-estimator.ts';
import type { ConditionalEstimator, DensityFamily } from './conditional-estimator.ts';
import type { EmbeddingSpec } from './embedding.ts';
import type { Standardisation } from './standardisation.ts';
import type { LoopOptions } from './training-loop.ts';

export interface TrainingOptions extends Omit<LoopOptions, 'batchSize' | 'weightDecay'> {
  /** null = chosen by the number of rows, see usualBatchSize */
  batchSize: number | null;
  /** Share of the rows that is held out: the same rows for every network. */
  validationFraction: number;
  seed: number;
  /** Names the random streams of this training, 0 … 2³²−1. */
  stream: number;
}

export interface TrainingRequest {
  /** Those to choose from. bounded is left out where no parameter has a bound, and is then what autoregressive is. */
  families: readonly DensityFamily[];
  /** Of a mixture; null = chosen by family, see defaultComponents. */
  components: number | null;
  hidden: number[];
  /** Factorised Gaussian over weights and biases, instead of point values. */
  variational: boolean;
  /** As in NetworkSpec */
  indicators?: number[] | undefined;
  /** As in NetworkSpec; traces are read by the mixture family alone. */
  embedding?: EmbeddingSpec | null | undefined;
  /**
   * Networks from different first weights on the same rows, stacked: one of each family first, then more of the best family
   * alone, every second one with a strong decay of its weights.
   */
  ensemble: number;
  /** [n, F] raw units, NaN = missing */
  x: Float64Array;
  /** [n, D] working units */
  theta: Float64Array;
  /** [n], mean 1 */
  weights: Float64Array;
  standardisation: Standardisation;
  /** The prior's, [D] in working units */
  bounds: Bounds;
  /** Families that it holds in the same shape and units start from its weights; null = all from random ones. */
  start: ConditionalEstimator | null;
  /**
   * What the weights' posterior is held to [SNPE]: N(0, 1/precision) in the first round; the posterior of the weights of
   * `previous` where it holds the same network. Networks without variational weights have no such term.
   */
  weightPrior: { precision: number; previous: ConditionalEstimator | null };
  options: TrainingOptions;
  /** Bit-identical on every processor. */
  strict: boolean;
}

/** How a family did; the rounds' reports hold them. */
export type FamilyScore = RoundReport['families'][number];

export interface TrainingResult {
  /** Of the family with the best held-out score. */
  estimator: ConditionalEstimator;
  /** Every family that was trained, the chosen one first. */
  scores: FamilyScore[];
  /**
   * Of the first network of the chosen family, in nats per simulation over the working parameters; where a parameter has a
   * network each, their losses added up. The curves too.
   */
  loss: number;
  /** −log q of the held-out rows: −(heldOutLogScore), of the whole ensemble */
  validationLoss: number;
  /** Of the network that took most. */
  epochs: number;
  losses: Float64Array;
  validationLosses: Float64Array;
  /** Steps of all networks whose loss or gradient was not finite: they changed nothing. */
  skippedSteps: number;
  seconds: number;
}

/** @throws AppError inference-failed or internal where the request cannot be trained on */
export function checkRequest(request: TrainingRequest): void {
  const { x, theta, weights, standardisation, bounds, families, ensemble } = request;
  const n = weights.length;
  const [F, D] = [standardisation.xMean.length, standardisation.thetaMean.length];
  if (n < 2) {
    throw new AppError('inference-failed', `Training needs at least 2 simulations, there are ${n}.`, {
      remedy: 'Simulate more, or look why so many simulations are bad.',
    });
  }
  if (families.length === 0 || !(ensemble >= 1)) throw fault('There is no density family to train.');
  if (x.length !== n * F || theta.length !== n * D) {
    throw fault(
      `${n} weights need ${n * F} features and ${n * D} parameters, not ${x.length} and ${theta.length}.`,
    );
  }
  if (bounds.low.length !== D || bounds.high.length !== D) throw fault('Every parameter needs its bounds.');
  if (!theta.every(Number.isFinite)) throw fault('A parameter set to train on is not finite.');
  if (!theta.every((value, i) => value >= bounds.low[i % D]! && value <= bounds.high[i % D]!))
    throw fault('A parameter set to train on lies outside its bounds.');
  if (!weights.every((w) => w >= 0 && w < Infinity))
    throw fault('A training weight is negative or not finite.');
  if (x.includes(Infinity) || x.includes(-Infinity)) {
    throw new AppError('inference-failed', 'A simulated feature is infinite.', {
      remedy: 'Exclude the feature, or let the simulator return NaN where it is undefined.',
    });
  }
  if (request.embedding && x.some(Number.isNaN)) {
    throw new AppError('inference-failed', 'A trace has a sample that is not a number.', {
      remedy: 'Choose another sweep, or features that may be missing instead of the trace.',
    });
  }
}

function fault(message: string): AppError {
  return new AppError('internal', message, { remedy: 'Please report this together with the log.' });
}
