import { Worker } from 'node:worker_threads';
import { AppError } from '../contract/errors.ts';
import type { ReaderAnswer, ReaderRequest } from './recording-worker.ts';

type WithoutId<T> = T extends { id: number } ? Omit<T, 'id'> : never;
type Reply = Exclude<ReaderAnswer, { kind: 'ready' | 'alive' | 'failed' }>;

interface Waiting {
  resolve: (answer: Reply) => void;
  reject: (error: AppError) => void;
  timer: NodeJS.Timeout;
}

/** Starting a thread and loading HDF5 may take so many times longer where the processor is busy with a fit. */
const START_FACTOR = 10;

/** A thread that reads one file, and is stopped when it gives no sign of life for the time limit: a hang or a crash inside the HDF5 library ends the thread and not the program. */
export class ReaderThread {
  readonly #worker: Worker;
  readonly #path: string;
  readonly #timeLimitMs: number;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;
  #started = false;
  #ended: AppError | null = null;

  constructor(path: string, timeLimitMs: number, worker = startWorker()) {
    this.#path = path;
    this.#timeLimitMs = timeLimitMs;
    this.#worker = worker;
    worker.on('message', (message: ReaderAnswer) => this.#receive(message));
    worker.on('error', (cause) => this.#end(this.#crash(cause)));
    worker.on('exit', () => this.#end(this.#crash(null)));
    worker.unref(); // an open file does not keep the program alive; a pending question does
  }

  /** Asks the thread; the answer is a coded error where it fails, crashes, takes too long, or is aborted. */
  ask(question: WithoutId<ReaderRequest>, signal?: AbortSignal): Promise<Reply> {
    return new Promise((resolve, reject) => {
      if (this.#ended) {
        reject(this.#ended);
        return;
      }
      if (signal?.aborted) {
        reject(AppError.from(new DOMException('aborted', 'AbortError')));
        return;
      }
      const abort = () => void this.#stop(AppError.from(new DOMException('aborted', 'AbortError')));
      const settle = () => signal?.removeEventListener('abort', abort);
      signal?.addEventListener('abort', abort, { once: true });
      const id = this.#nextId++;
      this.#waiting.set(id, {
        resolve: (answer) => {
          settle();
          resolve(answer);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
        timer: this.#timer(),
      });
      this.#worker.ref();
      this.#worker.postMessage({ ...question, id });
    });
  }

  /** Ends the thread; Node closes the files that it had open. Questions still waiting are refused. */
  async close(): Promise<void> {
    await this.#stop(
      new AppError('usage', `${this.#path} was closed.`, { remedy: 'Open it again to read from it.' }),
    );
  }

  #receive(message: ReaderAnswer): void {
    if (message.kind === 'ready' || message.kind === 'alive') {
      this.#started = true;
      for (const waiting of this.#waiting.values()) {
        clearTimeout(waiting.timer);
        waiting.timer = this.#timer();
      }
      return;
    }
    const waiting = this.#waiting.get(message.id);
    if (!waiting) return; // answered after its time limit
    clearTimeout(waiting.timer);
    this.#waiting.delete(message.id);
    if (this.#waiting.size === 0) this.#worker.unref();
    if (message.kind === 'failed') waiting.reject(AppError.fromWire(message.error));
    else waiting.resolve(message);
  }

  /** Ends the thread unless it gives a sign of life in time. */
  #timer(): NodeJS.Timeout {
    const limitMs = this.#timeLimitMs * (this.#started ? 1 : START_FACTOR);
    return setTimeout(() => void this.#stop(this.#tooSlow()), limitMs);
  }

  async #stop(reason: AppError): Promise<void> {
    this.#end(reason);
    await this.#worker.terminate();
  }

  #end(reason: AppError): void {
    this.#ended ??= reason;
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(this.#ended);
    }
    this.#waiting.clear();
  }

  #crash(cause: unknown): AppError {
    return new AppError('file-unreadable', `Reading ${this.#path} ended abnormally: the file is damaged.`, {
      remedy: 'Copy or download the file again, or check it with the program that wrote it.',
      cause,
      details: { file: this.#path },
    });
  }

  #tooSlow(): AppError {
    const seconds = this.#timeLimitMs / 1000;
    return new AppError(
      'file-unreadable',
      `Reading ${this.#path} came to nothing for ${seconds} s and was stopped.`,
      {
        remedy:
          'Check that the disk answers and the file is intact; split a very large file into smaller ones.',
        details: { file: this.#path },
      },
    );
  }
}

function startWorker(): Worker {
  return new Worker(new URL('./recording-worker.ts', import.meta.url));
}
