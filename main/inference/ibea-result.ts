import type { Warning } from '../contract/recording.ts';
import type { FittedParameter, Summary } from '../contract/run.ts';
import { misspecification, misspecificationWarning } from '../diagnostics/misspecification.ts';
import { jointCheck } from '../diagnostics/joint-check.ts';
import { predictivePercentiles } from '../diagnostics/predictive-check.ts';
import { searchVerdict } from '../diagnostics/search-verdict.ts';
import { median, sortedQuantile } from '../numeric/statistics.ts';
import type { ResultRecord, RoundRecord } from './fit-store.ts';
import { evaluationsOf, hallOfFame, inTurns, rowsOf } from './ibea-evaluations.ts';
import { objectivesOf, objectiveSums, type Target } from './ibea-objectives.ts';
import type { SearchContext } from './ibea-round.ts';
import type { Problem } from './problem.ts';
import { pilotFeatures } from './comparison.ts';
import { simulationStream } from './streams.ts';

/**
 * The end of a search: its hall of fame, new simulations of every member with other noise, and what both say. The result
 * has the shape of an inference's, with the hall of fame in the place of posterior samples; a warning and the verdict say
 * that it is none.
 */
export async function concludeSearch(
  { problem, pool, pilot, progress, signal }: SearchContext,
  run: { id: string; version: string; rounds: readonly RoundRecord[]; startMs: number },
): Promise<ResultRecord> {
  const { prepared, observed } = problem;
  const { config } = prepared;
  const { dimension } = problem.prior;
  const reach = misspecification(pilotFeatures(problem, pilot));
  const outside = misspecificationWarning(reach);
  progress.phase('sample');
  const known = evaluationsOf(run.rounds, pilot, observed);
  const best = hallOfFame(known, dimension, config.ibea.hallOfFame);
  const samples = rowsOf(known.theta, dimension, best);
  const found = rowsOf(known.objectives, known.count, best);

  const n = config.predictiveSimulations;
  progress.phase('predict', { simulationsDone: 0, simulationsTotal: n });
  const predictiveTheta = rowsOf(samples, dimension, inTurns(n, best.length));
  const predictive = await pool.simulate(
    { theta: predictiveTheta, n, seed: config.seed, stream: simulationStream.predictive, firstIndex: 0 },
    { ...(signal ? { signal } : {}), onProgress: (done, bad) => progress.simulated(done, bad) },
  );
  const { x, bad } = predictive;
  const names = prepared.features.map((feature) => feature.name);
  const again = objectiveSums(objectivesOf(x, bad, known.target), known.count);
  const judged = searchVerdict({
    offsets: known.target.features.map((f) => ({
      name: names[f]!,
      offset: medianOffset(x, known.target, f),
    })),
    found: median(best.map((row) => known.sums[row]!)),
    again: median(again),
    priorNearer: jointCheck(observed, pilot, { x, bad }),
    last: run.rounds.at(-1)!.report,
  });

  const reports = run.rounds.map((round) => round.report);
  const seconds = reports.reduce((sum, report) => sum + report.seconds.simulate + report.seconds.train, 0);
  const summary: Summary = {
    id: run.id,
    version: run.version,
    seed: config.seed,
    algorithm: config.algorithm,
    device: 'cpu',
    strict: config.strict,
    // A resumed run counts the rounds of its earlier processes too.
    seconds: Math.max(seconds, (performance.now() - run.startMs) / 1000),
    recording: prepared.recording,
    model: prepared.model,
    features: prepared.features.map(({ name, unit, observed: value }) => ({ name, unit, observed: value })),
    parameters: describeHall(problem, samples),
    rounds: reports,
    diagnostics: {
      acceptance: 1,
      predictivePercentiles: predictivePercentiles({ names, observed, x, bad }),
      contraction: {},
      correlation: [],
      misspecification: reach && {
        mahalanobisRank: reach.mahalanobisRank,
        outOfRange: reach.outOfRange.map(({ name }) => name),
      },
      ...judged,
    },
    search: {
      objectives: known.target.features.map((f) => names[f]!),
      hallOfFame: best.map((row, i) => ({
        sum: known.sums[row]!,
        objectives: [...found.subarray(i * known.count, (i + 1) * known.count)],
      })),
    },
    warnings: [
      ...prepared.warnings,
      ...(outside === null ? [] : [outside]),
      pointEstimatesOnly,
      ...leftOut(problem),
    ],
  };
  return { summary, samples, predictiveTheta, predictiveX: x, predictiveBad: bad };
}

const pointEstimatesOnly: Warning = {
  code: 'point-estimates-only',
  message:
    'The rows of posterior-samples.csv are the hall of fame of a search, not samples of a posterior: their spread is not an uncertainty, and the quantiles of the parameters are those of the hall of fame.',
  remedy: 'Fit with snpe, tsnpe or npe for the posterior.',
};

function leftOut({ prepared, observed }: Problem): Warning[] {
  return prepared.features
    .filter((_, f) => Number.isNaN(observed[f]))
    .map(({ name }) => ({
      code: 'objective-left-out',
      message: `The observation has no ${name}: the search had no objective for it.`,
      remedy: 'Give its observed value, if it can be measured.',
    }));
}

/** The median of (s − s_o)/σ_pilot of feature f over simulations; null where half of them or more lack it. */
function medianOffset(x: Float64Array, { observed, sd }: Target, f: number): number | null {
  const column = x.filter((_, at) => at % observed.length === f);
  const present = column.filter((value) => !Number.isNaN(value));
  return 2 * present.length > column.length ? (median(present) - observed[f]!) / sd[f]! : null;
}

/** The best member as the MAP, and quantiles over the hall of fame. */
function describeHall({ prepared }: Problem, samples: Float64Array): FittedParameter[] {
  const dimension = prepared.parameters.length;
  return prepared.parameters.map(({ name, unit, prior }, i) => {
    const values = samples.filter((_, at) => at % dimension === i).sort();
    return {
      name,
      unit,
      prior: prepared.jointPrior ?? prior,
      median: sortedQuantile(values, 0.5),
      q05: sortedQuantile(values, 0.05),
      q95: sortedQuantile(values, 0.95),
      map: samples[i]!,
    };
  });
}
