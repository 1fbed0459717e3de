import type { WireError } from '../contract/errors.ts';

/** What a thread is asked; `job` joins a question to what is told of it. */
export type JobQuestion<Request> =
  { kind: 'job'; job: number; request: Request } | { kind: 'abort'; job: number };

/** `stack`: of a fault of ours, for the log. */
export type JobAnswer =
  | { kind: 'ready' }
  | { kind: 'news'; job: number; news: unknown }
  | { kind: 'done'; job: number; value: unknown }
  | { kind: 'failed'; job: number; error: WireError; stack: string | null };

/** What a job is handed besides its request. */
export interface JobHooks {
  signal: AbortSignal;
  /** Tells the asker how far it is. */
  tell(news: unknown): void;
}
