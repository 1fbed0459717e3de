import { AppError } from '../contract/errors.ts';
import type { ConditionalView } from '../contract/posterior.ts';
import { conditionalMixture } from '../density/conditional-mixture.ts';
import type { Density } from '../density/density.ts';
import { Mixture } from '../density/mixture.ts';
import { TruncatedDensity } from '../density/truncated.ts';
import { conditionalMarginal, conditionalPair } from '../diagnostics/conditional-grid.ts';
import type { Coordinates } from '../model/coordinates.ts';
import { createRandom, type RandomStream } from '../numeric/random.ts';
import { correlation, sortedQuantile } from '../numeric/statistics.ts';
import { displayAxis } from './display-axis.ts';
import type { FitStore } from './fit-store.ts';
import { metropolis } from './metropolis.ts';
import { densityImage, imageSize } from './pair-density.ts';
import { column, roundSamples } from './posterior-view.ts';
import { regressionStart } from './regression-start.ts';
import { smoothedCurve, smoothedImage } from './smoothing.ts';
import { purpose } from './streams.ts';

/** Draws behind quantiles and smoothed curves: of a mixture, and of chains, which cost more. */
const conditionalDraws = 2000;
const chains = 1000;
/** Steps of a chain: few, as chains begin close to where they end (regression-start.ts). */
const chainSteps = 12;
const samplingLimitMs = 3000;

/**
 * The posterior of the other parameters where some are held at a value: what a measurement of those would leave unknown
 * (Gonçalves et al. 2020, figure 5: conditionals are far narrower than marginals where parameters compensate each other).
 *
 * All densities are of the axis that a parameter is drawn on, of the logarithm where that is logarithmic.
 * One or two free parameters: the joint density on a grid. More: draws, in closed form of a mixture, by Metropolis chains of
 * any other density, smoothed.
 * @param fixed value, in the parameter's unit, by index
 * @throws AppError usage where an index is none, a value lies outside the prior, or nothing is left free
 */
export async function conditionalView(
  store: FitStore,
  id: string,
  round: number,
  fixed: ReadonlyMap<number, number>,
  gridSize: number,
): Promise<ConditionalView> {
  const { samples, density: truncated, coordinates, prepared, prior } = await roundSamples(store, id, round);
  const { density } = truncated;
  const D = prior.dimension;
  const names = prepared.parameters.map(({ name }) => name);
  const free = names.map((_, i) => i).filter((i) => !fixed.has(i));
  checkFixed(fixed, names, prior, free.length);
  if (samples.length === 0) {
    throw new AppError('inference-failed', `Round ${round} has no posterior samples to begin with.`, {
      remedy: 'Run more simulations per round, or widen the prior.',
    });
  }
  const point = Float64Array.from(names, (_, i) => fixed.get(i) ?? samples[i]!);
  const random = createRandom(prepared.config.seed, purpose.conditional, round);
  const known = coordinates.toWorking(samples);
  const start = coordinates.toWorking(point);
  const drawn = await draw(density, coordinates, start, known, free, random);
  const draws = coordinates.fromWorking(drawn);

  const columns = names.map((_, i) => column(drawn, D, i));
  const marginals = free.map((i) => {
    const axis = displayAxis(coordinates, i, gridSize);
    const sorted = column(draws, D, i).sort();
    return {
      ...{ parameter: i, name: names[i]!, low: axis.low, high: axis.high, logarithmic: axis.logarithmic },
      grid: axis.grid,
      density:
        free.length === 1
          ? conditionalMarginal(density, start, i, axis.working)
          : smoothedCurve(columns[i]!, axis.working),
      median: sortedQuantile(sorted, 0.5),
      q05: sortedQuantile(sorted, 0.05),
      q95: sortedQuantile(sorted, 0.95),
    };
  });
  const size = imageSize(free.length, gridSize);
  const centres = (i: number) => displayAxis(coordinates, i, size).working;
  const exact = (x: number, y: number) => conditionalPair(density, start, x, y, centres(x), centres(y));
  const drawnOf = (x: number, y: number) =>
    smoothedImage(coordinates.prior, columns[x]!, columns[y]!, x, y, size);
  const pairs = free.flatMap((y, at) =>
    free.slice(at + 1).map((x) => ({
      ...{ x, y, size },
      ...densityImage(free.length === 2 ? exact(x, y) : drawnOf(x, y)),
      correlation: correlation(columns[x]!, columns[y]!),
    })),
  );
  return {
    run: id,
    round,
    fixed: [...fixed].map(([parameter, value]) => ({ parameter, value })),
    marginals,
    pairs,
  };
}

function checkFixed(
  fixed: ReadonlyMap<number, number>,
  names: readonly string[],
  prior: { low: Float64Array; high: Float64Array },
  free: number,
): void {
  const refuse = (message: string): never => {
    throw new AppError('usage', message, {
      remedy: 'Fix some parameters at values inside their prior, and leave at least one free.',
    });
  };
  for (const [i, value] of fixed) {
    if (names[i] === undefined) refuse(`There is no parameter ${i}; the run has ${names.length}.`);
    if (!(value >= prior.low[i]! && value <= prior.high[i]!))
      refuse(
        `${names[i]} cannot be held at ${value}: its prior goes from ${prior.low[i]} to ${prior.high[i]}.`,
      );
  }
  if (free === 0) refuse('No parameter is left free.');
}

/** [n, D] draws in working coordinates whose fixed columns are those of the point. */
async function draw(
  density: Density,
  { prior, dimension: D }: Coordinates,
  point: Float64Array,
  known: Float64Array,
  free: readonly number[],
  random: RandomStream,
): Promise<Float64Array> {
  if (density instanceof Mixture && density.studentT === 0) {
    const fixed = new Map([...point.entries()].filter(([i]) => !free.includes(i)));
    const scratch = point.slice();
    const place = (values: Float64Array, offset: number) => {
      free.forEach((i, a) => (scratch[i] = values[offset + a]!));
      return scratch;
    };
    const support = {
      dimension: free.length,
      contains: (values: Float64Array, offset = 0) => prior.contains(place(values, offset)),
    };
    const conditional = new TruncatedDensity(conditionalMixture(density, fixed), support);
    const limits = { timeLimitMs: samplingLimitMs };
    const { samples } = await conditional.sampleMany(conditionalDraws, random, limits);
    const rows = new Float64Array((samples.length / free.length) * D);
    for (let s = 0; s < samples.length / free.length; s++) rows.set(place(samples, s * free.length), s * D);
    if (rows.length > 0) return rows;
  }
  const held = [...point.keys()].filter((i) => !free.includes(i));
  const start = regressionStart(known, point, held, chains, (rows, at) => prior.contains(rows, at));
  const logTarget = (rows: Float64Array) =>
    density.logDensities(rows).map((value, i) => (prior.contains(rows, i * D) ? value : -Infinity));
  return metropolis(start, known, D, logTarget, random, { steps: chainSteps, free });
}
