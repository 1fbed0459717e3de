import { workerData } from 'node:worker_threads';
import type { Handlers } from '../contract/api.ts';
import { answerJobs } from './job-port.ts';
import type { ViewCall, ViewWorkerData } from './view-thread.ts';

/** Answers the calls of one part of the contract; the protocol is in view-thread.ts. */
const handlers = await handlersOf(workerData as ViewWorkerData);

/** Each part loads what it needs alone: the first trace of a recording waits for this. */
async function handlersOf({ part, history }: ViewWorkerData): Promise<Partial<Handlers>> {
  if (part === 'recordings') {
    const [{ RecordingCache }, { recordingService }, { ModelService }] = await Promise.all([
      import('./recording-cache.ts'),
      import('./recording-service.ts'),
      import('./model-service.ts'),
    ]);
    const recordings = new RecordingCache();
    return { ...recordingService(recordings), ...new ModelService(recordings).handlers() };
  }
  const [{ History }, { posteriorService }, { exportService }] = await Promise.all([
    import('../history/history.ts'),
    import('./posterior-service.ts'),
    import('./export-service.ts'),
  ]);
  const opened = History.open(history);
  return { ...posteriorService(opened), ...exportService(opened) };
}

answerJobs<ViewCall>(({ call, input }) => {
  const handler = handlers[call] as ((checkedInput: unknown) => Promise<unknown>) | undefined;
  if (handler === undefined) throw new Error(`This thread does not answer ${call}.`);
  return handler(input);
});
