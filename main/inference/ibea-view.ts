import type { MarginalView, PosteriorView } from '../contract/posterior.ts';
import { sortedQuantile } from '../numeric/statistics.ts';
import { displayAxis } from './display-axis.ts';
import type { FitStore, PreparedRecord } from './fit-store.ts';
import { evaluationsOf, hallOfFame, rowsOf } from './ibea-evaluations.ts';
import { storedRound } from './posterior-view.ts';
import { coordinatesOf } from './problem.ts';

export function isSearch(store: FitStore, id: string): boolean {
  return store.prepared(id)?.config.algorithm === 'ibea';
}

/** The hall of fame after a round of a search, [n, D], the best first. @throws AppError not-found */
export function searchHall(
  store: FitStore,
  id: string,
  round: number,
): { hall: Float64Array; prepared: PreparedRecord } {
  const { prepared } = storedRound(store, id, round);
  const pilot = store.pilot(id)!;
  const known = evaluationsOf(store.rounds(id).slice(0, round), pilot, observedOf(prepared));
  const dimension = prepared.parameters.length;
  const best = hallOfFame(known, dimension, prepared.config.ibea.hallOfFame);
  return { hall: rowsOf(known.theta, dimension, best), prepared };
}

/** What the interface draws of a search: its hall of fame over the prior. */
export function searchView(store: FitStore, id: string, round: number, gridSize: number): PosteriorView {
  const { hall, prepared } = searchHall(store, id, round);
  const coordinates = coordinatesOf(prepared);
  const { dimension, prior } = coordinates;
  const marginals: MarginalView[] = prepared.parameters.map(({ name }, i) => {
    const { low, high, logarithmic, grid, working } = displayAxis(coordinates, i, gridSize);
    const values = hall.filter((_, at) => at % dimension === i).sort();
    return {
      ...{ name, low, high, logarithmic, grid },
      density: new Float64Array(0),
      priorDensity: working.map((value) => prior.marginalDensity(i, value)),
      median: sortedQuantile(values, 0.5),
      q05: sortedQuantile(values, 0.05),
      q95: sortedQuantile(values, 0.95),
      map: hall[i]!,
    };
  });
  return { run: id, round, acceptance: 1, marginals, pairs: [], hallOfFame: hall };
}

function observedOf({ features }: PreparedRecord): Float64Array {
  return Float64Array.from(features, (feature) => feature.observed ?? NaN);
}
