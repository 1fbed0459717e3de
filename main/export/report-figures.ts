import { AppError } from '../contract/errors.ts';
import type { PosteriorView, PredictiveView } from '../contract/posterior.ts';
import type { Calibration } from '../contract/calibration.ts';
import { type Figure, printColours } from '../figures/figure.ts';
import { epochLosses, epochPositions } from '../figures/losses.ts';
import { lossWords } from '../figures/loss-words.ts';
import { matrixFigure } from '../figures/posterior-figures.ts';
import { noLayers } from '../figures/posterior-layers.ts';
import { ownHall } from '../figures/point-marks.ts';
import { predictiveFigure } from '../figures/predictive-figure.ts';
import { coverageFigure, featuresFigure, lossFigure, ranksFigure } from '../figures/run-figures.ts';
import { comparison } from '../inference/comparison.ts';
import type { FitStore } from '../inference/fit-store.ts';
import { isSearch, searchView } from '../inference/ibea-view.ts';
import { posteriorView } from '../inference/posterior-view.ts';
import { predictiveView } from '../inference/predictive-view.ts';
import type { RunRecord } from './run-record.ts';

/** Points of a marginal's curve and columns of a trace: more than a printed line can show. */
const [gridSize, columns] = [201, 1600];
/** Draws under the recording besides the best set, as the window draws. */
const draws = 20;

export interface ReportFigures {
  posterior: Figure;
  /** Null for a simulator of one's own, and where the recording is gone; `withoutTraces` then says why. */
  traces: Figure | null;
  withoutTraces: string | null;
  features: Figure | null;
  training: Figure;
  /** Coverage and ranks, where the run was calibrated. */
  calibration: Figure[];
}

/** The figures of a run's last finished round, as the window draws them. */
export async function reportFigures(
  store: FitStore,
  run: RunRecord,
  calibration: Calibration | null,
): Promise<ReportFigures> {
  const { id, prepared, rounds, result } = run;
  const round = rounds.length;
  const search = isSearch(store, id);
  const view: PosteriorView = search
    ? searchView(store, id, round, gridSize)
    : await posteriorView(store, id, round, gridSize);
  const symbols = prepared.parameters.map(({ name, symbol, unit }) => ({ symbol: symbol ?? name, unit }));
  const { predictive, missing } = await tracesOf(store, run);
  const features = predictive?.features ?? storedFeatures(run);
  const points = epochLosses(rounds);
  const positions = epochPositions(points, result.summary.rounds);
  const end = (predictive?.timeMs.at(-1) ?? 0) + (predictive?.timeMs[0] ?? 0);
  return {
    posterior: matrixFigure({
      view,
      symbols,
      zoom: false,
      layers: { ...noLayers, sets: ownHall(view, printColours.model) },
    }),
    traces: predictive === null || end === 0 ? null : predictiveFigure(predictive, [0, end]),
    withoutTraces: missing,
    features: features.length === 0 ? null : featuresFigure(features, round),
    training: lossFigure(points, positions, 'epoch', lossWords(search)),
    calibration: calibration === null ? [] : [coverageFigure(calibration), ranksFigure(calibration, symbols)],
  };
}

export const listed = (figures: ReportFigures): Figure[] =>
  [figures.posterior, figures.traces, figures.features, figures.training, ...figures.calibration].filter(
    (figure) => figure !== null,
  );

/** A recording or a model that has been moved is no reason to have no report. */
async function tracesOf(
  store: FitStore,
  { id, rounds }: RunRecord,
): Promise<{ predictive: PredictiveView | null; missing: string | null }> {
  try {
    return { predictive: await predictiveView(store, id, rounds.length, draws, columns), missing: null };
  } catch (thrown) {
    const { code, message } = AppError.from(thrown);
    if (code === 'internal') throw thrown;
    return { predictive: null, missing: message };
  }
}

/** Features of prior and posterior simulations as the history keeps them; none of an unfinished run. */
function storedFeatures({ prepared, pilot, result }: RunRecord): PredictiveView['features'] {
  if (result.predictiveBad.length === 0) return [];
  const { features, of } = comparison(prepared);
  const posterior = of(result.predictiveX);
  const prior = pilot === null ? null : of(pilot.x);
  const good = (x: Float64Array, bad: Uint8Array, f: number) =>
    Float64Array.from(
      Array.from(bad).flatMap((reason, i) => (reason === 0 ? [x[i * features.length + f]!] : [])),
    );
  return features.map((feature, f) => ({
    ...feature,
    prior: prior === null ? new Float64Array(0) : good(prior, pilot!.bad, f),
    posterior: good(posterior, result.predictiveBad, f),
  }));
}
