import { AppError } from '../contract/errors.ts';
import type { MarginalView, PairView, PosteriorView } from '../contract/posterior.ts';
import { TruncatedDensity } from '../density/truncated.ts';
import type { Coordinates } from '../model/coordinates.ts';
import type { Prior } from '../model/prior.ts';
import { correlation, sortedQuantile } from '../numeric/statistics.ts';
import { createRandom } from '../numeric/random.ts';
import { densityFromJson } from '../train/density-json.ts';
import { displayAxis } from './display-axis.ts';
import type { FitStore, PreparedRecord, RoundRecord } from './fit-store.ts';
import { marginalCurve } from './marginal-curve.ts';
import { imageSize, pairDensity } from './pair-density.ts';
import { coordinatesOf, priorOf } from './problem.ts';
import { purpose } from './streams.ts';

/** Draws behind a view's quantiles and curves: the 5 % quantile is then known to about 0.7 % of a standard deviation. */
const viewSamples = 10_000;
/** Draws that a marginal's conditionals are averaged over: smooth to the pixel, and quick. */
const marginalSamples = 400;
const samplingLimitMs = 3000;

/** The prepared record and one finished round of a run. @throws AppError not-found */
export function storedRound(
  store: FitStore,
  id: string,
  round: number,
): { prepared: PreparedRecord; record: RoundRecord; last: boolean } {
  const prepared = store.prepared(id);
  const rounds = store.rounds(id);
  const record = rounds[round - 1];
  if (!prepared || !record) {
    throw new AppError('not-found', `Run ${id} has no finished round ${round}.`, {
      remedy:
        rounds.length > 0 ? `Its finished rounds are 1 to ${rounds.length}.` : 'Wait for its first round.',
    });
  }
  return { prepared, record, last: round === rounds.length };
}

/** Densities that were looked at last: finding their mass inside the prior and their mode takes longer than drawing them. */
const recent = new Map<string, TruncatedDensity>();
const mostRecent = 8;

function recentDensity(place: string, json: string, prior: Prior): TruncatedDensity {
  const key = `${place} ${json}`;
  const density = recent.get(key) ?? new TruncatedDensity(densityFromJson(JSON.parse(json)), prior);
  recent.delete(key);
  recent.set(key, density);
  const oldest = recent.keys().next().value;
  if (recent.size > mostRecent && oldest !== undefined) recent.delete(oldest);
  return density;
}

/** Posterior samples of a round: the written ones where it is the last round of a finished run, so that all agree. */
export async function roundSamples(
  store: FitStore,
  id: string,
  round: number,
): Promise<{
  samples: Float64Array;
  /** In working coordinates. */
  density: TruncatedDensity;
  coordinates: Coordinates;
  prepared: PreparedRecord;
  prior: Prior;
  /** Share of the estimate inside the prior's support. */
  acceptance: number;
  /** The most probable point in the parameters' units: a finished run knows it, of another round it is looked for. */
  map: () => Float64Array;
}> {
  const { prepared, record, last } = storedRound(store, id, round);
  const prior = priorOf(prepared);
  const coordinates = coordinatesOf(prepared);
  const density = recentDensity(`${id}/${round}`, record.posterior, coordinates.prior);
  const written = last ? store.result(id) : null;
  const { acceptance } = record.report;
  if (written) {
    const map = () => Float64Array.from(written.summary.parameters, (parameter) => parameter.map);
    return { samples: written.samples, density, coordinates, prepared, prior, acceptance, map };
  }
  const random = createRandom(prepared.config.seed, purpose.posterior, round);
  const drawn = await density.sampleMany(viewSamples, random, { timeLimitMs: samplingLimitMs });
  const samples = coordinates.fromWorking(drawn.samples);
  const map = () => coordinates.fromWorking(density.mode());
  return { samples, density, coordinates, prepared, prior, acceptance, map };
}

/** What the interface draws of a round's posterior: marginals, pairs, quantiles and the MAP. */
export async function posteriorView(
  store: FitStore,
  id: string,
  round: number,
  gridSize: number,
): Promise<PosteriorView> {
  const drawn = await roundSamples(store, id, round);
  const { samples, density, coordinates, prepared, acceptance } = drawn;
  const { dimension } = coordinates;
  if (samples.length === 0) {
    throw new AppError(
      'inference-failed',
      `The estimate of round ${round} lies outside the prior's support.`,
      {
        remedy: 'Run more simulations per round, or widen the prior.',
      },
    );
  }
  const map = drawn.map();
  const estimate = { density: density.density, acceptance };
  const working = coordinates.toWorking(samples);
  const columns = Array.from({ length: dimension }, (_, i) => column(working, dimension, i));
  const few = working.subarray(0, marginalSamples * dimension);
  const marginals: MarginalView[] = prepared.parameters.map(({ name }, i) => {
    const axis = displayAxis(coordinates, i, gridSize);
    const quantile = quantilesOf(column(samples, dimension, i));
    return {
      ...{ name, low: axis.low, high: axis.high, logarithmic: axis.logarithmic, grid: axis.grid },
      density: marginalCurve(density, coordinates.prior, few, columns[i]!, i, axis.working),
      priorDensity: axis.working.map((value) => coordinates.prior.marginalDensity(i, value)),
      ...{ median: quantile(0.5), q05: quantile(0.05), q95: quantile(0.95), map: map[i]! },
    };
  });
  const size = imageSize(dimension, gridSize);
  const pairs: PairView[] = [];
  for (let y = 0; y < dimension; y++) {
    for (let x = y + 1; x < dimension; x++) {
      const image = pairDensity(estimate, coordinates.prior, columns, x, y, size);
      pairs.push({ x, y, size, ...image, correlation: correlation(columns[x]!, columns[y]!) });
    }
  }
  return { run: id, round, acceptance, marginals, pairs, hallOfFame: null };
}

function quantilesOf(values: Float64Array): (q: number) => number {
  const sorted = values.sort();
  return (q) => sortedQuantile(sorted, q);
}

/** One parameter of every row of a matrix [n, D]. */
export function column(samples: Float64Array, dimension: number, i: number): Float64Array {
  return Float64Array.from({ length: samples.length / dimension }, (_, s) => samples[s * dimension + i]!);
}
