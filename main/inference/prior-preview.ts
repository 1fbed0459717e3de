import type { FitConfig } from '../contract/config.ts';
import { AppError } from '../contract/errors.ts';
import type { PriorPreview } from '../contract/model.ts';
import { spikeTimesMs } from '../features/moments.ts';
import { detectSpikes } from '../features/spike-detection.ts';
import { independentPrior } from '../model/prior.ts';
import { createRandom } from '../numeric/random.ts';
import { minMaxColumns } from '../recording/trace-view.ts';
import type { Protocol } from '../simulate/protocol.ts';
import { SimulatorPool, type SimulationTask } from '../simulate/simulator-pool.ts';
import { type InspectedRecording, recordingProblem } from './recording-problem.ts';
import { simulationStream, purpose } from './streams.ts';

export interface PreviewRequest {
  config: FitConfig;
  draws: number;
  columns: number;
  /** Other draws for another number. */
  seed: number;
}

/** Enough for twenty draws; every further thread would take longer to start than it saves. */
const workers = 2;
/** A simulator over a sweep of 25 s holds 200 MB: nobody who went on to something else has to keep it. */
const unusedMs = 20_000;

/**
 * Simulations at draws from the prior over the chosen sweep. The simulator of the last question is kept: a prior that is edited changes
 * the draws alone, and these take milliseconds where starting threads and compiling the model would take hundreds.
 */
export class PriorPreviews {
  #kept: { key: string; pool: Promise<SimulatorPool> } | null = null;
  #last: Promise<unknown> = Promise.resolve();
  #ending: NodeJS.Timeout | undefined;
  readonly #unusedMs: number;

  /** @param keptMs how long the simulator waits for another question */
  constructor(keptMs = unusedMs) {
    this.#unusedMs = keptMs;
  }

  get keepsSimulator(): boolean {
    return this.#kept !== null;
  }

  /** One after the other: the next may need another simulator. */
  simulate(request: PreviewRequest, opened: InspectedRecording): Promise<PriorPreview> {
    const answer = this.#last.then(async () => {
      clearTimeout(this.#ending);
      try {
        return await this.#simulate(request, opened);
      } finally {
        this.#ending = setTimeout(() => void this.close(), this.#unusedMs).unref();
      }
    });
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  async close(): Promise<void> {
    clearTimeout(this.#ending);
    const kept = this.#kept;
    this.#kept = null;
    await (await kept?.pool.catch(() => null))?.close();
  }

  async #simulate(request: PreviewRequest, opened: InspectedRecording): Promise<PriorPreview> {
    const started = performance.now();
    const { config, draws, columns, seed } = request;
    const { source } = config;
    if (source === null || !('recording' in source)) {
      throw new AppError('usage', 'The prior is drawn over a recorded sweep, and none is chosen.', {
        remedy: 'Open a recording first.',
      });
    }
    const { prepared, task } = await recordingProblem(config, source, undefined, opened);
    if (task.kind !== 'neuron') throw new Error('A recording is fitted by a neuron model.');
    const pool = await this.#poolOf(task);
    const prior = independentPrior(prepared.parameters);
    const theta = new Float64Array(draws * prior.dimension);
    const random = createRandom(seed, purpose.preview);
    for (let i = 0; i < draws; i++) prior.sample(random, theta, i * prior.dimension);
    const batch = { theta, n: draws, seed, stream: simulationStream.preview, firstIndex: 0 };
    const traces = await pool.traces(batch);
    const { protocol } = task;
    const durationMs = protocol.steps * protocol.dtMs;
    const data = await opened.recording.readSweep(source.sweep ?? prepared.recording!.sweeps[0]!);
    const observedMv = data.voltageMv.map((v) => v + config.cell.liquidJunctionMv);
    const observed = minMaxColumns(observedMv, 1000 / data.rateHz, 0, durationMs, columns);
    const observedSpikes = spikesIn(observedMv, 1000 / data.rateHz, protocol);
    const rows = Array.from({ length: draws }, (_, i) =>
      traces.voltageMv.subarray(i * traces.steps, (i + 1) * traces.steps),
    );
    return {
      timeMs: Float32Array.from({ length: columns }, (_, c) => (c * durationMs) / columns),
      observedMinMv: observed.min,
      observedMaxMv: observed.max,
      observedSpikes,
      draws: rows.map((voltageMv, i) => {
        const { min, max } = minMaxColumns(voltageMv, traces.dtMs, 0, durationMs, columns);
        const isBad = traces.bad[i] !== 0;
        return {
          minMv: min,
          maxMv: max,
          spikes: isBad ? null : drawSpikes(voltageMv, traces.dtMs, protocol, observedSpikes),
        };
      }),
      seconds: (performance.now() - started) / 1000,
    };
  }

  #poolOf(task: SimulationTask): Promise<SimulatorPool> {
    const key = keyOf(task);
    if (this.#kept?.key === key) return this.#kept.pool;
    const last = this.#kept;
    const pool = SimulatorPool.create(task, { workers });
    this.#kept = { key, pool };
    pool.catch(() => {
      if (this.#kept?.pool === pool) this.#kept = null;
    });
    void last?.pool.then((old) => old.close()).catch(() => undefined);
    return pool;
  }
}

/** All that a simulator is made of; the injected current by its values. */
function keyOf(task: SimulationTask): string {
  return JSON.stringify(task, (_, value: unknown) =>
    value instanceof Float64Array
      ? `${value.length} ${value.reduce((sum, x, i) => sum + x * (i + 1), 0)}`
      : value,
  );
}

/** As a physiologist would count them: the moments' quick rule counts noise as spikes where a cell rests above −10 mV. */
function spikesIn(voltageMv: Float32Array, dtMs: number, { stepStartMs, stepEndMs }: Protocol): number {
  const end = Math.min(voltageMv.length, Math.ceil(stepEndMs / dtMs));
  return detectSpikes(voltageMv, dtMs, Math.min(end, Math.floor(stepStartMs / dtMs)), end).length;
}

/** Of a draw, exactly where it matters: the quick rule misses no spike, and far more than the data have are far more by either. */
function drawSpikes(voltageMv: Float32Array, dtMs: number, protocol: Protocol, observed: number): number {
  const { stepStartMs, stepEndMs, stepAmplitude } = protocol;
  const atMost = spikeTimesMs({ voltageMv, dtMs, stepStartMs, stepEndMs, stepAmplitude }).length;
  return atMost === 0 || atMost > 2 * observed + 10 ? atMost : spikesIn(voltageMv, dtMs, protocol);
}
