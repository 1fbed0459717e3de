import { Worker } from 'node:worker_threads';
import { AppError } from '../contract/errors.ts';
import type { FromWorker, SimulationTask, ToWorker } from './simulation-messages.ts';

export type ReadyMessage = Extract<FromWorker, { kind: 'ready' }>;

export interface WorkerEvents {
  message(worker: PoolWorker, message: FromWorker): void;
  /** The thread is gone without having been told to go. */
  died(worker: PoolWorker, why: string): void;
}

/** A module that has not loaded after this time never will: most likely it waits for something at its top level. */
const readyLimitMs = 60_000;

/** One worker thread that has made its task ready. */
export class PoolWorker {
  readonly place: number;
  readonly ready: ReadyMessage;
  readonly #thread: Worker;
  #ended = false;

  private constructor(thread: Worker, place: number, ready: ReadyMessage, events: WorkerEvents) {
    this.#thread = thread;
    this.place = place;
    this.ready = ready;
    let why: string | null = null;
    thread.on('message', (message: FromWorker) => events.message(this, message));
    thread.on('error', (thrown: unknown) => {
      why = thrown instanceof Error ? thrown.message : String(thrown);
    });
    thread.on('exit', (code) => {
      if (!this.#ended) events.died(this, why ?? `exit code ${code}`);
      this.#ended = true;
    });
  }

  /** Starts a thread and waits until its task is ready. @throws AppError what the worker reports; internal if it dies */
  static async start(task: SimulationTask, place: number, events: WorkerEvents): Promise<PoolWorker> {
    const thread = new Worker(new URL('./simulate-worker.ts', import.meta.url), {
      workerData: { task, place },
      // What a user's module prints must not mix with a document on stdout.
      stdout: task.kind === 'module',
    });
    if (task.kind === 'module') thread.stdout.on('data', (chunk: Buffer) => process.stderr.write(chunk));
    try {
      const ready = await firstMessage(thread, task);
      return new PoolWorker(thread, place, ready, events);
    } catch (thrown) {
      await thread.terminate();
      throw thrown;
    }
  }

  /** A thread that is gone takes no message and answers none. */
  get hasEnded(): boolean {
    return this.#ended;
  }

  send(message: ToWorker): void {
    this.#thread.postMessage(message);
  }

  async terminate(): Promise<void> {
    this.#ended = true;
    await this.#thread.terminate();
  }
}

function firstMessage(thread: Worker, task: SimulationTask): Promise<ReadyMessage> {
  return new Promise((resolve, reject) => {
    function refuse(what: string, cause?: unknown): void {
      reject(
        task.kind === 'module'
          ? new AppError(
              'simulator-invalid',
              `The simulator module «${task.path}» ${what} while it was loaded${cause instanceof Error ? `: ${cause.message}` : ''}.`,
              {
                remedy: 'Correct the module; loading it must neither end the process nor wait for ever.',
                cause,
              },
            )
          : new AppError('internal', `A simulation worker ${what} at its start.`, {
              remedy: 'Please report this together with the log.',
              cause,
            }),
      );
    }
    const timer = setTimeout(() => settle(() => refuse('was not ready in time')), readyLimitMs);
    // Each listener by name: removeAllListeners() would also remove those by which Node itself delivers messages.
    const settle = (action: () => void): void => {
      clearTimeout(timer);
      thread.off('message', onMessage).off('error', onError).off('exit', onExit);
      action();
    };
    const onMessage = (message: FromWorker): void =>
      settle(() => {
        if (message.kind === 'ready') resolve(message);
        else if (message.kind === 'failed') reject(AppError.fromWire(message.error));
        else refuse('spoke before it was ready');
      });
    const onError = (cause: unknown): void => settle(() => refuse('failed', cause));
    const onExit = (code: number): void => settle(() => refuse(`ended with code ${code}`));
    thread.on('message', onMessage).on('error', onError).on('exit', onExit);
  });
}
