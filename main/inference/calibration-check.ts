import { availableParallelism } from 'node:os';
import { setImmediate as yieldToEvents } from 'node:timers/promises';
import type { Calibration, CalibrationProgress } from '../contract/calibration.ts';
import { AppError } from '../contract/errors.ts';
import { calibrationSummary } from '../diagnostics/calibration-summary.ts';
import { rankDraws } from '../diagnostics/rank-curve.ts';
import { createRandom } from '../numeric/random.ts';
import { SimulatorPool } from '../simulate/simulator-pool.ts';
import { localCheck } from './calibration-local.ts';
import { refitted } from './calibration-refit.ts';
import { openStudy, type CalibrationStudy, type Prepare } from './calibration-study.ts';
import type { FitStore } from './fit-store.ts';
import { judged } from './simulate-round.ts';
import { purpose, simulationStream } from './streams.ts';
import { truthRanks, type TruthRanks } from './truth-ranks.ts';

export interface CalibrateOptions {
  simulations: number;
  signal?: AbortSignal;
  onProgress?: (progress: CalibrationProgress) => void;
  /** Classifiers of the local test that are taught at random. */
  shuffles?: number;
  /** As of FitOptions. */
  prepare?: Prepare;
}

/** Fewer say nothing: the band of 20 ranks leaves out hardly any curve. */
const comparedAtLeast = 20;

/** One simulated truth, and the features that it gave. */
interface Simulated {
  /** [n, D] working coordinates, [n, F] */
  truths: Float64Array;
  x: Float64Array;
  /** The good ones. */
  rows: number[];
}

/**
 * A calibration study of a finished run: parameter sets from its prior, a simulation of each, the posterior of each simulation, and
 * the rank of every truth among the draws of its posterior. The posteriors come from the run's own network where that is right for
 * all of them, and from a fit of each simulation where it is not (openStudy says which). Depends on the run and the number alone.
 * @throws AppError usage, input-invalid, inference-failed; cancelled when the signal aborts
 */
export async function calibrateRun(
  store: FitStore,
  id: string,
  options: CalibrateOptions,
): Promise<Omit<Calibration, 'at'>> {
  const startMs = performance.now();
  const { simulations, signal } = options;
  try {
    signal?.throwIfAborted();
    const study = await openStudy(store, id, options.prepare, signal);
    const simulated = await simulateTruths(study, options);
    const ranks = await rankTruths(study, simulated, options);
    const local =
      study.method === 'network'
        ? await localCheck(
            study,
            simulated,
            ranks.map(({ draw }) => draw),
            options,
          )
        : null;
    const { names } = study.problem.prior;
    const judged = calibrationSummary(
      names,
      {
        parameters: names.map((_, i) => ranks.map(({ parameters }) => parameters[i]!)),
        density: ranks.map(({ density }) => density),
        reference: ranks.map(({ reference }) => reference),
      },
      local,
    );
    return {
      ...{ id, method: study.method, seed: study.problem.prepared.config.seed },
      ...{ simulations, compared: ranks.length, draws: rankDraws },
      lost: ranks.filter(({ lost }) => lost).length,
      seconds: (performance.now() - startMs) / 1000,
      ...judged,
    };
  } catch (thrown) {
    if (!signal?.aborted) throw AppError.from(thrown);
    throw new AppError('cancelled', 'The calibration was cancelled; the run itself is as it was.', {
      remedy: `Start it again with “chronaxie calibrate ${id}”.`,
      cause: thrown,
    });
  }
}

async function simulateTruths(
  { id, problem, drawTruths }: CalibrationStudy,
  { simulations, signal, onProgress }: CalibrateOptions,
): Promise<Simulated> {
  const { config } = problem.prepared;
  const truths = drawTruths(simulations);
  const pool = await SimulatorPool.create(problem.task, {
    workers: config.workers ?? availableParallelism(),
  });
  try {
    const simulated = await pool.simulate(
      {
        theta: problem.coordinates.fromWorking(truths),
        n: simulations,
        seed: config.seed,
        stream: simulationStream.calibration,
        firstIndex: 0,
      },
      {
        signal,
        onProgress: (done) =>
          onProgress?.({ id, phase: 'simulate', done, total: simulations, etaSeconds: null }),
      },
    );
    const { x, bad } = judged(simulated, problem);
    const rows = [...bad.keys()].filter((i) => bad[i] === 0);
    if (rows.length < comparedAtLeast) {
      throw new AppError(
        'inference-failed',
        `Only ${rows.length} of ${simulations} simulations were good: too few to judge by.`,
        { remedy: `Calibrate with more simulations; at least ${comparedAtLeast} must be good.` },
      );
    }
    return { truths, x, rows };
  } finally {
    await pool.close();
  }
}

async function rankTruths(
  study: CalibrationStudy,
  { truths, x, rows }: Simulated,
  { signal, onProgress }: CalibrateOptions,
): Promise<TruthRanks[]> {
  const { id, problem, method } = study;
  const { dimension, prior } = problem.coordinates;
  const width = problem.observed.length;
  const phase = method === 'network' ? 'compare' : 'refit';
  const startMs = performance.now();
  const ranks: TruthRanks[] = [];
  for (const row of rows) {
    signal?.throwIfAborted();
    const features = x.slice(row * width, (row + 1) * width);
    const estimate =
      method === 'network' ? study.estimateAt(features) : await refitted(study, features, row, signal);
    const random = createRandom(problem.prepared.config.seed, purpose.calibrationDraws, row);
    const truth = truths.slice(row * dimension, (row + 1) * dimension);
    const reference = { reference: study.nearestPilot(features), scale: prior.sd };
    ranks.push(truthRanks(truth, estimate, study.inside, reference, random));
    const done = ranks.length;
    const etaSeconds = ((performance.now() - startMs) / 1000 / done) * (rows.length - done);
    onProgress?.({ id, phase, done, total: rows.length, etaSeconds });
    await yieldToEvents();
  }
  return ranks;
}
