import { workerData } from 'node:worker_threads';
import type { Handlers } from '../contract/api.ts';
import { exportService } from './export-service.ts';
import { History } from '../history/history.ts';
import { answerJobs } from './job-port.ts';
import { ModelService } from './model-service.ts';
import { posteriorService } from './posterior-service.ts';
import { RecordingCache } from './recording-cache.ts';
import { recordingService } from './recording-service.ts';
import type { ViewCall, ViewWorkerData } from './view-thread.ts';

/** Answers the calls of one part of the contract; the protocol is in view-thread.ts. */
const handlers = handlersOf(workerData as ViewWorkerData);

function handlersOf({ part, history }: ViewWorkerData): Partial<Handlers> {
  if (part === 'recordings') {
    const recordings = new RecordingCache();
    return { ...recordingService(recordings), ...new ModelService(recordings).handlers() };
  }
  const opened = History.open(history);
  return { ...posteriorService(opened), ...exportService(opened) };
}

answerJobs<ViewCall>(({ call, input }) => {
  const handler = handlers[call] as ((checkedInput: unknown) => Promise<unknown>) | undefined;
  if (handler === undefined) throw new Error(`This thread does not answer ${call}.`);
  return handler(input);
});
