import { createRandom } from '../numeric/random.ts';
import { DensityEstimator } from './estimator.ts';
import { initialParameters } from './initialise.ts';
import { createKernels } from './kernels.ts';
import { blockSize, densityNetwork, parameterBlocks, type NetworkDescription } from './network.ts';
import { TrainingPlan } from './plan.ts';
import { standardiseFeatures, standardiseParameters } from './standardisation.ts';
import { runTraining, type LoopHooks } from './training-loop.ts';
import { checkRequest, type TrainingRequest, type TrainingResult } from './training-request.ts';

/** Second key of the training's random streams. */
const streams = { initial: 0, loop: 1 } as const;

/**
 * Trains a density estimator in this thread. The result depends on the request alone: weights start, minibatches and noise
 * come from the Philox streams (seed, stream, 0) and (seed, stream, 1), and every sum has a fixed order.
 * @throws AppError see runTraining and checkRequest
 */
export function trainInThisThread(request: TrainingRequest, hooks: LoopHooks): TrainingResult {
  checkRequest(request);
  const started = performance.now();
  const { spec, weights, standardisation, start, options } = request;
  const network = densityNetwork(spec);
  const rows = weights.length;
  const batchSize = Math.min(options.batchSize, rows);
  const learnsImputation = request.x.some(Number.isNaN);
  const plan = new TrainingPlan(createKernels(request.strict), network, {
    batchSize,
    rows,
    learnsImputation,
  });
  standardiseFeatures(request.x, standardisation, plan.x);
  standardiseParameters(request.theta, standardisation, plan.target);
  plan.weights.set(weights);
  const random = createRandom(options.seed, options.stream, streams.initial);
  plan.setParameters(start?.parameters ?? initialParameters(network, random));
  const klConstant = plan.setWeightPrior(priorParameters(network, request.weightPrior));
  const result = runTraining(
    plan,
    klConstant,
    { ...options, batchSize },
    createRandom(options.seed, options.stream, streams.loop),
    hooks,
  );
  const { parameters, ...rest } = result;
  return {
    ...rest,
    estimator: new DensityEstimator(spec, standardisation, parameters),
    seconds: (performance.now() - started) / 1000,
  };
}

/** The weights' prior in the stored form: means and log-sds. */
function priorParameters(network: NetworkDescription, prior: TrainingRequest['weightPrior']): Float32Array {
  if ('previous' in prior) return prior.previous.parameters;
  const blocks = parameterBlocks(network);
  const values = blocks.reduce((sum, block) => sum + blockSize(block), 0);
  const logSds = blocks.reduce((sum, block) => sum + (block.variational ? blockSize(block) : 0), 0);
  return new Float32Array(values + logSds).fill(-0.5 * Math.log(prior.precision), values);
}
