import type { FitConfig } from '../contract/config.ts';
import { AppError } from '../contract/errors.ts';
import type { Warning } from '../contract/recording.ts';
import type { Progress, RoundReport } from '../contract/run.ts';
import { misspecification, misspecificationWarning } from '../diagnostics/misspecification.ts';
import { SimulatorPool } from '../simulate/simulator-pool.ts';
import { availableParallelism } from 'node:os';
import type { FitStore, PilotRecord, PreparedRecord, ResultRecord, RoundRecord } from './fit-store.ts';
import { concludeSearch } from './ibea-result.ts';
import { runSearchRound } from './ibea-round.ts';
import { prepareProblem, type Problem } from './problem.ts';
import { ProgressReporter } from './progress.ts';
import { drawPrior } from './proposal.ts';
import { pilotFeatures } from './comparison.ts';
import { concludeFit } from './result.ts';
import { runRound, type RoundContext } from './round.ts';
import { findSharedNetwork, roundWithSharedNetwork, type NetworkSource } from './shared-network.ts';
import { judged } from './simulate-round.ts';
import { refuseAllBad } from './simulation-counts.ts';
import { featureScales, parameterMoments } from './standardisation.ts';
import { purpose, simulationStream } from './streams.ts';
import { readsTrace } from './trace-reading.ts';
import { releaseDevices } from '../train/train-pool.ts';
import { unmeasuredFeatures } from './unmeasured.ts';
import { createRandom } from '../numeric/random.ts';

export interface FitOptions {
  id: string;
  config: FitConfig;
  store: FitStore;
  /** Of the program, for the provenance. */
  version: string;
  signal?: AbortSignal;
  /** The network of one of these that was trained for the same protocol is used again. */
  networksOf?: readonly NetworkSource[] | undefined;
  /** From the configuration to the problem; replaced where the observation comes from elsewhere than a file. */
  prepare?(config: FitConfig, signal?: AbortSignal): Promise<Problem>;
  onPrepared?(prepared: PreparedRecord): void;
  onProgress?(progress: Progress): void;
  /** What should be known before the run is believed: told after the pilot run, before the rounds. */
  onWarning?(warning: Warning): void;
  /** After the round is safely in the store. */
  onRound?(report: RoundReport): void;
}

/**
 * Runs a fit, or continues it after the rounds that the store already holds; the numbers are the same either way.
 * @throws AppError cancelled when the signal aborts (finished rounds stay in the store), and what the steps refuse
 */
export async function runFit(options: FitOptions): Promise<ResultRecord> {
  const { id, store, signal } = options;
  try {
    signal?.throwIfAborted();
    const done = store.result(id);
    if (done !== null) return done;
    const startMs = performance.now();
    const settled = store.prepared(id);
    const prepare = options.prepare ?? prepareProblem;
    const problem = await prepare(
      settled ? movedWith(settled.config, options.config) : options.config,
      signal,
    );
    if (settled !== null && settled.modelSha256 !== problem.prepared.modelSha256) {
      throw new AppError('input-invalid', `The model ${settled.model} has changed since this run began.`, {
        remedy: 'Put the original back to resume the run, or start a new run with the changed one.',
      });
    }
    // What was settled first stays: a resumed run keeps its warnings and its configuration to the letter.
    if (settled === null) store.savePrepared(id, problem.prepared);
    else problem.prepared = settled;
    // Also on resuming: a kill may have come between the two, or the run is from before this was kept.
    if (problem.replay !== null && store.replay(id) === null) store.saveReplay(id, problem.replay);
    options.onPrepared?.(problem.prepared);
    const diverges = problem.prepared.warnings.find(({ code }) => code === 'model-diverges');
    if (diverges) options.onWarning?.(diverges);

    const { config } = problem.prepared;
    const workers = config.workers ?? availableParallelism();
    const pool = await SimulatorPool.create(problem.task, { workers });
    try {
      const rounds = store.rounds(id);
      const progress = new ProgressReporter(id, config.rounds, rounds.length + 1, options.onProgress);
      if (rounds.length === 0 && options.networksOf) await borrowNetwork(options, problem, rounds);
      const pilot = store.pilot(id) ?? (await runPilot(problem, pool, progress, signal));
      if (store.pilot(id) === null) store.savePilot(id, pilot);
      const outside = misspecificationWarning(misspecification(pilotFeatures(problem, pilot)));
      if (outside !== null) options.onWarning?.(outside);
      const standardisation = {
        ...featureScales(pilot.x, pilot.bad, problem.observed.length, scaling(config)),
        ...parameterMoments(problem.coordinates.prior),
      };
      const unmeasured = unmeasuredFeatures(problem.observed, pilot.x, pilot.bad);
      const context: RoundContext = {
        problem,
        unmeasured,
        pool,
        pilot,
        standardisation,
        progress,
        ...(signal ? { signal } : {}),
      };
      const search = config.algorithm === 'ibea';
      while (rounds.length < config.rounds) {
        const record = await (search ? runSearchRound : runRound)(context, rounds);
        store.saveRound(id, record);
        rounds.push(record);
        progress.roundDone();
        options.onRound?.(record.report);
      }
      const run = { id, version: options.version, rounds, pilot, startMs };
      const result = await (search ? concludeSearch : concludeFit)(context, run);
      store.saveResult(id, result);
      return result;
    } finally {
      await pool.close();
      await releaseDevices();
    }
  } catch (thrown) {
    if (signal?.aborted) {
      throw new AppError('cancelled', 'The fit was cancelled; its finished rounds are kept.', {
        remedy: `Continue it with “chronaxie runs resume ${id}”.`,
        cause: thrown,
      });
    }
    throw AppError.from(thrown);
  }
}

/** What was settled, of a recording that may lie elsewhere by now; its content is compared when it is read. */
function movedWith(settled: FitConfig, { source: now }: FitConfig): FitConfig {
  const { source } = settled;
  if (source === null || !('recording' in source) || now === null || !('recording' in now)) return settled;
  return { ...settled, source: { ...source, recording: now.recording } };
}

/** Takes the round of a run that was trained for the same protocol, where there is one, and says why where there is none. */
async function borrowNetwork(
  { id, store, networksOf = [], signal, onWarning, onRound }: FitOptions,
  problem: Problem,
  rounds: RoundRecord[],
): Promise<void> {
  const { network, reasons } = await findSharedNetwork(store, networksOf, problem, signal);
  if (network !== null) {
    const record = roundWithSharedNetwork(network, problem);
    store.savePilot(id, network.pilot);
    store.saveRound(id, record);
    rounds.push(record);
    onRound?.(record.report);
  } else if (reasons.length > 0) {
    onWarning?.({
      code: 'network-not-shared',
      message: `A network of its own is trained for this recording: ${[...new Set(reasons)].join('; ')}.`,
      remedy: 'Recordings with the same stimulus and configuration share one.',
    });
  }
}

/** One scale for the samples of a trace. */
function scaling(config: FitConfig): 'alike' | FitConfig['standardisation'] {
  return readsTrace(config) ? 'alike' : config.standardisation;
}

/** Simulations from the prior that set the features' scales; the first of round 1. */
async function runPilot(
  problem: Problem,
  pool: SimulatorPool,
  progress: ProgressReporter,
  signal?: AbortSignal,
): Promise<PilotRecord> {
  const { config } = problem.prepared;
  const n = config.pilotSimulations;
  progress.phase('pilot', { simulationsTotal: n });
  const random = createRandom(config.seed, purpose.pilot);
  const theta = problem.coordinates.fromWorking(drawPrior(n, problem.coordinates.prior, random));
  const result = await pool.simulate(
    { theta, n, seed: config.seed, stream: simulationStream.pilot, firstIndex: 0 },
    { ...(signal ? { signal } : {}), onProgress: (done, bad) => progress.simulated(done, bad) },
  );
  const simulated = judged(result, problem);
  refuseAllBad(simulated, 0);
  const { xMean, xSd } = featureScales(simulated.x, simulated.bad, problem.observed.length, 'z-score');
  return { theta, x: simulated.x, bad: simulated.bad, badReasons: simulated.badReasons, xMean, xSd };
}
