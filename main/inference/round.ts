import { AppError } from '../contract/errors.ts';
import type { RoundReport } from '../contract/run.ts';
import { TruncatedDensity } from '../density/truncated.ts';
import { effectiveSampleSize } from '../diagnostics/effective-sample-size.ts';
import type { SimulatorPool } from '../simulate/simulator-pool.ts';
import { kernelBuild } from '../train/kernels.ts';
import type { Standardisation } from '../train/standardisation.ts';
import { applyCalibration, observationDistances } from './calibration.ts';
import { trainTowardsRecording } from './blurred-training.ts';
import { drawnFrom, drawRound, fallsBack, judgeClassifier } from './draw-round.ts';
import type { PilotRecord, RoundRecord } from './fit-store.ts';
import type { Problem } from './problem.ts';
import type { ProgressReporter } from './progress.ts';
import { proposalToJson } from './proposal.ts';
import { simulateRound } from './simulate-round.ts';
import { featureScales, scaleFeatures } from './standardisation.ts';
import { countMissing, countReasons, refuseAllBad } from './simulation-counts.ts';
import { comparison } from './comparison.ts';
import { readsTrace } from './trace-reading.ts';
import { trainingData, type TrainingData } from './training-data.ts';

export interface RoundContext {
  problem: Problem;
  pool: SimulatorPool;
  pilot: PilotRecord;
  standardisation: Standardisation;
  /** Features that the observation lacks and the simulations have: hidden from the network. */
  unmeasured: readonly number[];
  progress: ProgressReporter;
  signal?: AbortSignal;
}

/**
 * One round [Lueckmann et al. 2017, algorithm 1; with tsnpe Deistler et al. 2022]: draw from the proposal, simulate, weight,
 * train, condition on the observation. A function of the configuration and the earlier rounds alone.
 * @param earlier the finished rounds, in order
 * @throws AppError inference-failed where no simulation of the round is good
 */
export async function runRound(context: RoundContext, earlier: readonly RoundRecord[]): Promise<RoundRecord> {
  const { problem, progress } = context;
  const { config, features } = problem.prepared;
  const { coordinates } = problem;
  const round = earlier.length + 1;
  progress.phase('simulate', {
    round,
    simulationsDone: 0,
    simulationsTotal: config.simulations,
    bad: 0,
    missing: 0,
    ess: null,
    epoch: null,
  });

  const notices: string[] = [];
  const draw = await drawRound(context, earlier, notices);
  const theta = coordinates.fromWorking(draw.theta);
  const simulated = await simulateRound(context, round, theta);
  refuseAllBad(simulated, round);
  const missing = countMissing(simulated, features);
  const fresh = { theta: draw.theta, x: simulated.x, bad: simulated.bad, proposal: draw.proposal };
  const data = trainingData(fresh, earlier, problem, config);
  const weights = calibrated(data, context);
  const ess = effectiveSampleSize(weights);
  const chosen = data.select(weights);
  if (chosen.w.length < 2) {
    throw new AppError(
      'inference-failed',
      `Round ${round}: fewer than two simulations are left to train on.`,
      { remedy: 'Choose a larger calibration bandwidth, or more simulations per round.' },
    );
  }
  if (fallsBack(config, ess) && round < config.rounds) {
    notices.push(
      `Only ${ess.toFixed(0)} effective simulations are left: the next round draws from the truncated prior.`,
    );
  }

  progress.phase('train', { ess, missing: Object.values(missing).reduce((sum, n) => sum + n, 0) });
  const trained = await trainTowardsRecording(context, chosen, earlier, notices);
  const estimate = trained.estimator.condition(problem.observed);
  const { acceptance } = new TruncatedDensity(estimate, coordinates.prior);
  const report: RoundReport = {
    round,
    simulations: config.simulations,
    bad: simulated.bad.reduce((sum, flag) => sum + (flag === 0 ? 0 : 1), 0),
    badReasons: countReasons(simulated),
    missing,
    ess,
    acceptance,
    loss: trained.loss,
    validationLoss: trained.validationLoss,
    epochs: trained.epochs,
    skippedSteps: trained.skippedSteps,
    seconds: { simulate: simulated.seconds, train: trained.seconds },
    kernels: kernelBuild(config.strict),
    drawnFrom: drawnFrom(draw),
    truncation: draw.truncation,
    classifier: judgeClassifier(draw, simulated.bad),
    families: trained.scores,
    trainedOn: trained.trainedOn,
    notices,
  };
  return {
    round,
    report,
    proposal: draw.proposal.estimate === null ? null : proposalToJson(draw.proposal),
    theta,
    x: simulated.x,
    bad: simulated.bad,
    badReasons: simulated.badReasons,
    weights: data.freshWeights,
    losses: trained.losses,
    validationLosses: trained.validationLosses,
    estimator: trained.estimator.toBytes(),
    posterior: JSON.stringify(estimate.toJSON()),
  };
}

/** The weights times the calibration kernel, where there is one. */
function calibrated(data: TrainingData, { problem, pilot, standardisation }: RoundContext): Float64Array {
  const { config } = problem.prepared;
  const { calibration } = config;
  if (calibration.kernel === 'none') return data.weights;
  const compared = comparison(problem.prepared);
  const { length } = compared.observed;
  const scales = readsTrace(config)
    ? featureScales(compared.of(pilot.x), pilot.bad, length, config.standardisation)
    : standardisation;
  const observed = scaleFeatures(compared.observed, scales);
  const distances = observationDistances(scaleFeatures(compared.of(data.x), scales), observed);
  return applyCalibration(data.weights, distances, calibration).weights;
}
