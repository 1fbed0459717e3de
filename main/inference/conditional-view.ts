import { AppError } from '../contract/errors.ts';
import type { ConditionalView } from '../contract/posterior.ts';
import { conditionalMixture } from '../density/conditional-mixture.ts';
import type { Density } from '../density/density.ts';
import { Mixture } from '../density/mixture.ts';
import { TruncatedDensity } from '../density/truncated.ts';
import { conditionalMarginal, conditionalPair } from '../diagnostics/conditional-grid.ts';
import type { Coordinates } from '../model/coordinates.ts';
import { createRandom, type RandomStream } from '../numeric/random.ts';
import { sortedQuantile } from '../numeric/statistics.ts';
import type { FitStore } from './fit-store.ts';
import { metropolis, someRows } from './metropolis.ts';
import { roundSamples } from './posterior-view.ts';
import { smoothedCurve } from './smoothing.ts';
import { purpose } from './streams.ts';

/** Draws behind quantiles and smoothed curves. */
const conditionalDraws = 2000;
/** Steps of the chains that a density without closed conditionals needs. */
const chainSteps = 200;
const samplingLimitMs = 3000;
const pairSize = 96;

/**
 * The posterior of the other parameters where some are held at a value: what a measurement of those would leave unknown
 * (Gonçalves et al. 2020, figure 5: conditionals are far narrower than marginals where parameters compensate each other).
 *
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
  const drawn = await draw(density, coordinates, coordinates.toWorking(point), known, free, random);
  const draws = coordinates.fromWorking(drawn);

  const own = inOwnUnits(density, coordinates);
  const gridOf = (i: number, size: number) => {
    const width = (prior.displayHigh[i]! - prior.displayLow[i]!) / size;
    return Float64Array.from({ length: size }, (_, g) => prior.displayLow[i]! + (g + 0.5) * width);
  };
  const marginals = free.map((i) => {
    const values = Float64Array.from({ length: draws.length / D }, (_, s) => draws[s * D + i]!);
    const sorted = values.toSorted();
    const grid = gridOf(i, gridSize);
    return {
      ...{ parameter: i, name: names[i]!, low: prior.displayLow[i]!, high: prior.displayHigh[i]!, grid },
      density: free.length === 1 ? conditionalMarginal(own, point, i, grid) : smoothedCurve(values, grid),
      median: sortedQuantile(sorted, 0.5),
      q05: sortedQuantile(sorted, 0.05),
      q95: sortedQuantile(sorted, 0.95),
    };
  });
  const [y, x] = free;
  const size = Math.min(pairSize, gridSize);
  const pair =
    free.length === 2
      ? {
          x: x!,
          y: y!,
          size,
          density: conditionalPair(own, point, x!, y!, gridOf(x!, size), gridOf(y!, size)),
        }
      : null;
  return {
    run: id,
    round,
    fixed: [...fixed].map(([parameter, value]) => ({ parameter, value })),
    marginals,
    pair,
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
  const start = someRows(conditionalDraws, known, D, random);
  for (let i = 0; i < start.length; i++) if (!free.includes(i % D)) start[i] = point[i % D]!;
  const logTarget = (rows: Float64Array) =>
    density.logDensities(rows).map((value, i) => (prior.contains(rows, i * D) ? value : -Infinity));
  return metropolis(start, known, D, logTarget, random, { steps: chainSteps, free });
}

/** Density of θ instead of the working coordinates. */
function inOwnUnits(density: Density, coordinates: Coordinates): Pick<Density, 'dimension' | 'logDensities'> {
  const { dimension } = coordinates;
  return {
    dimension,
    logDensities(theta) {
      const u = coordinates.toWorking(theta);
      return density.logDensities(u).map((value, i) => value + coordinates.logJacobian(u, i * dimension));
    },
  };
}
