import { parentPort } from 'node:worker_threads';
import { AppError } from '../contract/errors.ts';
import type { JobAnswer, JobHooks, JobQuestion } from './job-messages.ts';

/** The other side of JobThread: a worker's file calls it once. Jobs are begun as they come, one beside the other. */
export function answerJobs<Request>(work: (request: Request, hooks: JobHooks) => Promise<unknown>): void {
  const port = parentPort;
  if (port === null) throw new Error('Jobs are answered in a worker thread.');
  const running = new Map<number, AbortController>();
  const reply = (answer: JobAnswer) => {
    port.postMessage(answer);
  };
  const begin = async (job: number, request: Request): Promise<void> => {
    const controller = new AbortController();
    running.set(job, controller);
    const tell = (news: unknown) => {
      reply({ kind: 'news', job, news });
    };
    try {
      reply({ kind: 'done', job, value: await work(request, { signal: controller.signal, tell }) });
    } catch (thrown) {
      const error = AppError.from(thrown);
      const fault = error.cause instanceof Error ? error.cause : error;
      const stack = error.code === 'internal' ? (fault.stack ?? null) : null;
      reply({ kind: 'failed', job, error: error.toWire(), stack });
    } finally {
      running.delete(job);
    }
  };
  port.on('message', (question: JobQuestion<Request>) => {
    if (question.kind === 'abort') running.get(question.job)?.abort();
    else void begin(question.job, question.request);
  });
  reply({ kind: 'ready' });
}
