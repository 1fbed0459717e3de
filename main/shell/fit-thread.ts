import { Worker } from 'node:worker_threads';
import type { CalibrationProgress } from '../contract/calibration.ts';
import type { FitConfig } from '../contract/config.ts';
import type { Warning } from '../contract/recording.ts';
import type { Progress, RoundReport } from '../contract/run.ts';
import type { calibrateRun } from '../inference/calibration-check.ts';
import type { ResultRecord } from '../inference/fit-store.ts';
import type { NetworkSource } from '../inference/shared-network.ts';
import type { FitOptions } from '../inference/run-fit.ts';
import { JobThread } from './job-thread.ts';

/** What the thread of runs does. */
export type FitJob =
  | {
      kind: 'run';
      id: string;
      config: FitConfig;
      version: string;
      networksOf?: readonly NetworkSource[] | undefined;
    }
  | { kind: 'calibrate'; id: string; simulations: number };

/** What it tells of a run. The record that was prepared is in the history by then, and large. */
export type RunNews =
  | { kind: 'prepared' }
  | { kind: 'progress'; progress: Progress }
  | { kind: 'warning'; warning: Warning }
  | { kind: 'round'; report: RoundReport };
export interface CalibrationNews {
  kind: 'progress';
  progress: CalibrationProgress;
}

export type RunOptions = Pick<
  FitOptions,
  'id' | 'config' | 'version' | 'signal' | 'networksOf' | 'onProgress' | 'onWarning' | 'onRound'
> & { onPrepared?(): void };

export type CalibrationOptions = Pick<
  Parameters<typeof calibrateRun>[2],
  'simulations' | 'signal' | 'onProgress'
>;

/**
 * Runs and calibrations in one thread of their own: simulations and training have threads already, but what lies between them (draws
 * from a proposal, checks of a posterior) occupies the thread that it is done in for seconds.
 */
export class FitThread {
  readonly #thread: JobThread<FitJob>;

  /** @param history its file; the thread opens it for itself */
  constructor(history: string) {
    const workerData = { history };
    this.#thread = new JobThread(
      () => new Worker(new URL('./fit-worker.ts', import.meta.url), { workerData }),
    );
  }

  /** As runFit on the thread's own connection to the history. */
  async run(options: RunOptions): Promise<ResultRecord> {
    const { id, config, version, networksOf, signal } = options;
    const onNews = (news: RunNews) => {
      if (news.kind === 'progress') options.onProgress?.(news.progress);
      else if (news.kind === 'warning') options.onWarning?.(news.warning);
      else if (news.kind === 'round') options.onRound?.(news.report);
      else options.onPrepared?.();
    };
    const asked = { signal, onNews: onNews as (news: unknown) => void };
    return (await this.#thread.ask({ kind: 'run', id, config, version, networksOf }, asked)) as ResultRecord;
  }

  /** As calibrateRun. */
  async calibrate(id: string, options: CalibrationOptions): ReturnType<typeof calibrateRun> {
    const { simulations, signal, onProgress } = options;
    const onNews = (news: CalibrationNews) => onProgress?.(news.progress);
    const asked = { signal, onNews: onNews as (news: unknown) => void };
    return (await this.#thread.ask({ kind: 'calibrate', id, simulations }, asked)) as Awaited<
      ReturnType<typeof calibrateRun>
    >;
  }

  close(): Promise<void> {
    return this.#thread.close();
  }
}
