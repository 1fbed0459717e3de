import { AppError } from '../../main/contract/errors.ts';
import { answerJobs } from '../../main/shell/job-port.ts';

/** A worker for the test of JobThread: each request names what becomes of it. */
export type TestJob = 'answer' | 'tell' | 'refuse' | 'break' | 'crash' | 'wait' | 'block';

answerJobs<TestJob>(async (request, { signal, tell }) => {
  switch (request) {
    case 'answer':
      return new Float32Array([1, 2]);
    case 'tell':
      tell('half');
      return 'whole';
    case 'refuse':
      throw new AppError('usage', 'No.', { remedy: 'Ask for something else.' });
    case 'break':
      throw new TypeError('a fault of ours');
    case 'crash':
      return process.exit(3);
    case 'wait':
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      return 'aborted';
    case 'block':
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000);
      return 'too late';
  }
});
