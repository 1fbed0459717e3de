import { availableParallelism } from 'node:os';
import type { PredictiveView } from '../contract/posterior.ts';
import { openRecording } from '../recording/recording.ts';
import { minMaxColumns } from '../recording/trace-view.ts';
import { SimulatorPool } from '../simulate/simulator-pool.ts';
import type { FitStore, PreparedRecord } from './fit-store.ts';
import { inTurns, rowsOf } from './ibea-evaluations.ts';
import { isSearch, searchHall } from './ibea-view.ts';
import { roundSamples } from './posterior-view.ts';
import { prepareProblem, problemOf } from './problem.ts';
import { simulationStream } from './streams.ts';
import { comparison } from './comparison.ts';

/** Draws behind the predictive features of a round that is not the last. */
const featureDraws = 200;

/**
 * Simulations at posterior draws of a round over the recorded sweep: the MAP first, then random draws, each with its
 * own noise (of a search the best set, then its hall of fame in turns); and the features of prior and posterior simulations. A simulator module has features only.
 */
export async function predictiveView(
  store: FitStore,
  id: string,
  round: number,
  draws: number,
  columns: number,
): Promise<PredictiveView> {
  const { samples, best, prepared } = await drawsOf(store, id, round);
  const replay = store.replay(id);
  const problem =
    replay === null ? await prepareProblem(prepared.config) : problemOf(prepared, replay.task, replay);
  const { seed } = prepared.config;
  const dimension = problem.prior.dimension;
  const pool = await SimulatorPool.create(problem.task, {
    workers: prepared.config.workers ?? availableParallelism(),
  });
  try {
    const pilot = store.pilot(id);
    const n = Math.min(featureDraws, samples.length / dimension);
    const simulated = await pool.simulate(
      { theta: samples.slice(0, n * dimension), n, seed, stream: simulationStream.predictive, firstIndex: 0 },
      {},
    );
    const compared = comparison(prepared);
    const width = compared.features.length;
    const [atPrior, atPosterior] = [pilot && compared.of(pilot.x), compared.of(simulated.x)];
    const features = compared.features.map((feature, f) => ({
      ...feature,
      prior: pilot && atPrior ? goodColumn(atPrior, pilot.bad, width, f) : new Float64Array(0),
      posterior: goodColumn(atPosterior, simulated.bad, width, f),
    }));
    const base = { run: id, round, features };
    if (problem.task.kind !== 'neuron') {
      const empty = new Float32Array(0);
      return {
        ...base,
        timeMs: empty,
        observedMinMv: empty,
        observedMaxMv: empty,
        currentDensity: empty,
        draws: [],
      };
    }
    const count = Math.min(draws, n);
    const theta = new Float64Array((count + 1) * dimension);
    theta.set(best(), 0);
    theta.set(samples.subarray(0, count * dimension), dimension);
    const traces = await pool.traces(
      { theta, n: count + 1, seed, stream: simulationStream.view, firstIndex: 0 },
      {},
    );
    const { protocol } = problem.task;
    const durationMs = protocol.steps * protocol.dtMs;
    const columnMs = durationMs / columns;
    const simulatedColumns = (values: Float32Array) =>
      minMaxColumns(values, traces.dtMs, 0, durationMs, columns);
    const observed = replay
      ? minMaxColumns(replay.voltageMv, replay.intervalMs, 0, durationMs, columns)
      : await observedColumns(prepared, durationMs, columns);
    return {
      ...base,
      timeMs: Float32Array.from({ length: columns }, (_, c) => (c + 0.5) * columnMs),
      observedMinMv: observed.min,
      observedMaxMv: observed.max,
      currentDensity: Float32Array.from(
        { length: columns },
        (_, c) =>
          protocol.currentDensity[
            Math.min(protocol.steps - 1, Math.floor(((c + 0.5) * columnMs) / protocol.dtMs))
          ]!,
      ),
      draws: Array.from({ length: count + 1 }, (_, i) => {
        const { min, max } = simulatedColumns(
          traces.voltageMv.subarray(i * traces.steps, (i + 1) * traces.steps),
        );
        return { minMv: min, maxMv: max };
      }),
    };
  } finally {
    await pool.close();
  }
}

/** Parameter sets [n, D] to simulate, and the one that is the best of them all. */
async function drawsOf(
  store: FitStore,
  id: string,
  round: number,
): Promise<{ samples: Float64Array; best: () => Float64Array; prepared: PreparedRecord }> {
  if (isSearch(store, id)) {
    const { hall, prepared } = searchHall(store, id, round);
    const dimension = prepared.parameters.length;
    const turns = inTurns(featureDraws, hall.length / dimension);
    return {
      samples: rowsOf(hall, dimension, turns),
      best: () => hall.subarray(0, dimension),
      prepared,
    };
  }
  const { samples, map, prepared } = await roundSamples(store, id, round);
  return { samples, best: map, prepared };
}

async function observedColumns(
  { config, recording }: PreparedRecord,
  durationMs: number,
  columns: number,
): Promise<{ min: Float32Array; max: Float32Array }> {
  const opened = await openRecording(recording!.file, { reading: config.cell });
  try {
    const data = await opened.readSweep(recording!.sweeps[0]!);
    const shifted = data.voltageMv.map((v) => v + config.cell.liquidJunctionMv);
    return minMaxColumns(shifted, 1000 / data.rateHz, 0, durationMs, columns);
  } finally {
    await opened.close();
  }
}

function goodColumn(x: Float64Array, bad: Uint8Array, width: number, f: number): Float64Array {
  const values: number[] = [];
  for (let i = 0; i < bad.length; i++) if (bad[i] === 0) values.push(x[i * width + f]!);
  return Float64Array.from(values);
}
