import type { Handlers } from '../contract/api.ts';
import type { Calibration } from '../contract/calibration.ts';
import { AppError } from '../contract/errors.ts';
import type { History } from '../history/history.ts';
import type { EventBus } from './event-bus.ts';
import type { FitService } from './fit-service.ts';
import type { CalibrationOptions } from './fit-thread.ts';
import { logFault } from './log.ts';

type Part = Pick<Handlers, 'calibration.start' | 'calibration.cancel' | 'calibration.get'>;

interface Job {
  controller: AbortController;
  outcome: Promise<Calibration>;
}

export interface CalibrationServiceOptions {
  history: History;
  events: EventBus;
  /** Gives the work its turn among the fits. */
  fits: Pick<FitService, 'queue'>;
  /** Computes it. */
  calibrate(id: string, options: CalibrationOptions): Promise<Omit<Calibration, 'at'>>;
}

/** Calibrations in the background, in one queue with the fits, because each uses every core; one a run. */
export class CalibrationService {
  readonly #options: CalibrationServiceOptions;
  readonly #jobs = new Map<string, Job>();

  constructor(options: CalibrationServiceOptions) {
    this.#options = options;
  }

  /** @throws AppError not-found; usage where it is running already */
  start(id: string, simulations: number): void {
    const { history, events, fits } = this.#options;
    const { name, state } = history.detail(id);
    if (this.#jobs.has(id)) {
      throw new AppError('usage', `“${name}” is being calibrated already.`, {
        remedy: 'Wait for it, or cancel it first.',
      });
    }
    if (state !== 'finished') {
      throw new AppError('usage', `“${name}” is not finished; only a finished run can be calibrated.`, {
        remedy: 'Let it finish, or resume it.',
      });
    }
    const controller = new AbortController();
    const { signal } = controller;
    events.emit({
      event: 'calibration.progress',
      payload: { id, phase: 'queued', done: 0, total: simulations, etaSeconds: null },
    });
    const outcome = fits.queue(() => this.#work(id, simulations, signal));
    outcome.catch(() => undefined); // its end is told by an event
    this.#jobs.set(id, { controller, outcome });
  }

  /** Settles when the calibration ends. @throws AppError not-found when none is running here */
  outcome(id: string): Promise<Calibration> {
    const job = this.#jobs.get(id);
    if (job) return job.outcome;
    throw new AppError('not-found', `The run ${id} is not being calibrated here.`, {
      remedy: 'Start its calibration first.',
    });
  }

  /** False when there is nothing to stop. */
  cancel(id: string): boolean {
    const job = this.#jobs.get(id);
    job?.controller.abort();
    return job !== undefined;
  }

  /** Cancels and waits until it has let go of everything. */
  async stop(id: string): Promise<void> {
    const job = this.#jobs.get(id);
    job?.controller.abort();
    await job?.outcome.catch(() => undefined);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#jobs.keys()].map((id) => this.stop(id)));
  }

  handlers(): Part {
    const { history } = this.#options;
    return {
      'calibration.start': async ({ id, simulations }) => {
        this.start(id, simulations);
        return { id };
      },
      'calibration.cancel': async ({ id }) => ({ cancelled: this.cancel(id) }),
      'calibration.get': async ({ id }) => {
        history.detail(id);
        return history.calibration(id);
      },
    };
  }

  async #work(id: string, simulations: number, signal: AbortSignal): Promise<Calibration> {
    const { history, events, calibrate } = this.#options;
    try {
      const record = await calibrate(id, {
        simulations,
        signal,
        onProgress: (progress) => {
          events.emit({ event: 'calibration.progress', payload: progress });
        },
      });
      const saved = history.saveCalibration(record);
      this.#end(id, null);
      return saved;
    } catch (thrown) {
      const error = logFault(thrown, `calibration of ${id}`);
      this.#end(id, error);
      throw error;
    }
  }

  #end(id: string, thrown: AppError | null): void {
    this.#jobs.delete(id);
    const error = thrown && { code: thrown.code, message: thrown.message, remedy: thrown.remedy };
    this.#options.events.emit({ event: 'calibration.ended', payload: { id, error } });
  }
}
