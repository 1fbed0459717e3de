import { createRandom } from '../numeric/random.ts';
import { withResiduals } from './autoregressive-estimator.ts';
import { initialParameters } from './initialise.ts';
import { createKernels } from './kernels.ts';
import { blockSize, parameterBlocks, type NetworkDescription } from './network.ts';
import { TrainingPlan } from './plan.ts';
import { runTraining, type LoopHooks, type LoopOptions, type LoopResult } from './training-loop.ts';

/** What the networks of a family share; in shared memory, so that no worker holds a copy. */
export interface NetworkData {
  /** [n, F] standardised, NaN = missing */
  z: Float32Array;
  /** [n, D] residuals of the LinearPart */
  r: Float32Array;
  /** [n] */
  weights: Float32Array;
  /** [n] rows in random order; the last `heldOut` are held out */
  order: Uint32Array;
  heldOut: number;
}

/** One network to be trained, as it crosses to a worker. */
export interface NetworkTask {
  network: NetworkDescription;
  data: NetworkData;
  /** Residuals that the network reads behind the features. */
  given: number;
  /** [n, targets] what its head is compared with */
  targets: Float32Array;
  /** Stored parameters to start from; null = random ones. */
  start: Float32Array | null;
  weightPrior: { precision: number } | { previous: Float32Array };
  options: LoopOptions & { seed: number; stream: number };
  /** Tells the random numbers of this network from those of the others of the same (seed, stream). */
  index: number;
  strict: boolean;
}

/** Second key of the training's random streams: (seed, stream, key, network). */
export const streams = { initial: 0, loop: 1, split: 2 } as const;

/**
 * Trains one network in this thread. The result depends on the task alone: first weights, minibatches and noise come from
 * Philox streams of their own, and every sum has a fixed order.
 * @throws AppError see runTraining
 */
export function trainNetwork(task: NetworkTask, hooks: LoopHooks): LoopResult {
  const { network, data, given, options, index } = task;
  const rows = data.order.length;
  const batchSize = Math.min(options.batchSize, rows);
  const plan = new TrainingPlan(createKernels(task.strict), network, {
    batchSize,
    rows,
    learnsImputation: data.z.some(Number.isNaN),
  });
  plan.x.set(withResiduals(data.z, data.r, data.r.length / rows, given));
  plan.target.set(task.targets);
  plan.weights.set(data.weights);
  plan.order.set(data.order);
  const random = (key: number) => createRandom(options.seed, options.stream, key, index);
  plan.setParameters(task.start ?? initialParameters(network, random(streams.initial)));
  const klConstant = plan.setWeightPrior(priorParameters(network, task.weightPrior));
  return runTraining(plan, klConstant, { ...options, batchSize }, data.heldOut, random(streams.loop), hooks);
}

/** The weights' prior in the stored form: means and log-sds. */
function priorParameters(network: NetworkDescription, prior: NetworkTask['weightPrior']): Float32Array {
  if ('previous' in prior) return prior.previous;
  const blocks = parameterBlocks(network);
  const values = blocks.reduce((sum, block) => sum + blockSize(block), 0);
  const logSds = blocks.reduce((sum, block) => sum + (block.variational ? blockSize(block) : 0), 0);
  return new Float32Array(values + logSds).fill(-0.5 * Math.log(prior.precision), values);
}
