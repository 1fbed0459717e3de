import { AppError } from '../contract/errors.ts';
import type { RoundReport } from '../contract/run.ts';
import { Mixture } from '../density/mixture.ts';
import { TruncatedDensity } from '../density/truncated.ts';
import { effectiveSampleSize } from '../diagnostics/effective-sample-size.ts';
import type { SimulationResult, SimulatorPool } from '../simulate/simulator-pool.ts';
import { DensityEstimator } from '../train/estimator.ts';
import { trainEstimator } from '../train/trainer.ts';
import { applyCalibration, observationDistances } from './calibration.ts';
import type { RoundRecord } from './fit-store.ts';
import type { Problem } from './problem.ts';
import type { ProgressReporter } from './progress.ts';
import { drawProposal, proposalRandom, proposalToJson } from './proposal.ts';
import type { Standardisation } from './standardisation.ts';
import { purpose } from './streams.ts';
import { trainingData } from './training-data.ts';
import { featuresWithGaps, hideFeatures } from './unmeasured.ts';

export interface RoundContext {
  problem: Problem;
  pool: SimulatorPool;
  standardisation: Standardisation;
  /** Features that the observation lacks and the simulations have: hidden from the network. */
  unmeasured: readonly number[];
  progress: ProgressReporter;
  signal?: AbortSignal;
}

/**
 * One round of SNPE [Lueckmann et al. 2017, algorithm 1]: draw from the proposal, simulate, weight, train, condition on
 * the observation. A function of the configuration and the earlier rounds alone.
 * @param earlier the finished rounds, in order
 * @throws AppError inference-failed where no simulation of the round is good
 */
export async function runRound(context: RoundContext, earlier: readonly RoundRecord[]): Promise<RoundRecord> {
  const { problem, standardisation, progress, signal } = context;
  const { config, features } = problem.prepared;
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

  const posterior = last === null ? null : Mixture.fromJSON(JSON.parse(last.posterior));
  const random = proposalRandom(config.seed, round);
  const draw = await drawProposal(config.simulations, posterior, problem.prior, config, random, signal);
  const simulated = await context.pool.simulate(
    { theta: draw.theta, n: config.simulations, seed: config.seed, stream: round, firstIndex: 0 },
    { ...(signal ? { signal } : {}), onProgress: (done, bad) => progress.simulated(done, bad) },
  );
  refuseAllBad(simulated, round);
  const missing = countMissing(simulated, features);
  const fresh = { theta: draw.theta, x: simulated.x, bad: simulated.bad, proposal: draw.proposal };
  const data = trainingData(fresh, earlier, problem, config);
  const distances = observationDistances(data.x, problem.observed, standardisation.xSd);
  const { weights } = applyCalibration(data.weights, distances, config.calibration);
  const ess = effectiveSampleSize(weights);
  const { theta, x, w } = data.select(weights);
  if (w.length < 2) {
    throw new AppError(
      'inference-failed',
      `Round ${round}: the calibration kernel leaves fewer than two simulations.`,
      {
        remedy: 'Choose a larger bandwidth, or let targetEss choose it.',
      },
    );
  }

  progress.phase('train', { ess, missing: Object.values(missing).reduce((sum, n) => sum + n, 0) });
  const start = last === null ? null : DensityEstimator.fromBytes(last.estimator);
  const trained = await trainEstimator(
    {
      spec: {
        inputs: problem.observed.length,
        // A network that is trained further keeps its shape.
        indicators:
          start === null
            ? featuresWithGaps(x, problem.observed.length, context.unmeasured)
            : (start.spec.indicators ?? []),
        outputs: problem.prior.dimension,
        hidden: config.network.hidden,
        components: config.network.components ?? 1,
        variational: config.network.variational ?? true,
      },
      x: hideFeatures(x, problem.observed.length, context.unmeasured),
      theta,
      weights: w,
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
  const acceptance = new TruncatedDensity(estimate, problem.prior).acceptance;
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
    drawnFrom:
      draw.proposal.estimate === null
        ? 'prior'
        : draw.proposal.region === null
          ? 'estimate'
          : 'truncated-prior',
    truncation: null,
    classifier: null,
    families: [],
    notices: [],
  };
  return {
    round,
    report,
    proposal: proposalToJson(draw.proposal),
    theta: draw.theta,
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

function countReasons({ bad, badReasons }: SimulationResult): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const flag of bad) {
    if (flag === 0) continue;
    const reason = badReasons[flag - 1]!;
    counts[reason] = (counts[reason] ?? 0) + 1;
  }
  return counts;
}

/** Missing values by feature, among the good simulations; features that are never missing are not listed. */
function countMissing(
  { x, bad }: SimulationResult,
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
export function refuseAllBad(simulated: SimulationResult, round: number): void {
  if (simulated.bad.some((flag) => flag === 0)) return;
  const reasons = Object.entries(countReasons(simulated))
    .map(([reason, n]) => `${n} × ${reason}`)
    .join('; ');
  const where = round === 0 ? 'the pilot run' : `round ${round}`;
  throw new AppError('inference-failed', `Every simulation of ${where} was bad (${reasons}).`, {
    remedy: 'Narrow the prior, or look whether the model, its protocol or the simulator is at fault.',
  });
}
