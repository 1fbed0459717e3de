import type { TrainedOn } from '../contract/run.ts';
import { chooseDevice } from './device-choice.ts';
import { Training, type TrainingProgress } from './training.ts';
import { trainHere, trainNetworks } from './train-pool.ts';
import type { DeviceName } from './training-messages.ts';
import type { TrainingRequest, TrainingResult } from './training-request.ts';

export type { TrainingProgress } from './training.ts';
export type { TrainingOptions, TrainingRequest, TrainingResult } from './training-request.ts';

/** With the device. */
export interface TrainedResult extends TrainingResult {
  trainedOn: TrainedOn;
}

export interface TrainingHooks {
  /** Worker threads at once. */
  cores: number;
  /** auto: the fastest, see chooseDevice. Left out = the processor. */
  device?: DeviceName | 'auto';
  signal?: AbortSignal;
  onEpoch?: (progress: TrainingProgress) => void;
}

/**
 * Trains all families that apply, every network in a worker thread of its own, and takes the one whose held-out rows are
 * most probable: mean weighted log q(θ|x), in nats over the working parameters, with the same rows held out for all. See
 * trainingSteps for the schedule. The same request on the same device gives the same result, whatever the number of cores.
 * Loss of a network: −mean(w_n log q(θ_n|x_n)) + KL/N, N the rows trained on [SNPE].
 * @throws AppError cancelled (between any two minibatches), inference-failed where no family could be trained
 */
export async function trainBest(request: TrainingRequest, hooks: TrainingHooks): Promise<TrainedResult> {
  const { cores, signal, onEpoch, device = 'cpu' } = hooks;
  const stages = new Training(request, onEpoch).stages();
  let stage = stages.next();
  let trainedOn: TrainedOn | null = null;
  while (!stage.done) {
    const { tasks, ...own } = stage.value;
    // What is bit-identical everywhere is the strict kernels' arithmetic alone.
    trainedOn ??=
      device === 'auto' && !request.strict
        ? { ...(await chooseDevice(tasks, cores)), lost: null }
        : { device: device === 'auto' ? 'cpu' : device, times: [], lost: null };
    const use = trainedOn;
    const outcomes = await trainNetworks(tasks, {
      ...own,
      cores,
      device: use.device,
      ...(signal ? { signal } : {}),
      onDeviceLost: ({ message }) => Object.assign(use, { device: 'cpu', lost: message }),
    });
    stage = stages.next(outcomes);
  }
  return { ...stage.value, trainedOn: trainedOn! };
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
