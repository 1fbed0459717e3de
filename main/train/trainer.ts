import { Worker } from 'node:worker_threads';
import { AppError } from '../contract/errors.ts';
import { DensityEstimator } from './estimator.ts';
import type { EpochReport } from './training-loop.ts';
import type { TrainMessage, TrainReply } from './training-messages.ts';
import { checkRequest, toWire, type TrainingRequest, type TrainingResult } from './training-request.ts';

export type { NetworkSpec } from './network.ts';
export type { EpochReport } from './training-loop.ts';
export type { TrainingOptions, TrainingRequest, TrainingResult } from './training-request.ts';

/** A worker that has trained waits here for the next round; it does not keep the process alive. */
let idle: Worker | null = null;

/**
 * Trains a density estimator in a worker thread; see runTraining for the schedule. The same request gives the same result.
 * Loss: −mean(w_n log q(θ_n|x_n)) + KL/N, N the rows trained on [SNPE].
 * @throws AppError cancelled (between any two minibatches), inference-failed
 */
export async function trainEstimator(
  request: TrainingRequest,
  hooks: { signal?: AbortSignal; onEpoch?: (report: EpochReport) => void } = {},
): Promise<TrainingResult> {
  checkRequest(request);
  const { signal, onEpoch } = hooks;
  const cancel = new SharedArrayBuffer(4);
  const stop = () => Atomics.store(new Int32Array(cancel), 0, 1);
  if (signal?.aborted) stop();
  signal?.addEventListener('abort', stop);
  const worker = await takeWorker();
  try {
    const result = await converse(worker, { kind: 'train', request: toWire(request), cancel }, onEpoch);
    return { ...result, estimator: DensityEstimator.fromBytes(result.estimator) };
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

async function takeWorker(): Promise<Worker> {
  const waiting = idle;
  idle = null;
  if (waiting !== null) {
    waiting.ref();
    return waiting;
  }
  const worker = new Worker(new URL('./train-worker.ts', import.meta.url));
  await new Promise<void>((resolve, reject) => {
    worker.once('message', () => resolve());
    worker.once('error', (error) => reject(crashed(error)));
  });
  return worker;
}

function giveBack(worker: Worker): void {
  if (idle !== null) {
    void worker.terminate();
    return;
  }
  worker.unref();
  idle = worker;
}

function converse(
  worker: Worker,
  message: TrainMessage,
  onEpoch: ((report: EpochReport) => void) | undefined,
): Promise<Extract<TrainReply, { kind: 'done' }>['result']> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void, reusable: boolean) => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      if (reusable) giveBack(worker);
      finish();
    };
    const onMessage = (reply: TrainReply) => {
      if (reply.kind === 'epoch') onEpoch?.(reply.report);
      else if (reply.kind === 'done') settle(() => resolve(reply.result), true);
      else if (reply.kind === 'failed') settle(() => reject(AppError.fromWire(reply.error)), true);
    };
    const onError = (error: unknown) => settle(() => reject(crashed(error)), false);
    const onExit = (code: number) =>
      settle(() => reject(crashed(new Error(`The thread ended with code ${code}.`))), false);
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    worker.postMessage(message);
  });
}

function crashed(cause: unknown): AppError {
  return new AppError('internal', 'The training thread stopped unexpectedly.', {
    remedy: 'Resume the run; finished rounds are kept. If memory is short, use fewer simulations per round.',
    cause,
  });
}
