import { AppError } from '../contract/errors.ts';
import { embeddingSchema } from './embedding.ts';
import { DensityEstimator, type Standardisation } from './estimator.ts';
import type { NetworkSpec } from './network.ts';
import type { LoopOptions, LoopResult } from './training-loop.ts';

export interface TrainingOptions extends LoopOptions {
  seed: number;
  /** Names the random stream of this training, 0 … 2³²−1. */
  stream: number;
}

export interface TrainingRequest {
  spec: NetworkSpec;
  /** [n, F] raw units, NaN = missing */
  x: Float64Array;
  /** [n, D] raw units */
  theta: Float64Array;
  /** [n], mean 1 */
  weights: Float64Array;
  standardisation: Standardisation;
  /** Training starts from its weights; null = from random ones. */
  start: DensityEstimator | null;
  /**
   * What the weights' posterior is held to [SNPE]: N(0, 1/precision) in the first round, the posterior of the previous
   * round's weights later. Networks without variational weights have no such term.
   */
  weightPrior: { precision: number } | { previous: DensityEstimator };
  options: TrainingOptions;
  /** Bit-identical on every processor. */
  strict: boolean;
}

export interface TrainingResult extends Omit<LoopResult, 'parameters'> {
  estimator: DensityEstimator;
  seconds: number;
}

/** The request as it crosses to the worker: estimators as bytes. */
export type WireRequest = Omit<TrainingRequest, 'start' | 'weightPrior'> & {
  start: Uint8Array | null;
  weightPrior: { precision: number } | { previous: Uint8Array };
};

export function toWire(request: TrainingRequest): WireRequest {
  const { start, weightPrior } = request;
  return {
    ...request,
    start: start?.toBytes() ?? null,
    weightPrior: 'previous' in weightPrior ? { previous: weightPrior.previous.toBytes() } : weightPrior,
  };
}

export function fromWire(wire: WireRequest): TrainingRequest {
  const { start, weightPrior } = wire;
  return {
    ...wire,
    start: start === null ? null : DensityEstimator.fromBytes(start),
    weightPrior:
      'previous' in weightPrior
        ? { previous: DensityEstimator.fromBytes(weightPrior.previous) }
        : weightPrior,
  };
}

/** @throws AppError inference-failed or internal where the request cannot be trained on */
export function checkRequest({ spec, x, theta, weights, start, weightPrior }: TrainingRequest): void {
  const n = weights.length;
  if (n < 2) {
    throw new AppError('inference-failed', `Training needs at least 2 simulations, there are ${n}.`, {
      remedy: 'Simulate more, or look why so many simulations are bad.',
    });
  }
  if (x.length !== n * spec.inputs || theta.length !== n * spec.outputs) {
    throw fault(
      `${n} weights need ${n * spec.inputs} features and ${n * spec.outputs} parameters, not ${x.length} and ${theta.length}.`,
    );
  }
  if (!theta.every(Number.isFinite)) throw fault('A parameter set to train on is not finite.');
  if (!weights.every((w) => w >= 0 && w < Infinity))
    throw fault('A training weight is negative or not finite.');
  if (x.includes(Infinity) || x.includes(-Infinity)) {
    throw new AppError('inference-failed', 'A simulated feature is infinite.', {
      remedy: 'Exclude the feature, or let the simulator return NaN where it is undefined.',
    });
  }
  if (spec.embedding && x.some(Number.isNaN)) {
    throw new AppError('inference-failed', 'A trace has a sample that is not a number.', {
      remedy: 'Choose another sweep, or features that may be missing instead of the trace.',
    });
  }
  const previous = 'previous' in weightPrior ? weightPrior.previous : null;
  for (const other of [start, previous]) {
    if (other !== null && !sameNetwork(other.spec, spec))
      throw fault('The network to start from has another shape than the one to train.');
  }
}

function sameNetwork(a: NetworkSpec, b: NetworkSpec): boolean {
  const shape = ({ inputs, indicators = [], outputs, hidden, components, variational }: NetworkSpec) =>
    [inputs, outputs, components, Number(variational), hidden.join(), indicators.join()].join(' ');
  // Through the schema, so that the keys have one order.
  const embedding = (spec: NetworkSpec) =>
    JSON.stringify(spec.embedding ? embeddingSchema.parse(spec.embedding) : null);
  return shape(a) === shape(b) && embedding(a) === embedding(b);
}

function fault(message: string): AppError {
  return new AppError('internal', message, { remedy: 'Please report this together with the log.' });
}
