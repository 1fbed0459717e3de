import { availableParallelism } from 'node:os';
import type { FitConfig } from '../contract/config.ts';
import type { DensityFamily } from '../train/conditional-estimator.ts';
import { estimatorFromBytes } from '../train/stacked-estimator.ts';
import type { Standardisation } from '../train/standardisation.ts';
import { trainBest, type TrainedResult } from '../train/trainer.ts';
import type { RoundRecord } from './fit-store.ts';
import type { RoundContext } from './round.ts';
import { rescale } from './standardisation.ts';
import { learningRate } from './settle.ts';
import { purpose } from './streams.ts';
import { embeddingOf } from './trace-reading.ts';
import { featuresWithGaps, hideFeatures } from './unmeasured.ts';

/** What is trained on: [n, D] in working coordinates, [n, F], and weights [n] of mean 1. */
export interface Chosen {
  theta: Float64Array;
  x: Float64Array;
  w: Float64Array;
}

/**
 * Trains the networks of a round and takes the density family with the best held-out score.
 *
 * snpe goes on with the last round's network, in the units of the pilot run, as in 2017. The others train afresh, in the units of
 * what they train on: the truncated prior is a corner of the prior, and a network that has settled on the whole does not
 * find the corner's detail any more (docs/decisions/0007).
 */
export async function trainRound(
  context: RoundContext,
  chosen: Chosen,
  earlier: readonly RoundRecord[],
): Promise<TrainedResult> {
  const { problem, progress, signal, unmeasured } = context;
  const { config } = problem.prepared;
  const { coordinates, observed } = problem;
  const last = earlier.at(-1);
  const start = last !== undefined && config.algorithm === 'snpe' ? estimatorFromBytes(last.estimator) : null;
  const { family, components, hidden, variational, priorPrecision } = config.network;
  return trainBest(
    {
      families: family === null || family === 'best' ? familiesToTry(last) : [family],
      components,
      hidden,
      ensemble: ensembleOf(context, earlier.length + 1),
      variational: variational ?? false,
      // A network that is trained further keeps its shape.
      indicators: start?.spec.indicators ?? featuresWithGaps(chosen.x, observed.length, unmeasured),
      embedding: embeddingOf(problem),
      x: hideFeatures(chosen.x, observed.length, unmeasured),
      theta: chosen.theta,
      weights: chosen.w,
      standardisation: unitsOf(context, chosen),
      bounds: { low: coordinates.prior.low, high: coordinates.prior.high },
      start,
      // All rounds' data together are counted once: then the weights' prior is the first one.
      weightPrior: { precision: priorPrecision, previous: config.proposal.reuseRounds ? null : start },
      options: {
        ...config.training,
        learningRate: learningRate(config),
        maxEpochs: epochsOf(context, earlier.length + 1),
        seed: config.seed,
        stream: purpose.training + (earlier.length + 1) * 0x10000,
      },
      strict: config.strict,
    },
    {
      ...(signal ? { signal } : {}),
      cores: config.workers ?? availableParallelism(),
      // A run stays on its device: other arithmetic would round otherwise.
      device: last?.report.trainedOn?.device ?? config.device,
      onEpoch: ({ epoch, loss, validationLoss }) => progress.update({ epoch, loss, validationLoss }),
    },
  );
}

/** A family this many nats per simulation behind the best of the last round is not tried again: it would take as long as the others. */
const behind = 0.1;

function familiesToTry(last: RoundRecord | undefined): DensityFamily[] {
  const scores = last?.report.families ?? [];
  if (scores.length === 0) return ['mixture', 'autoregressive', 'bounded'];
  const best = Math.max(...scores.map((score) => score.heldOutLogScore));
  return scores.filter((score) => score.heldOutLogScore >= best - behind).map((score) => score.family);
}

/**
 * Rounds of tsnpe before the last only say where the next one draws, and an estimate that is not trained out is wider, which is on
 * the safe side: they get a third of the epochs.
 */
const earlyEpochs = 1 / 3;

function epochsOf({ problem }: RoundContext, round: number): number {
  const { config } = problem.prepared;
  const { maxEpochs } = config.training;
  return isEarly(config, round) ? Math.ceil(earlyEpochs * maxEpochs) : maxEpochs;
}

/** Of tsnpe, only the last round's estimate is believed; those before say where to draw. snpe goes on with all its networks. */
function ensembleOf({ problem }: RoundContext, round: number): number {
  const { config } = problem.prepared;
  return isEarly(config, round) ? 1 : (config.network.ensemble ?? 1);
}

/** A round of tsnpe that never was the last. */
export function isEarly({ algorithm, rounds, roundsAddedAfter }: FitConfig, round: number): boolean {
  return algorithm === 'tsnpe' && round < rounds && !roundsAddedAfter.includes(round);
}

/** Of what the networks of a round are trained in. */
export function unitsOf({ problem, standardisation }: RoundContext, { x, theta }: Chosen): Standardisation {
  const keep = problem.prepared.config.algorithm === 'snpe' || embeddingOf(problem) !== null;
  return keep ? standardisation : rescale(standardisation, x, theta);
}
