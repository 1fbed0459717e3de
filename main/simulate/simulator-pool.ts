import { resolve as resolvePath } from 'node:path';
import { AppError } from '../contract/errors.ts';
import { readBadReasons } from './bad-reasons.ts';
import { PoolWorker, type ReadyMessage, type WorkerEvents } from './pool-thread.ts';
import {
  cancelledError,
  sharedJob,
  type SimulationBatch,
  type SimulationResult,
  type TraceResult,
} from './simulation-batch.ts';
import {
  badCode,
  control,
  type FeatureName,
  type FromWorker,
  type ModuleInfo,
  type SharedJob,
  type SimulationTask,
} from './simulation-messages.ts';

export type { Simulated, SimulationBatch, SimulationResult, TraceResult } from './simulation-batch.ts';
export type { FeatureName, ModuleInfo, SimulationTask } from './simulation-messages.ts';

export interface SimulateOptions {
  signal?: AbortSignal | undefined;
  /** Called about ten times a second, and at the end. */
  onProgress?: ((done: number, bad: number) => void) | undefined;
  /** Also list the spike times of each simulation (neuron models). */
  spikeTimes?: boolean;
}

const tickMs = 100;
/** A module whose workers die without having begun a call makes no progress. */
const mostIdleDeaths = 4;

/** A job in progress, as the main thread sees it. */
interface RunningJob {
  shared: SharedJob;
  told: Map<number, string>;
  spikeTimesMs: number[][];
  busySeconds: number;
  /** Places of the workers that have not finished it. */
  outstanding: Set<number>;
  error: AppError | null;
  /** Workers that died between two calls since the last call that ended. */
  idleDeaths: number;
  /** Per worker: the call seen at the last tick and since when, for the time limit. */
  watched: { call: number; since: number }[];
  settle(): void;
}

/**
 * Worker threads that simulate batches of one task.
 *
 * It is built on node:worker_threads and not on Piscina: here a batch is one task for all workers, which take pieces from
 * shared memory and look at a shared flag between them. Piscina cancels by ending the thread (the compiled model would be
 * lost), knows no time limit of a single call, and would copy each piece through a message.
 */
export class SimulatorPool implements WorkerEvents {
  readonly features: readonly FeatureName[];
  /** What a user's module declares; null for neuron models. */
  readonly module: ModuleInfo | null;
  readonly #task: SimulationTask;
  readonly #ready: ReadyMessage;
  readonly #workers: (PoolWorker | null)[];
  #job: RunningJob | null = null;
  #jobs = 0;
  #queue: Promise<unknown> = Promise.resolve();
  #closed = false;

  private constructor(task: SimulationTask, ready: ReadyMessage, size: number) {
    this.#task = task;
    this.#ready = ready;
    this.features = ready.features;
    this.module = ready.module;
    this.#workers = new Array<PoolWorker | null>(size).fill(null);
  }

  /** @throws AppError model-invalid, simulator-invalid, input-invalid, not-yet: whatever makes the task impossible */
  static async create(task: SimulationTask, { workers }: { workers: number }): Promise<SimulatorPool> {
    if (!Number.isInteger(workers) || workers < 1)
      throw new RangeError(`A pool has at least one worker, not ${workers}.`);
    const absolute = task.kind === 'module' ? { ...task, path: resolvePath(task.path) } : task;
    let pool: SimulatorPool | null = null;
    const events: WorkerEvents = {
      message: (worker, message) => pool?.message(worker, message),
      died: (worker, why) => pool?.died(worker, why),
    };
    const starting = Array.from({ length: workers }, (_, place) => PoolWorker.start(absolute, place, events));
    const started = await Promise.allSettled(starting);
    const failed = started.find((s) => s.status === 'rejected');
    const running = started.flatMap((s) => (s.status === 'fulfilled' ? [s.value] : []));
    if (failed) {
      await Promise.all(running.map((worker) => worker.terminate()));
      throw failed.reason;
    }
    pool = new SimulatorPool(absolute, running[0]!.ready, workers);
    // One that died while others were still being loaded is replaced when a job comes.
    for (const worker of running) if (!worker.hasEnded) pool.#workers[worker.place] = worker;
    return pool;
  }

  /** Simulates a batch. One batch runs at a time; others wait. @throws AppError cancelled, simulator-invalid, internal */
  async simulate(batch: SimulationBatch, options: SimulateOptions = {}): Promise<SimulationResult> {
    const started = performance.now();
    const job = await this.#enqueue(batch, options, 0);
    const rules = this.#task.kind === 'neuron' ? this.#task : null;
    return {
      x: new Float64Array(job.shared.x),
      ...readBadReasons(job.shared.bad, job.told, rules),
      seconds: (performance.now() - started) / 1000,
      busySeconds: job.busySeconds,
      spikeTimesMs: options.spikeTimes ? job.spikeTimesMs : null,
    };
  }

  /** The voltage traces of a batch, neuron models only; in single precision whatever the task's. Memory: 4·n·steps bytes. */
  async traces(batch: SimulationBatch, options: SimulateOptions = {}): Promise<TraceResult> {
    const result = await this.exactTraces(batch, options);
    const { voltageMv } = result;
    return {
      ...result,
      voltageMv: voltageMv instanceof Float32Array ? voltageMv : Float32Array.from(voltageMv),
    };
  }

  /** The voltage traces of a batch in the task's precision. */
  async exactTraces(
    batch: SimulationBatch,
    options: SimulateOptions = {},
  ): Promise<TraceResult<Float32Array | Float64Array>> {
    if (this.#task.kind !== 'neuron')
      throw new AppError('usage', 'A simulator module has no voltage traces.', {
        remedy: 'Ask for its features instead.',
      });
    const { dtMs, steps } = this.#task.protocol;
    const { shared, busySeconds } = await this.#enqueue(batch, options, steps);
    const bad = new Uint8Array(shared.bad).map((code) => Math.min(code, 1));
    return { dtMs, steps, voltageMv: shared.traces!, bad, busySeconds };
  }

  async close(): Promise<void> {
    this.#closed = true;
    const job = this.#job;
    if (job) {
      this.#stop(job, cancelledError());
      job.outstanding.clear();
      job.settle();
    }
    await Promise.all(this.#workers.map((worker) => worker?.terminate()));
  }

  #enqueue(batch: SimulationBatch, options: SimulateOptions, traceSteps: number): Promise<RunningJob> {
    const run = this.#queue.then(() => this.#run(batch, options, traceSteps));
    this.#queue = run.catch(() => undefined);
    return run;
  }

  async #run(batch: SimulationBatch, options: SimulateOptions, traceSteps: number): Promise<RunningJob> {
    const { signal, onProgress } = options;
    if (this.#closed || signal?.aborted) throw cancelledError();
    const shared = sharedJob(++this.#jobs, batch, {
      dimension: this.#ready.dimension,
      features: this.features.length,
      traceSteps,
      precision: this.#task.kind === 'neuron' ? this.#task.precision : 'f64',
      spikeTimes: options.spikeTimes === true,
      workers: this.#workers.length,
    });
    const settled = Promise.withResolvers<undefined>();
    const job: RunningJob = {
      shared,
      told: new Map(),
      spikeTimesMs: Array.from({ length: options.spikeTimes ? batch.n : 0 }, () => []),
      busySeconds: 0,
      outstanding: new Set(this.#workers.keys()),
      error: null,
      idleDeaths: 0,
      watched: this.#workers.map(() => ({ call: 0, since: 0 })),
      settle: () => {
        if (job.outstanding.size === 0) settled.resolve(undefined);
      },
    };
    const report = (): void =>
      onProgress?.(Atomics.load(shared.control, control.done), Atomics.load(shared.control, control.bad));
    const cancel = (): void => this.#stop(job, cancelledError());
    this.#job = job;
    const timer = setInterval(() => {
      this.#stopOverdue(job);
      report();
    }, tickMs);
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      this.#workers.forEach((_, place) => this.#give(place, job));
      await settled.promise;
    } finally {
      clearInterval(timer);
      signal?.removeEventListener('abort', cancel);
      this.#job = null;
    }
    if (job.error) throw job.error;
    report();
    return job;
  }

  /** Hands a job to the worker of a place, replacing it where it was ended. */
  #give(place: number, job: RunningJob): void {
    const worker = this.#workers[place];
    if (worker) {
      worker.send({ kind: 'job', job: job.shared });
      return;
    }
    PoolWorker.start(this.#task, place, this)
      .then(async (replacement) => {
        if (this.#closed) return replacement.terminate();
        this.#workers[place] = replacement;
        if (job.error) this.#finish(job, place);
        else replacement.send({ kind: 'job', job: job.shared });
      })
      .catch((thrown: unknown) => {
        this.#stop(job, AppError.from(thrown));
        this.#finish(job, place);
      });
  }

  #finish(job: RunningJob, place: number): void {
    job.outstanding.delete(place);
    job.settle();
  }

  /** No worker takes another piece. A module's call may last, so its thread ends at once. */
  #stop(job: RunningJob, error: AppError): void {
    job.error ??= error;
    Atomics.store(job.shared.control, control.cancelled, 1);
    if (this.#task.kind !== 'module') return;
    for (const place of job.outstanding) {
      if (Atomics.load(job.shared.current, place) === 0) continue;
      this.#end(place);
      this.#finish(job, place);
    }
  }

  #end(place: number): void {
    const worker = this.#workers[place];
    this.#workers[place] = null;
    void worker?.terminate();
  }

  /** Ends calls beyond the time limit: their simulations are bad, their workers replaced. */
  #stopOverdue(job: RunningJob): void {
    if (this.#task.kind !== 'module') return;
    const now = performance.now();
    for (const place of job.outstanding) {
      const watched = job.watched[place]!;
      const call = Atomics.load(job.shared.current, place);
      if (call !== watched.call) job.watched[place] = { call, since: now };
      else if (call !== 0 && now - watched.since > this.#task.timeLimitS * 1000) {
        this.#end(place);
        this.#lose(job, place, `took longer than ${this.#task.timeLimitS} s`);
      }
    }
  }

  /** The simulation that an ended worker had in hand is bad; a new worker takes the place. */
  #lose(job: RunningJob, place: number, reason: string): void {
    const call = Atomics.exchange(job.shared.current, place, 0);
    job.idleDeaths = call === 0 ? job.idleDeaths + 1 : 0;
    if (job.idleDeaths > mostIdleDeaths)
      this.#stop(
        job,
        new AppError('simulator-invalid', `The simulator module keeps ending its workers: ${reason}.`, {
          remedy: 'Look for errors in what the module does between two calls of simulate.',
        }),
      );
    if (call !== 0) {
      const row = call - 1;
      const features = this.features.length;
      job.shared.x.fill(NaN, row * features, (row + 1) * features);
      job.shared.bad[row] = badCode.told;
      job.told.set(row, reason);
      Atomics.add(job.shared.control, control.bad, 1);
      Atomics.add(job.shared.control, control.done, 1);
    }
    if (job.error) this.#finish(job, place);
    else this.#give(place, job);
  }

  message(worker: PoolWorker, message: FromWorker): void {
    const job = this.#job;
    if (!job || !('job' in message) || message.job !== job.shared.job) return;
    if (message.kind === 'bad') {
      job.told.set(message.row, message.reason);
      return;
    }
    if (message.kind === 'refused') this.#stop(job, AppError.fromWire(message.error));
    if (message.kind === 'finished') {
      job.busySeconds += message.busySeconds;
      for (const [row, times] of message.spikeTimesMs) job.spikeTimesMs[row] = times;
    }
    this.#finish(job, worker.place);
  }

  died(worker: PoolWorker, why: string): void {
    const { place } = worker;
    if (this.#workers[place] === worker) this.#workers[place] = null;
    const job = this.#job;
    if (!job?.outstanding.has(place)) return;
    if (this.#task.kind === 'module') {
      this.#lose(job, place, `the simulator ended its worker: ${why}`);
      return;
    }
    const error = new AppError('internal', `A simulation worker ended unexpectedly: ${why}.`, {
      remedy:
        'Finished rounds are kept; resume the run. If it happens again, use fewer workers or a larger time step.',
    });
    this.#stop(job, error);
    this.#finish(job, place);
  }
}

/** Loads a user's simulator module in a worker and says what it declares. @throws AppError simulator-invalid */
export async function moduleInfo(path: string): Promise<ModuleInfo> {
  const pool = await SimulatorPool.create({ kind: 'module', path, timeLimitS: 60 }, { workers: 1 });
  await pool.close();
  return pool.module!;
}
