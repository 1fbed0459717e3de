import { Worker } from 'node:worker_threads';
import { AppError } from '../contract/errors.ts';
import { trainNetwork, type NetworkTask } from './train-network.ts';
import type { EpochReport, LoopResult } from './training-loop.ts';
import type { TrainMessage, TrainReply } from './training-messages.ts';

export interface PoolHooks {
  /** Worker threads at once. */
  cores: number;
  signal?: AbortSignal;
  onEpoch?: (task: number, report: EpochReport) => void;
  onDone?: (task: number, outcome: NetworkOutcome) => void;
}

/** What became of a network; `failed` only with inference-failed, which other networks may not share. */
export type NetworkOutcome = (LoopResult & { seconds: number }) | { failed: AppError };

/** Workers that have trained wait here for the next round; they do not keep the process alive. */
const idle: Worker[] = [];
const idleMs = 60_000;

/**
 * Trains networks in worker threads, at most `cores` at a time, in the order given.
 * @returns the outcome of each
 * @throws AppError cancelled between any two minibatches; internal where a thread crashes
 */
export async function trainNetworks(
  tasks: readonly NetworkTask[],
  hooks: PoolHooks,
): Promise<NetworkOutcome[]> {
  const cancel = new SharedArrayBuffer(4);
  const stop = () => Atomics.store(new Int32Array(cancel), 0, 1);
  if (hooks.signal?.aborted) stop();
  hooks.signal?.addEventListener('abort', stop);
  const outcomes: NetworkOutcome[] = [];
  let next = 0;
  const work = async () => {
    while (next < tasks.length) {
      const index = next++;
      const message = { kind: 'train', task: tasks[index]!, cancel } as const;
      const report = (epoch: EpochReport) => hooks.onEpoch?.(index, epoch);
      const outcome = await settle(() => converse(message, report));
      outcomes[index] = outcome;
      hooks.onDone?.(index, outcome);
    }
  };
  try {
    const threads = Math.max(1, Math.min(hooks.cores, tasks.length));
    const ends = await Promise.allSettled(
      Array.from({ length: threads }, () =>
        work().catch((error: unknown) => {
          stop();
          throw error;
        }),
      ),
    );
    // The first thread's fault stopped the others: theirs is only that they were cancelled.
    const faults = ends.flatMap((end) => (end.status === 'rejected' ? [AppError.from(end.reason)] : []));
    const fault = faults.find(({ code }) => code !== 'cancelled') ?? faults[0];
    if (fault) throw fault;
    return outcomes;
  } finally {
    hooks.signal?.removeEventListener('abort', stop);
  }
}

/** As trainNetworks, one after the other in this thread. */
export function trainHere(
  tasks: readonly NetworkTask[],
  hooks: Omit<PoolHooks, 'cores' | 'signal'>,
): NetworkOutcome[] {
  return tasks.map((task, index) => {
    const started = performance.now();
    let outcome: NetworkOutcome;
    try {
      const result = trainNetwork(task, {
        cancelled: () => false,
        onEpoch: (report) => hooks.onEpoch?.(index, report),
      });
      outcome = { ...result, seconds: (performance.now() - started) / 1000 };
    } catch (error) {
      outcome = failure(error);
    }
    hooks.onDone?.(index, outcome);
    return outcome;
  });
}

async function settle(train: () => Promise<LoopResult>): Promise<NetworkOutcome> {
  const started = performance.now();
  try {
    const result = await train();
    return { ...result, seconds: (performance.now() - started) / 1000 };
  } catch (error) {
    return failure(error);
  }
}

function failure(error: unknown): { failed: AppError } {
  const failed = AppError.from(error);
  if (failed.code !== 'inference-failed') throw failed;
  return { failed };
}

async function takeWorker(): Promise<Worker> {
  const waiting = idle.pop();
  if (waiting) {
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
  worker.unref();
  idle.push(worker);
  setTimeout(() => {
    const at = idle.indexOf(worker);
    if (at < 0) return;
    idle.splice(at, 1);
    void worker.terminate();
  }, idleMs).unref();
}

async function converse(message: TrainMessage, onEpoch: (report: EpochReport) => void): Promise<LoopResult> {
  const worker = await takeWorker();
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void, reusable: boolean) => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      if (reusable) giveBack(worker);
      finish();
    };
    const onMessage = (reply: TrainReply) => {
      if (reply.kind === 'epoch') onEpoch(reply.report);
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
