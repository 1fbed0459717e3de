import type { FitConfig } from '../contract/config.ts';
import type { FitEstimate, RoundReport, RunDetail, RunSummary } from '../contract/run.ts';
import type { History } from '../history/history.ts';

/** Runs that are looked at for one that is alike, the newest first. */
const mostLookedAt = 50;

/** Seconds that a fit is expected to take, by an earlier one. */
export interface FitPlan {
  /** The earlier run's name. */
  like: string;
  /** Opening, pilot, and the checks at the end. */
  around: number;
  rounds: { simulate: number; train: number }[];
}

/**
 * What a fit would take, from the newest finished run with the same algorithm and model, one of the same sweep before all others:
 * its simulations per second, and its training per simulation of all rounds so far. Nothing is tried out, so that it can be asked
 * while a person types.
 */
export function fitEstimate(history: Pick<History, 'list' | 'detail'>, config: FitConfig): FitEstimate {
  const rounds = config.algorithm === 'npe' ? 1 : config.rounds;
  const simulations = rounds * config.simulations;
  const plan = fitPlan(history, config);
  if (plan === null) return { simulations, seconds: null, like: null };
  const seconds = plan.rounds.reduce((sum, { simulate, train }) => sum + simulate + train, plan.around);
  return { simulations, seconds, like: plan.like };
}

/** The same, piece by piece; null where no earlier run is alike. */
export function fitPlan(history: Pick<History, 'list' | 'detail'>, config: FitConfig): FitPlan | null {
  const like = alike(history, config);
  if (like === null) return null;
  const rounds = config.algorithm === 'npe' ? 1 : config.rounds;
  const { reports, summary } = like;
  const own = reports.reduce((sum, { seconds }) => sum + seconds.simulate + seconds.train, 0);
  // Opening, pilot, and the checks at the end: the same each time.
  const around = Math.max(0, (summary?.seconds ?? own) - own);
  const planned = Array.from({ length: rounds }, (_, i) => {
    const round = i + 1;
    const model = counterpart(reports, round, rounds);
    const trainedOn = (n: number, at: number) => (config.proposal.reuseRounds ? n * at : n);
    const ratio = trainedOn(config.simulations, round) / trainedOn(model.simulations, model.round);
    const simulate = model.seconds.simulate * (config.simulations / model.simulations);
    return { simulate, train: model.seconds.train * ratio };
  });
  return { like: like.name, around, rounds: planned };
}

/** The first round of a run is like the first, the last like the last, and those between like the one before the last. */
function counterpart(reports: readonly RoundReport[], round: number, rounds: number): RoundReport {
  if (round === rounds) return reports.at(-1)!;
  if (round === 1) return reports[0]!;
  return reports[Math.max(0, reports.length - 2)]!;
}

function alike(history: Pick<History, 'list' | 'detail'>, config: FitConfig): RunDetail | null {
  const finished = history
    .list()
    .filter(
      ({ state, algorithm, model }) =>
        state === 'finished' && algorithm === config.algorithm && sameModel(model, config),
    );
  const source = (run: RunSummary) => (isSameSource(run, config) ? 0 : 1);
  const sorted = finished.slice(0, mostLookedAt).sort((a, b) => source(a) - source(b));
  for (const { id } of sorted) {
    const detail = history.detail(id);
    const same =
      detail.config.features.set === config.features.set &&
      detail.config.network.family === config.network.family;
    if (detail.reports.length > 0 && (same || config.network.family === null)) return detail;
  }
  return null;
}

function sameModel(model: string, { source, model: wanted }: FitConfig): boolean {
  return source !== null && 'simulator' in source ? model === source.simulator : model === wanted;
}

function isSameSource(run: RunSummary, { source }: FitConfig): boolean {
  if (source === null || !('recording' in source)) return true;
  return run.source === source.recording && run.sweep === source.sweep;
}
