import { AppError } from '../contract/errors.ts';
import type { RoundReport } from '../contract/run.ts';
import type { Density } from '../density/density.ts';
import { TruncatedDensity } from '../density/truncated.ts';
import { effectiveSampleSize } from '../diagnostics/effective-sample-size.ts';
import type { Simulated, SimulatorPool } from '../simulate/simulator-pool.ts';
import { Mixture } from '../density/mixture.ts';
import { DensityEstimator } from '../train/estimator.ts';
import { trainEstimator } from '../train/trainer.ts';
import { scoreClassifier, trainBadClassifier, type BadClassifier } from './bad-classifier.ts';
import { applyCalibration, observationDistances } from './calibration.ts';
import type { PilotRecord, RoundRecord } from './fit-store.ts';
import type { Problem } from './problem.ts';
import type { ProgressReporter } from './progress.ts';
import {
  drawDefensive,
  drawPrior,
  drawTruncated,
  priorProposal,
  proposalRandom,
  proposalToJson,
  type ProposalDraw,
} from './proposal.ts';
import { simulateRound } from './simulate-round.ts';
import { featureScales, scaleFeatures, type Standardisation } from './standardisation.ts';
import { purpose } from './streams.ts';
import { comparison, embeddingOf, readsTrace } from './trace-reading.ts';
import { concatenate, trainingData, type TrainingData } from './training-data.ts';
import { featuresWithGaps, hideFeatures } from './unmeasured.ts';

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
  const { problem, standardisation, progress, signal } = context;
  const { config, features } = problem.prepared;
  const { coordinates } = problem;
  const last = earlier.at(-1) ?? null;
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
  const posterior = last === null ? null : Mixture.fromJSON(JSON.parse(last.posterior));
  const draw = await drawRound(context, posterior, earlier, notices);
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
  const start = last === null ? null : DensityEstimator.fromBytes(last.estimator);
  const { components, hidden, variational } = config.network;
  const trained = await trainEstimator(
    {
      spec: {
        inputs: problem.observed.length,
        // A network that is trained further keeps its shape.
        indicators:
          start === null
            ? featuresWithGaps(chosen.x, problem.observed.length, context.unmeasured)
            : (start.spec.indicators ?? []),
        outputs: coordinates.dimension,
        hidden,
        embedding: embeddingOf(problem),
        components: components ?? 2,
        variational: variational ?? false,
      },
      x: hideFeatures(chosen.x, problem.observed.length, context.unmeasured),
      theta: chosen.theta,
      weights: chosen.w,
      standardisation,
      start,
      // All rounds' data together are counted once: then the weights' prior is the first one.
      weightPrior:
        start === null || config.proposal.reuseRounds
          ? { precision: config.network.priorPrecision }
          : { previous: start },
      options: { ...config.training, seed: config.seed, stream: purpose.training + round * 0x10000 },
      strict: config.strict,
    },
    {
      ...(signal ? { signal } : {}),
      onEpoch: ({ epoch, loss, validationLoss }) => progress.update({ epoch, loss, validationLoss }),
    },
  );

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
    drawnFrom: drawnFrom(draw),
    truncation: draw.truncation,
    classifier: judgeClassifier(draw, simulated.bad),
    families: [],
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

/** The parameters of a round, in working coordinates; those of round 1 that the pilot run has simulated already are its first. */
async function drawRound(
  { problem, pilot, signal }: RoundContext,
  posterior: Density | null,
  earlier: readonly RoundRecord[],
  notices: string[],
): Promise<ProposalDraw> {
  const { config } = problem.prepared;
  const { coordinates } = problem;
  const random = proposalRandom(config.seed, earlier.length + 1);
  const n = config.simulations;
  if (posterior === null) {
    const theta = new Float64Array(n * coordinates.dimension);
    theta.set(coordinates.toWorking(pilot.theta));
    const rest = drawPrior(n - pilot.bad.length, coordinates.prior, random);
    theta.set(rest, pilot.theta.length);
    return { theta, proposal: priorProposal, truncation: null, priorInstead: 0, turnedAway: 0 };
  }
  const classifier = config.badSimulations.classifier ? learnBad(problem, earlier) : null;
  const truncated =
    config.algorithm === 'tsnpe' || earlier.some(({ report }) => fallsBack(config, report.ess));
  const draw = truncated
    ? await drawTruncated(n, posterior, coordinates.prior, config.truncation, classifier, random, signal)
    : await drawDefensive(n, posterior, coordinates.prior, config.proposal, classifier, random, signal);
  if (draw.priorInstead > 0) {
    const share = (100 * draw.priorInstead).toPrecision(2);
    notices.push(
      `${share} % of the parameters were drawn from the prior, because the estimate gave too few inside the prior's bounds in time.`,
    );
  }
  return draw;
}

/** The classifier of bad simulations, from all rounds so far. */
function learnBad({ coordinates, prepared }: Problem, earlier: readonly RoundRecord[]): BadClassifier | null {
  const { seed, strict } = prepared.config;
  const theta = concatenate(earlier.map((round) => coordinates.toWorking(round.theta)));
  const bad = Uint8Array.from(earlier.flatMap((round) => [...round.bad]));
  return trainBadClassifier(theta, bad, coordinates.prior, seed, strict);
}

/** How well it foretold the round that it thinned. */
function judgeClassifier(
  { theta, proposal, turnedAway }: ProposalDraw,
  bad: Uint8Array,
): RoundReport['classifier'] {
  if (proposal.thinning === null) return null;
  const { classifier } = proposal.thinning;
  return { trainedOn: classifier.trainedOn, ...scoreClassifier(classifier, theta, bad), thinned: turnedAway };
}

/** Importance weights of snpe that have come down to this few effective simulations are given up. */
function fallsBack({ algorithm, proposal }: Problem['prepared']['config'], ess: number): boolean {
  return algorithm === 'snpe' && ess < proposal.leastEss;
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

function drawnFrom({ proposal }: ProposalDraw): RoundReport['drawnFrom'] {
  if (proposal.estimate === null) return 'prior';
  return proposal.region === null ? 'estimate' : 'truncated-prior';
}

export function countReasons({ bad, badReasons }: Simulated): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const flag of bad) {
    if (flag === 0) continue;
    const reason = badReasons[flag - 1]!;
    counts[reason] = (counts[reason] ?? 0) + 1;
  }
  return counts;
}

/** Missing values by feature, among the good simulations; features that are never missing are not listed. */
export function countMissing(
  { x, bad }: Simulated,
  features: readonly { name: string }[],
): Record<string, number> {
  const counts: Record<string, number> = {};
  features.forEach(({ name }, f) => {
    let n = 0;
    for (let i = 0; i < bad.length; i++)
      if (bad[i] === 0 && Number.isNaN(x[i * features.length + f]!)) n += 1;
    if (n > 0) counts[name] = n;
  });
  return counts;
}

/** @throws AppError inference-failed when no simulation is good */
export function refuseAllBad(simulated: Simulated, round: number): void {
  if (simulated.bad.some((flag) => flag === 0)) return;
  const reasons = Object.entries(countReasons(simulated))
    .map(([reason, n]) => `${n} × ${reason}`)
    .join('; ');
  const where = round === 0 ? 'the pilot run' : `round ${round}`;
  throw new AppError('inference-failed', `Every simulation of ${where} was bad (${reasons}).`, {
    remedy: 'Narrow the prior, or look whether the model, its protocol or the simulator is at fault.',
  });
}
