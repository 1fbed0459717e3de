import { availableParallelism } from 'node:os';
import { estimatorFromBytes } from '../train/stacked-estimator.ts';
import type { Standardisation } from '../train/standardisation.ts';
import { trainBest, type TrainingResult } from '../train/trainer.ts';
import type { RoundRecord } from './fit-store.ts';
import type { RoundContext } from './round.ts';
import { rescale } from './standardisation.ts';
import { purpose } from './streams.ts';
import { embeddingOf } from './trace-reading.ts';
import { featuresWithGaps, hideFeatures } from './unmeasured.ts';

/** What is trained on: [n, D] in working coordinates, [n, F], and weights [n] of mean 1. */
interface Chosen {
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
): Promise<TrainingResult> {
  const { problem, progress, signal, unmeasured } = context;
  const { config } = problem.prepared;
  const { coordinates, observed } = problem;
  const last = earlier.at(-1);
  const start = last !== undefined && config.algorithm === 'snpe' ? estimatorFromBytes(last.estimator) : null;
  const { family, components, hidden, ensemble, variational, priorPrecision } = config.network;
  return trainBest(
    {
      families: family === null || family === 'best' ? ['mixture', 'autoregressive', 'bounded'] : [family],
      components,
      hidden,
      ensemble,
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
        seed: config.seed,
        stream: purpose.training + (earlier.length + 1) * 0x10000,
      },
      strict: config.strict,
    },
    {
      ...(signal ? { signal } : {}),
      cores: config.workers ?? availableParallelism(),
      onEpoch: ({ epoch, loss, validationLoss }) => progress.update({ epoch, loss, validationLoss }),
    },
  );
}

function unitsOf({ problem, standardisation }: RoundContext, { x, theta }: Chosen): Standardisation {
  const keep = problem.prepared.config.algorithm === 'snpe' || embeddingOf(problem) !== null;
  return keep ? standardisation : rescale(standardisation, x, theta);
}
