import type { Worker } from 'node:worker_threads';
import { AppError } from '../contract/errors.ts';
import type { JobAnswer, JobQuestion } from './job-messages.ts';

interface Waiting {
  resolve(value: unknown): void;
  reject(error: AppError): void;
  onNews: ((news: unknown) => void) | undefined;
}

export interface AskOptions {
  signal?: AbortSignal | undefined;
  onNews?: ((news: unknown) => void) | undefined;
}

/**
 * A thread that computes, so that the door's own thread stays free to answer. It is started by the first question, and again by
 * the next one after a crash; it keeps the process alive only while it has something to do.
 */
export class JobThread<Request> {
  readonly #make: () => Worker;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #jobs = 0;
  #closed = false;

  constructor(make: () => Worker) {
    this.#make = make;
  }

  /** Starts it before the first question, where one will come soon. */
  start(): void {
    if (this.#closed || this.#worker !== null) return;
    this.#worker = this.#begin();
    this.#worker.unref();
  }

  /** @throws AppError what the job refuses; cancelled where the thread is closed first; internal where it crashes */
  ask(request: Request, { signal, onNews }: AskOptions = {}): Promise<unknown> {
    if (this.#closed) return Promise.reject(closing());
    const worker = (this.#worker ??= this.#begin());
    const job = ++this.#jobs;
    const send = (question: JobQuestion<Request>) => {
      worker.postMessage(question);
    };
    const abort = () => {
      send({ kind: 'abort', job });
    };
    const answer = new Promise<unknown>((resolve, reject) => {
      this.#waiting.set(job, { resolve, reject, onNews });
    });
    worker.ref();
    send({ kind: 'job', job, request });
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort, { once: true });
    return answer.finally(() => signal?.removeEventListener('abort', abort));
  }

  /** Ends the thread and those that it started; what it was asked is answered «cancelled». */
  async close(): Promise<void> {
    this.#closed = true;
    const worker = this.#worker;
    this.#worker = null;
    this.#rejectAll(closing());
    await worker?.terminate();
  }

  #begin(): Worker {
    const worker = this.#make();
    worker.on('message', (message: JobAnswer) => {
      this.#receive(worker, message);
    });
    worker.on('error', (cause) => {
      this.#crashed(worker, cause);
    });
    worker.on('exit', (code) => {
      this.#crashed(worker, new Error(`The thread ended with code ${code}.`));
    });
    return worker;
  }

  #receive(worker: Worker, message: JobAnswer): void {
    if (message.kind === 'ready') return;
    const waiting = this.#waiting.get(message.job);
    if (!waiting) return; // told after the thread was closed
    if (message.kind === 'news') {
      waiting.onNews?.(message.news);
      return;
    }
    this.#waiting.delete(message.job);
    if (this.#waiting.size === 0) worker.unref();
    if (message.kind === 'done') waiting.resolve(message.value);
    else waiting.reject(withStack(AppError.fromWire(message.error), message.stack));
  }

  #crashed(worker: Worker, cause: unknown): void {
    if (this.#worker !== worker) return; // closed by us, or the end that follows an error
    this.#worker = null;
    this.#rejectAll(
      new AppError('internal', 'The thread that computes ended unexpectedly.', {
        remedy:
          'Ask again, or resume the run; finished rounds are kept. If memory is short, close other programs.',
        cause,
      }),
    );
  }

  #rejectAll(error: AppError): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(error);
  }
}

function closing(): AppError {
  return new AppError('cancelled', 'Chronaxie is closing.', { remedy: 'Start it again.' });
}

function withStack(error: AppError, stack: string | null): AppError {
  if (stack !== null) error.cause = Object.assign(new Error(error.message), { stack });
  return error;
}
