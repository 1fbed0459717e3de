import { workerData } from 'node:worker_threads';
import { History } from '../history/history.ts';
import { calibrateRun } from '../inference/calibration-check.ts';
import { runFit } from '../inference/run-fit.ts';
import type { FitJob } from './fit-thread.ts';
import { answerJobs } from './job-port.ts';
import { standBack } from './thread-priority.ts';

/** Runs and calibrations, with a connection of their own to the history; the protocol is in fit-thread.ts. */
standBack();
const history = History.open((workerData as { history: string }).history);

answerJobs<FitJob>((job, { signal, tell }) =>
  job.kind === 'calibrate'
    ? calibrateRun(history, job.id, {
        simulations: job.simulations,
        signal,
        onProgress: (progress) => tell({ kind: 'progress', progress }),
      })
    : runFit({
        ...{
          id: job.id,
          config: job.config,
          version: job.version,
          networksOf: job.networksOf,
          store: history,
          signal,
        },
        onPrepared: () => tell({ kind: 'prepared' }),
        onProgress: (progress) => tell({ kind: 'progress', progress }),
        onWarning: (warning) => tell({ kind: 'warning', warning }),
        onRound: (report) => tell({ kind: 'round', report }),
      }),
);
