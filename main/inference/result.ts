import type { Warning } from '../contract/recording.ts';
import type { FittedParameter, Summary } from '../contract/run.ts';
import { TruncatedDensity } from '../density/truncated.ts';
import { contraction } from '../diagnostics/contraction.ts';
import { correlationMatrix } from '../diagnostics/correlation-matrix.ts';
import { jointCheck } from '../diagnostics/joint-check.ts';
import { misspecification, misspecificationWarning } from '../diagnostics/misspecification.ts';
import { predictivePercentiles } from '../diagnostics/predictive-check.ts';
import { verdict } from '../diagnostics/verdict.ts';
import { createRandom } from '../numeric/random.ts';
import { sortedQuantile } from '../numeric/statistics.ts';
import type { PilotRecord, ResultRecord, RoundRecord } from './fit-store.ts';
import { densityFromJson } from '../train/density-json.ts';
import type { Problem } from './problem.ts';
import type { RoundContext } from './round.ts';
import { purpose, simulationStream } from './streams.ts';
import { comparison, pilotFeatures } from './comparison.ts';

/** Longest time that rejection sampling of the final posterior may take, ms. */
export const samplingLimitMs = 60_000;

/**
 * The end of a fit: samples of the last round's estimate truncated to the prior's support, simulations at some of them,
 * and what both say about the fit.
 */
export async function concludeFit(
  { problem, pool, unmeasured, progress, signal }: RoundContext,
  run: { id: string; version: string; rounds: readonly RoundRecord[]; pilot: PilotRecord; startMs: number },
): Promise<ResultRecord> {
  const { prepared, prior, coordinates } = problem;
  const { config } = prepared;
  const last = run.rounds.at(-1)!;
  const abort = signal ? { signal } : {};
  const warnings: Warning[] = [...prepared.warnings];
  const reach = misspecification(pilotFeatures(problem, run.pilot));
  const outside = misspecificationWarning(reach);
  if (outside !== null) warnings.push(outside);
  for (const f of unmeasured) {
    warnings.push({
      code: 'feature-not-measured',
      message: `The observation has no ${prepared.features[f]!.name}, but simulations do: it was left out of the fit.`,
      remedy: 'Give its observed value, if it can be measured.',
    });
  }
  for (const { report } of run.rounds) {
    for (const notice of report.notices) {
      warnings.push({
        code: 'round-notice',
        message: `Round ${report.round}: ${notice}`,
        remedy: 'Run more simulations per round, or look whether the prior is too narrow.',
      });
    }
  }
  for (const { report } of run.rounds) {
    if (report.networkOf !== undefined) {
      warnings.push({
        code: 'network-shared',
        message: `The network was trained in the run ${report.networkOf}, for the same stimulus; this run gave it another recording.`,
        remedy: 'Fit this recording alone for simulations that begin at its own voltage.',
      });
    }
    if (report.trainedOn?.lost) {
      warnings.push({
        code: 'device-lost',
        message: `Round ${report.round}: ${report.trainedOn.lost} The processor went on.`,
        remedy: 'Update the driver of the graphics card, or train with --device cpu.',
      });
    }
  }
  const skipped = run.rounds.reduce((sum, { report }) => sum + report.skippedSteps, 0);
  if (skipped > 0) {
    warnings.push({
      code: 'training-steps-skipped',
      message: `${skipped} training steps were left out because their loss or gradient was not finite.`,
      remedy: 'Look for features of extreme size, or lower training.learningRate.',
    });
  }

  const kernels = [...new Set(run.rounds.flatMap(({ report }) => report.kernels ?? []))];
  if (kernels.length > 1) {
    warnings.push({
      code: 'kernels-changed',
      message: `The rounds were trained by different kernels (${kernels.join(', ')}): the same seed gives the same numbers only with the same ones.`,
      remedy: 'Fit again in one go, or with “strict”, which always trains by the same kernels.',
    });
  }

  progress.phase('sample');
  const density = new TruncatedDensity(densityFromJson(JSON.parse(last.posterior)), coordinates.prior);
  const random = createRandom(config.seed, purpose.posterior, last.round);
  const drawn = await density.sampleMany(config.samples, random, { timeLimitMs: samplingLimitMs, ...abort });
  const samples = coordinates.fromWorking(drawn.samples);
  const count = samples.length / prior.dimension;
  if (!drawn.complete) {
    warnings.push({
      code: 'samples-incomplete',
      message: `Only ${count} of ${config.samples} posterior samples were found within ${samplingLimitMs / 1000} s: ${(100 * drawn.acceptance).toPrecision(2)} % of the estimate lies inside the prior's bounds.`,
      remedy: 'Widen the prior, or run more simulations per round.',
    });
  }

  const n = Math.min(config.predictiveSimulations, count);
  progress.phase('predict', { simulationsDone: 0, simulationsTotal: n });
  const predictiveTheta = samples.slice(0, n * prior.dimension);
  const predictive = await pool.simulate(
    { theta: predictiveTheta, n, seed: config.seed, stream: simulationStream.predictive, firstIndex: 0 },
    { ...abort, onProgress: (done, bad) => progress.simulated(done, bad) },
  );
  const compared = comparison(prepared);
  const atPrior = pilotFeatures(problem, run.pilot);
  const atPosterior = { ...atPrior, x: compared.of(predictive.x), bad: predictive.bad };
  const percentiles = predictivePercentiles(atPosterior);
  const judged = verdict({
    rounds: run.rounds.map((round) => round.report),
    acceptance: density.acceptance,
    predictivePercentiles: percentiles,
    priorPercentiles: predictivePercentiles(atPrior),
    mahalanobisRank: reach?.mahalanobisRank ?? null,
    priorNearer: jointCheck(compared.observed, atPrior, atPosterior),
  });

  const parameters = count > 0 ? summariseParameters(problem, samples, density) : [];
  const seconds = run.rounds.reduce(
    (sum, { report }) => sum + report.seconds.simulate + report.seconds.train,
    0,
  );
  const summary: Summary = {
    id: run.id,
    version: run.version,
    seed: config.seed,
    algorithm: config.algorithm,
    device: last.report.trainedOn?.device ?? 'cpu',
    strict: config.strict,
    // A resumed run counts the rounds of its earlier processes too.
    seconds: Math.max(seconds, (performance.now() - run.startMs) / 1000),
    recording: prepared.recording,
    model: prepared.model,
    features: compared.features,
    parameters,
    rounds: run.rounds.map((round) => round.report),
    diagnostics: {
      acceptance: density.acceptance,
      predictivePercentiles: percentiles,
      contraction: count > 1 ? contraction(samples, prepared.parameters, prepared.jointPrior) : {},
      correlation: count > 1 ? correlationMatrix(samples, prior.dimension) : [],
      misspecification: reach && {
        mahalanobisRank: reach.mahalanobisRank,
        outOfRange: reach.outOfRange.map(({ name }) => name),
      },
      ...judged,
    },
    search: null,
    warnings,
  };
  return { summary, samples, predictiveTheta, predictiveX: predictive.x, predictiveBad: predictive.bad };
}

/** Quantiles of the samples and the mode of the density. */
export function summariseParameters(
  { prepared, coordinates }: Pick<Problem, 'prepared' | 'coordinates'>,
  samples: Float64Array,
  density: TruncatedDensity,
): FittedParameter[] {
  const dimension = prepared.parameters.length;
  const map = coordinates.fromWorking(density.mode());
  return prepared.parameters.map((parameter, i) => {
    const values = Float64Array.from(
      { length: samples.length / dimension },
      (_, s) => samples[s * dimension + i]!,
    );
    values.sort();
    return {
      name: parameter.name,
      unit: parameter.unit,
      prior: prepared.jointPrior ?? parameter.prior,
      median: sortedQuantile(values, 0.5),
      q05: sortedQuantile(values, 0.05),
      q95: sortedQuantile(values, 0.95),
      map: map[i]!,
    };
  });
}
