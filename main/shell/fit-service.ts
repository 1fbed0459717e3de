import { basename, dirname, resolve } from 'node:path';
import type { Handlers } from '../contract/api.ts';
import { fitConfigSchema, type FitConfig } from '../contract/config.ts';
import { AppError } from '../contract/errors.ts';
import { isModelFile } from '../contract/model.ts';
import type { RunState } from '../contract/run.ts';
import type { History } from '../history/history.ts';
import type { ResultRecord } from '../inference/fit-store.ts';
import type { NetworkSource } from '../inference/shared-network.ts';
import { refuseContradiction } from '../inference/problem.ts';
import type { EventBus } from './event-bus.ts';
import { fitEstimate, fitPlan } from './fit-estimate.ts';
import type { RunOptions } from './fit-thread.ts';
import { logFault } from './log.ts';
import { TimeLeft } from './time-left.ts';

interface Job {
  id: string;
  config: FitConfig;
  controller: AbortController;
  outcome: Promise<ResultRecord>;
}

export interface FitServiceOptions {
  history: History;
  events: EventBus;
  version: string;
  /** Computes the run; its rounds and its result are in the history when it ends. */
  run(options: RunOptions): Promise<ResultRecord>;
}

/**
 * Fits in the background, one at a time: each uses every core, so two at once would only make both late. A run's state
 * in the history is kept true at every step; what a run throws is its state and never an unhandled rejection.
 */
export class FitService {
  readonly #options: FitServiceOptions;
  readonly #jobs = new Map<string, Job>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: FitServiceOptions) {
    this.#options = options;
  }

  /** @param input networksOf: finished runs of npe whose network may serve this one too */
  start(input: { config: FitConfig; name?: string | undefined; networksOf?: readonly NetworkSource[] }): {
    id: string;
  } {
    const config = withAbsolutePaths(input.config);
    refuseContradiction(config);
    const source = sourceFile(config);
    const { history } = this.#options;
    const id = history.newId();
    history.createRun({
      id,
      name: input.name ?? defaultName(config),
      project: projectName(source),
      source,
      config,
    });
    this.#enqueue(id, config, input.networksOf);
    return { id };
  }

  /** Stops a queued or running fit; false when there is nothing to stop. Its finished rounds are kept. */
  cancel(id: string): boolean {
    const job = this.#jobs.get(id);
    if (!job) {
      this.#options.history.detail(id); // an id that never was is an error; a finished run is merely too late
      return false;
    }
    job.controller.abort();
    return true;
  }

  /** Cancels and waits until the fit has let go of everything. */
  async stop(id: string): Promise<void> {
    const job = this.#jobs.get(id);
    if (!job) return;
    job.controller.abort();
    await job.outcome.catch(() => undefined); // its end is in the history
  }

  resume(id: string, networksOf?: readonly NetworkSource[]): { id: string } {
    const run = this.#options.history.detail(id);
    if (this.#jobs.has(id) || run.state === 'running' || run.state === 'queued') {
      throw new AppError('usage', `“${run.name}” is running already.`, {
        remedy: 'Wait for it, or cancel it first.',
      });
    }
    if (run.state === 'finished') {
      throw new AppError('usage', `“${run.name}” is finished; there is nothing to resume.`, {
        remedy: 'Show or export it, or start a new fit with more rounds.',
      });
    }
    this.#enqueue(id, run.config, networksOf);
    return { id };
  }

  /**
   * Adds rounds to a run that does not run: to a finished one after its last, to another beyond those that it was to have.
   * Its result is made anew when the last of them is finished.
   */
  addRounds(id: string, add: number): { id: string } {
    const { history } = this.#options;
    const run = history.detail(id);
    if (this.#jobs.has(id) || run.state === 'running' || run.state === 'queued') {
      throw new AppError('usage', `“${run.name}” is running.`, {
        remedy: 'Wait for it, or cancel it first.',
      });
    }
    if (run.algorithm === 'npe') {
      throw new AppError('usage', 'npe has one round; more cannot be added.', {
        remedy: 'Fit the same data with tsnpe, or with more simulations.',
      });
    }
    history.setRounds(id, run.rounds + add);
    this.#enqueue(id, history.detail(id).config);
    return { id };
  }

  /** Settles when the run ends. @throws AppError not-found when this process does not run it */
  outcome(id: string): Promise<ResultRecord> {
    const job = this.#jobs.get(id);
    if (job) return job.outcome;
    throw new AppError('not-found', `The run ${id} is not running here.`, { remedy: 'Resume it first.' });
  }

  /** Cancels what runs and what waits, and waits until all has ended. */
  async close(): Promise<void> {
    const jobs = [...this.#jobs.values()];
    for (const job of jobs) job.controller.abort();
    await Promise.allSettled(jobs.map((job) => job.outcome));
  }

  handlers(): Pick<
    Handlers,
    'fit.defaults' | 'fit.start' | 'fit.cancel' | 'fit.resume' | 'fit.addRounds' | 'fit.estimate'
  > {
    return {
      'fit.defaults': async () => fitConfigSchema.parse({}),
      'fit.start': async (input) => this.start(input),
      'fit.cancel': async ({ id }) => ({ cancelled: this.cancel(id) }),
      'fit.resume': async ({ id }) => this.resume(id),
      'fit.addRounds': async ({ id, rounds }) => this.addRounds(id, rounds),
      'fit.estimate': async ({ config }) => fitEstimate(this.#options.history, withAbsolutePaths(config)),
    };
  }

  #enqueue(id: string, config: FitConfig, networksOf?: readonly NetworkSource[]): void {
    const controller = new AbortController();
    this.#setState(id, 'queued');
    const outcome = this.queue(
      () => this.#work({ id, config, networksOf }, controller.signal),
      controller.signal,
    );
    this.#jobs.set(id, { id, config, controller, outcome });
  }

  /** Gives any work that needs every core its turn: after what waits already. What is cancelled does not wait: it ends at once. */
  queue<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const turn = this.#last;
    const outcome = Promise.race([turn, cancelled(signal)]).then(work);
    this.#last = Promise.allSettled([turn, outcome]); // the next waits for the end, whatever it is
    return outcome;
  }

  async #work(
    job: Pick<RunOptions, 'id' | 'config' | 'networksOf'>,
    signal: AbortSignal,
  ): Promise<ResultRecord> {
    const { id, config } = job;
    const { history, events, version, run } = this.#options;
    const before = history.detail(id).seconds;
    const startMs = performance.now();
    const seconds = () => before + (performance.now() - startMs) / 1000;
    try {
      signal.throwIfAborted();
      this.#setState(id, 'running');
      const left = new TimeLeft(fitPlan(history, config));
      const result = await run({
        ...job,
        version,
        signal,
        onProgress: (progress) => {
          const etaSeconds = left.of(progress);
          events.emit({ event: 'run.progress', payload: { ...progress, etaSeconds } });
        },
        onRound: (report) => {
          events.emit({ event: 'run.round', payload: { id, report } });
        },
        onWarning: (warning) => {
          events.emit({ event: 'run.warning', payload: { id, warning } });
        },
        onPrepared: () => {
          events.emit({ event: 'run.changed', payload: { id } });
        },
      });
      this.#end(id, 'finished', null, seconds());
      return result;
    } catch (thrown) {
      const error = logFault(thrown, `run ${id}`);
      const state = error.code === 'cancelled' ? 'cancelled' : 'failed';
      this.#end(id, state, state === 'failed' ? error : null, seconds());
      throw error;
    }
  }

  #setState(id: string, state: RunState): void {
    this.#options.history.setState(id, state);
    this.#options.events.emit({ event: 'run.changed', payload: { id } });
  }

  #end(id: string, state: RunState, error: AppError | null, seconds: number): void {
    this.#jobs.delete(id);
    this.#options.history.setState(id, state, error?.toWire() ?? null, seconds);
    this.#options.events.emit({ event: 'run.changed', payload: { id } });
  }
}

/** Settles when the signal is aborted; without one never. */
function cancelled(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }));
}

/** A run may be resumed from another folder: its paths must not depend on where it was started. */
function withAbsolutePaths(config: FitConfig): FitConfig {
  const { source, model } = config;
  const file = isModelFile(model) || /[\\/]/.test(model) ? resolve(model) : model;
  if (source === null) return { ...config, model: file };
  const absolute =
    'recording' in source
      ? { ...source, recording: resolve(source.recording) }
      : { simulator: resolve(source.simulator), observation: resolve(source.observation) };
  return { ...config, model: file, source: absolute };
}

function sourceFile(config: FitConfig): string {
  const { source } = config;
  if (source !== null) return 'recording' in source ? source.recording : source.simulator;
  throw new AppError('usage', 'The configuration names neither a recording nor a simulator.', {
    remedy: 'Open a recording first.',
  });
}

function defaultName(config: FitConfig): string {
  const { source } = config;
  const file = basename(sourceFile(config)).replace(/\.\w+$/, '');
  const sweep = source !== null && 'recording' in source ? source.sweep : null;
  if (sweep === null) return file;
  const also = source !== null && 'recording' in source ? (source.alsoSweeps ?? []) : [];
  return also.length === 0 ? `${file} · sweep ${sweep}` : `${file} · sweeps ${[sweep, ...also].join(', ')}`;
}

/** Runs are grouped by the folder that their file lies in: in a lab that is the experiment or the cell. */
function projectName(file: string): string {
  const folder = basename(dirname(file));
  return /^[0-9a-f]{64}$/.test(folder) || folder === '' ? 'Runs' : folder;
}
