import { availableParallelism } from 'node:os';
import { DensityEstimator, type Standardisation } from './estimator.ts';
import type { NetworkSpec } from './network.ts';
import { trainBest, type TrainingOptions, type TrainingResult } from './trainer.ts';

export interface MixtureRequest {
  spec: NetworkSpec;
  x: Float64Array;
  theta: Float64Array;
  weights: Float64Array;
  standardisation: Standardisation;
  start: DensityEstimator | null;
  weightPrior: { precision: number } | { previous: DensityEstimator };
  options: TrainingOptions;
  strict: boolean;
}

/** trainBest with one mixture of the given shape alone. */
export async function trainEstimator(
  { spec, weightPrior, ...request }: MixtureRequest,
  hooks: {
    signal?: AbortSignal;
    onEpoch?: (report: { epoch: number; loss: number; validationLoss: number }) => void;
  } = {},
): Promise<Omit<TrainingResult, 'estimator'> & { estimator: DensityEstimator }> {
  const D = spec.outputs;
  const result = await trainBest(
    {
      ...request,
      families: ['mixture'],
      components: spec.components,
      hidden: spec.hidden,
      variational: spec.variational,
      indicators: spec.indicators,
      embedding: spec.embedding,
      ensemble: 1,
      bounds: { low: new Float64Array(D).fill(-Infinity), high: new Float64Array(D).fill(Infinity) },
      weightPrior:
        'previous' in weightPrior
          ? { precision: 0.01, previous: weightPrior.previous }
          : { ...weightPrior, previous: null },
    },
    {
      cores: availableParallelism(),
      ...(hooks.signal ? { signal: hooks.signal } : {}),
      onEpoch: ({ epoch, loss, validationLoss }) => {
        if (loss !== null && validationLoss !== null) hooks.onEpoch?.({ epoch, loss, validationLoss });
      },
    },
  );
  const { estimator } = result;
  if (!(estimator instanceof DensityEstimator)) throw new TypeError('A mixture was asked for.');
  return { ...result, estimator };
}
