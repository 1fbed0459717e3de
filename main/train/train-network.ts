import { createRandom, type RandomStream } from '../numeric/random.ts';
import { withResiduals } from './autoregressive-estimator.ts';
import { initialParameters } from './initialise.ts';
import { createKernels } from './kernels.ts';
import { blockSize, parameterBlocks, type NetworkDescription } from './network.ts';
import { TrainingPlan } from './plan.ts';
import type { TensorFlow } from './tensor-layers.ts';
import { TensorPlan } from './tensor-plan.ts';
import { runLater, runNow } from './trainee.ts';
import { trainingSteps, type LoopHooks, type LoopOptions, type LoopResult } from './training-loop.ts';

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
 * @throws AppError see trainingSteps
 */
export function trainNetwork(task: NetworkTask, hooks: LoopHooks): LoopResult {
  const { plan, klConstant } = kernelPlan(task);
  const outcome = runNow(trainingSteps(plan, klConstant, ...loop(task), hooks));
  return { ...outcome, parameters: plan.best() };
}

/** The network of a task with its data in the kernels' memory, before the first step. */
export function kernelPlan(task: NetworkTask): { plan: TrainingPlan; klConstant: number } {
  const { network, data, options } = task;
  const rows = data.order.length;
  const plan = new TrainingPlan(createKernels(task.strict), network, {
    batchSize: Math.min(options.batchSize, rows),
    rows,
    learnsImputation: data.z.some(Number.isNaN),
  });
  const { x, stored, prior } = prepared(task);
  plan.x.set(x);
  plan.target.set(task.targets);
  plan.weights.set(data.weights);
  plan.order.set(data.order);
  plan.setParameters(stored);
  return { plan, klConstant: plan.setWeightPrior(prior) };
}

/** As trainNetwork, by TensorFlow.js on its device: the same random numbers, rounded otherwise. */
export async function trainNetworkOnTensors(
  tf: TensorFlow,
  task: NetworkTask,
  hooks: LoopHooks,
): Promise<LoopResult> {
  const plan = tensorPlan(tf, task);
  try {
    const outcome = await runLater(trainingSteps(plan, plan.klConstant, ...loop(task), hooks));
    return { ...outcome, parameters: await plan.best() };
  } finally {
    plan.dispose();
  }
}

/** As kernelPlan, on a device. */
export function tensorPlan(tf: TensorFlow, task: NetworkTask): TensorPlan {
  const { x, stored, prior } = prepared(task);
  const { weights, order } = task.data;
  const plan = new TensorPlan(tf, task.network, { x, target: task.targets, weights }, stored, prior);
  plan.order.set(order);
  return plan;
}

/** What the network reads, its first parameters and their prior. */
function prepared(task: NetworkTask): { x: Float32Array; stored: Float32Array; prior: Float32Array } {
  const { network, data, given } = task;
  return {
    x: withResiduals(data.z, data.r, data.r.length / data.order.length, given),
    stored: task.start ?? initialParameters(network, randomOf(task, streams.initial)),
    prior: priorParameters(network, task.weightPrior),
  };
}

function loop(task: NetworkTask): [LoopOptions, number, RandomStream] {
  const { data, options } = task;
  const batchSize = Math.min(options.batchSize, data.order.length);
  return [{ ...options, batchSize }, data.heldOut, randomOf(task, streams.loop)];
}

function randomOf({ options, index }: NetworkTask, key: number): RandomStream {
  return createRandom(options.seed, options.stream, key, index);
}

/** The weights' prior in the stored form: means and log-sds. */
function priorParameters(network: NetworkDescription, prior: NetworkTask['weightPrior']): Float32Array {
  if ('previous' in prior) return prior.previous;
  const blocks = parameterBlocks(network);
  const values = blocks.reduce((sum, block) => sum + blockSize(block), 0);
  const logSds = blocks.reduce((sum, block) => sum + (block.variational ? blockSize(block) : 0), 0);
  return new Float32Array(values + logSds).fill(-0.5 * Math.log(prior.precision), values);
}
