import { Worker } from 'node:worker_threads';
import { AppError } from '../contract/errors.ts';
import { trainNetwork, type NetworkTask } from './train-network.ts';
import type { EpochReport, LoopResult } from './training-loop.ts';
import { deviceLost } from './device-lost.ts';
import type { Accelerator } from './tensor-device.ts';
import type { DeviceName, TrainMessage, TrainReply } from './training-messages.ts';

export interface PoolHooks {
  /** Worker threads at once. */
  cores: number;
  /** Left out = the processor. */
  device?: DeviceName;
  signal?: AbortSignal;
  /** Epochs count from 1 again when a network begins anew. */
  onEpoch?: (task: number, report: EpochReport) => void;
  onDone?: (task: number, outcome: NetworkOutcome) => void;
  /** The device failed; what it has not finished begins anew on the processor. */
  onDeviceLost?: (error: AppError) => void;
}

/** What became of a network; `failed` only with inference-failed, which other networks may not share. */
export type NetworkOutcome = (LoopResult & { seconds: number }) | { failed: AppError };

/** Workers that have trained wait here for the next round; they do not keep the process alive. */
const idle: { worker: Worker; device: DeviceName }[] = [];
const idleMs = 60_000;

/**
 * Trains networks in worker threads in the order given: on the processor at most `cores` at a time, on another device one
 * after the other. A device that fails hands what it has not finished to the processor.
 * @returns the outcome of each
 * @throws AppError cancelled between any two minibatches; internal where a thread crashes
 */
export async function trainNetworks(
  tasks: readonly NetworkTask[],
  hooks: PoolHooks,
): Promise<NetworkOutcome[]> {
  const outcomes: NetworkOutcome[] = [];
  if (hooks.device !== undefined && hooks.device !== 'cpu') {
    try {
      await trainOn(hooks.device, tasks, outcomes, { ...hooks, cores: 1 });
    } catch (thrown) {
      const error = AppError.from(thrown);
      if (error.code !== 'device-lost' && error.code !== 'device-unavailable') throw error;
      hooks.onDeviceLost?.(error);
    }
  }
  await trainOn('cpu', tasks, outcomes, hooks);
  return outcomes;
}

/** Trains those that have no outcome yet. */
async function trainOn(
  device: DeviceName,
  tasks: readonly NetworkTask[],
  outcomes: NetworkOutcome[],
  hooks: PoolHooks,
): Promise<void> {
  const cancel = new SharedArrayBuffer(4);
  const stop = () => Atomics.store(new Int32Array(cancel), 0, 1);
  if (hooks.signal?.aborted) stop();
  hooks.signal?.addEventListener('abort', stop);
  const left = tasks.map((_, index) => index).filter((index) => outcomes[index] === undefined);
  const work = async () => {
    for (let index = left.shift(); index !== undefined; index = left.shift()) {
      const own = index;
      const message = { kind: 'train', device, task: tasks[own]!, cancel } as const;
      const report = (epoch: EpochReport) => hooks.onEpoch?.(own, epoch);
      const outcome = await settle(async () => (await converse(message, 'done', report)).result);
      outcomes[own] = outcome;
      hooks.onDone?.(own, outcome);
    }
  };
  try {
    const threads = Math.min(Math.max(1, hooks.cores), left.length);
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
  } finally {
    hooks.signal?.removeEventListener('abort', stop);
  }
}

/** Times a few steps of a network. @throws AppError device-unavailable, device-lost */
export async function timeNetwork(
  device: DeviceName,
  task: NetworkTask,
): Promise<{ description: string; msPerStep: number }> {
  const { description, msPerStep } = await converse({ kind: 'time', device, task }, 'timed');
  return { description, msPerStep };
}

/** @returns what the device is @throws AppError device-unavailable, device-lost */
export async function describeDevice(device: Accelerator): Promise<string> {
  return (await converse({ kind: 'open', device }, 'opened')).description;
}

/** Gives idle graphics cards back; what opens one again takes a second more. */
export async function releaseDevices(): Promise<void> {
  const ended = idle.filter(({ device }) => device !== 'cpu');
  for (const one of ended) idle.splice(idle.indexOf(one), 1);
  await Promise.all(ended.map(({ worker }) => worker.terminate()));
}

/** As trainNetworks, one after the other in this thread. */
export function trainHere(
  tasks: readonly NetworkTask[],
  hooks: Pick<PoolHooks, 'onEpoch' | 'onDone'>,
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

async function takeWorker(device: DeviceName): Promise<Worker> {
  const at = idle.findIndex((waiting) => waiting.device === device);
  const [waiting] = at < 0 ? [] : idle.splice(at, 1);
  if (waiting) {
    waiting.worker.ref();
    return waiting.worker;
  }
  const worker = new Worker(new URL('./train-worker.ts', import.meta.url));
  await new Promise<void>((resolve, reject) => {
    worker.once('message', () => resolve());
    worker.once('error', (error) => reject(crashed(device, error)));
  });
  return worker;
}

function giveBack(worker: Worker, device: DeviceName): void {
  worker.unref();
  const waiting = { worker, device };
  idle.push(waiting);
  setTimeout(() => {
    const at = idle.indexOf(waiting);
    if (at < 0) return;
    idle.splice(at, 1);
    void worker.terminate();
  }, idleMs).unref();
}

/** Waits for the answer of a kind; a device that has failed takes its thread with it. */
async function converse<K extends TrainReply['kind']>(
  message: TrainMessage,
  wanted: K,
  onEpoch?: (report: EpochReport) => void,
): Promise<Extract<TrainReply, { kind: K }>> {
  const { device } = message;
  const worker = await takeWorker(device);
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void, reusable: boolean) => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      if (reusable) giveBack(worker, device);
      else void worker.terminate();
      finish();
    };
    const onMessage = (reply: TrainReply) => {
      if (reply.kind === 'epoch') onEpoch?.(reply.report);
      else if (reply.kind === wanted) settle(() => resolve(reply as Extract<TrainReply, { kind: K }>), true);
      else if (reply.kind === 'failed') {
        const error = AppError.fromWire(reply.error);
        const sound = error.code !== 'device-lost' && error.code !== 'device-unavailable';
        settle(() => reject(error), sound);
      }
    };
    const onError = (error: unknown) => settle(() => reject(crashed(device, error)), false);
    const onExit = (code: number) =>
      settle(() => reject(crashed(device, new Error(`The thread ended with code ${code}.`))), false);
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    worker.postMessage(message);
  });
}

function crashed(device: DeviceName, cause: unknown): AppError {
  if (device !== 'cpu')
    return deviceLost(device, cause instanceof Error ? cause.message : String(cause), cause);
  return new AppError('internal', 'The training thread stopped unexpectedly.', {
    remedy: 'Resume the run; finished rounds are kept. If memory is short, use fewer simulations per round.',
    cause,
  });
}
