import { Worker } from 'node:worker_threads';
import type { CallName, Handlers } from '../contract/api.ts';
import { JobThread } from './job-thread.ts';

/** Calls that read files or compute for longer than a frame, by the thread that answers them. */
const parts = {
  recordings: [
    'recording.example',
    'recording.outline',
    'recording.inspect',
    'recording.traces',
    'recording.features',
    'recording.family',
    'model.list',
    'model.load',
    'model.equations',
    'model.preview',
  ],
  posteriors: [
    'posterior.view',
    'posterior.predictive',
    'posterior.conditional',
    'export.render',
    'export.methods',
    'export.refusals',
    'history.hallsOfFame',
    'calibration.cost',
  ],
} as const satisfies Record<string, readonly CallName[]>;

type Part = keyof typeof parts;
export type PartHandlers<P extends Part> = Pick<Handlers, (typeof parts)[P][number]>;

export interface ViewCall {
  call: CallName;
  input: unknown;
}
export interface ViewWorkerData {
  part: Part;
  /** The history's file. */
  history: string;
}

/** A part of the contract in a thread of its own: what is asked there makes nobody else wait. */
export class ViewThread<P extends Part> {
  readonly handlers: PartHandlers<P>;
  readonly #thread: JobThread<ViewCall>;

  constructor(part: P, history: string) {
    const workerData: ViewWorkerData = { part, history };
    this.#thread = new JobThread(
      () => new Worker(new URL('./view-worker.ts', import.meta.url), { workerData }),
    );
    const answer = (call: CallName) => (input: unknown) => this.#thread.ask({ call, input });
    const entries = parts[part].map((call) => [call, answer(call)] as const);
    this.handlers = Object.fromEntries(entries) as unknown as PartHandlers<P>;
  }

  /** Before the first call, where one will come soon. */
  start(): void {
    this.#thread.start();
  }

  close(): Promise<void> {
    return this.#thread.close();
  }
}
