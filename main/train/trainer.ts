import { Training, type TrainingProgress } from './training.ts';
import { trainHere, trainNetworks } from './train-pool.ts';
import type { TrainingRequest, TrainingResult } from './training-request.ts';

export type { TrainingProgress } from './training.ts';
export type { TrainingOptions, TrainingRequest, TrainingResult } from './training-request.ts';

export interface TrainingHooks {
  /** Worker threads at once. */
  cores: number;
  signal?: AbortSignal;
  onEpoch?: (progress: TrainingProgress) => void;
}

/**
 * Trains all families that apply, every network in a worker thread of its own, and takes the one whose held-out rows are
 * most probable: mean weighted log q(θ|x), in nats over the working parameters, with the same rows held out for all. See
 * runTraining for the schedule. The same request gives the same result, whatever the number of cores.
 * Loss of a network: −mean(w_n log q(θ_n|x_n)) + KL/N, N the rows trained on [SNPE].
 * @throws AppError cancelled (between any two minibatches), inference-failed where no family could be trained
 */
export async function trainBest(request: TrainingRequest, hooks: TrainingHooks): Promise<TrainingResult> {
  const { cores, signal, onEpoch } = hooks;
  const stages = new Training(request, onEpoch).stages();
  let stage = stages.next();
  while (!stage.done) {
    const { tasks, ...own } = stage.value;
    stage = stages.next(await trainNetworks(tasks, { ...own, cores, ...(signal ? { signal } : {}) }));
  }
  return stage.value;
}

/** As trainBest, one network after the other in this thread. */
export function trainInThisThread(
  request: TrainingRequest,
  onEpoch?: (progress: TrainingProgress) => void,
): TrainingResult {
  const stages = new Training(request, onEpoch).stages();
  let stage = stages.next();
  while (!stage.done) {
    const { tasks, ...own } = stage.value;
    stage = stages.next(trainHere(tasks, own));
  }
  return stage.value;
}
