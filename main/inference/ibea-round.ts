import type { RoundReport } from '../contract/run.ts';
import { createRandom, type RandomStream } from '../numeric/random.ts';
import { median } from '../numeric/statistics.ts';
import type { Simulated } from '../simulate/simulator-pool.ts';
import type { PilotRecord, RoundRecord } from './fit-store.ts';
import {
  type Evaluations,
  evaluationsOf,
  populationFromJson,
  populationToJson,
  RoundSimulations,
  rowsOf,
} from './ibea-evaluations.ts';
import { objectivesOf, objectiveSums } from './ibea-objectives.ts';
import { type SearchSpace, searchSpace } from './ibea-space.ts';
import { environmentalSelection, indicatorFitness, tournament } from './ibea.ts';
import { twoChildren, type VariationSettings } from './ibea-variation.ts';
import type { RoundContext } from './round.ts';
import { judged } from './simulate-round.ts';
import { countMissing, countReasons, refuseAllBad } from './simulation-counts.ts';
import { purpose } from './streams.ts';

export type SearchContext = Pick<RoundContext, 'problem' | 'pool' | 'pilot' | 'progress' | 'signal'>;

/**
 * One round of a search by IBEA: `simulations` evaluations in generations of `population` (the last one may be smaller),
 * so that a search costs what an inference with the same rounds costs, and is kept as often. The pilot run is part of the
 * first round here too: the first generations are its draws from the prior, and what is simulated after it are their
 * descendants. A function of the configuration and the earlier rounds alone.
 * @throws AppError inference-failed where no simulation of the round is good
 */
export async function runSearchRound(
  { problem, pool, pilot, progress, signal }: SearchContext,
  earlier: readonly RoundRecord[],
): Promise<RoundRecord> {
  const { prepared, coordinates, observed } = problem;
  const { config, features } = prepared;
  const { simulations, ibea } = config;
  const { dimension } = coordinates;
  const round = earlier.length + 1;
  const startMs = performance.now();
  const random = createRandom(config.seed, purpose.search, round);
  const space = searchSpace(coordinates);
  const known = withRoomFor(evaluationsOf(earlier, pilot, observed), simulations, dimension);
  const { count } = known;
  const first = known.sums.length - simulations;
  const last = earlier.at(-1);
  let population = last === undefined ? [] : populationFromJson(last.posterior);
  let bestSum = smallest(known.sums.subarray(0, first));
  let simulateSeconds = 0;
  const own = new RoundSimulations(simulations, dimension, features.length);
  const best: number[] = [];
  const middle: number[] = [];
  const begin = { round, simulationsDone: 0, simulationsTotal: simulations, bad: 0, missing: 0 };
  progress.phase('simulate', { ...begin, ess: null, epoch: null });

  while (own.done < simulations) {
    const fromPilot = round === 1 ? pilot.bad.length - own.done : 0;
    const n = Math.min(ibea.population, simulations - own.done, fromPilot > 0 ? fromPilot : Infinity);
    const from = first + own.done;
    if (fromPilot > 0) own.add(...pilotRows(pilot, own.done, n, dimension, features.length));
    else {
      const theta = breed(n, known, population, space, ibea, random);
      const simulated = await pool.simulate(
        { theta, n, seed: config.seed, stream: round, firstIndex: own.done },
        {
          ...(signal ? { signal } : {}),
          onProgress: (done, bad) => progress.simulated(own.done + done, own.badCount + bad),
        },
      );
      simulateSeconds += simulated.seconds;
      own.add(theta, judged(simulated, problem));
    }
    take(known, own, from, n, first);
    const all = [...population, ...Array.from({ length: n }, (_, i) => from + i)];
    const survivors = environmentalSelection(rowsOf(known.objectives, count, all), count, ibea.population);
    population = survivors.map((row) => all[row]!);
    bestSum = Math.min(bestSum, smallest(known.sums.subarray(from, from + n)));
    best.push(bestSum);
    middle.push(median(population.map((row) => known.sums[row]!)));
    progress.update({ epoch: best.length, loss: bestSum, validationLoss: middle.at(-1)! });
  }

  refuseAllBad(own, round);
  const good = simulations - own.badCount;
  const report: RoundReport = {
    round,
    simulations,
    bad: own.badCount,
    badReasons: countReasons(own),
    missing: countMissing(own, features),
    // A search weighs nothing: all good simulations count the same, and none lies outside the bounds.
    ess: good,
    acceptance: 1,
    loss: best.at(-1)!,
    validationLoss: middle.at(-1)!,
    epochs: best.length,
    skippedSteps: 0,
    seconds: {
      simulate: simulateSeconds,
      train: Math.max(0, (performance.now() - startMs) / 1000 - simulateSeconds),
    },
    kernels: null,
    drawnFrom: 'search',
    truncation: null,
    classifier: null,
    families: [],
    trainedOn: null,
    notices: [],
  };
  return {
    round,
    report,
    proposal: null,
    theta: own.theta,
    x: own.x,
    bad: own.bad,
    badReasons: own.badReasons,
    weights: Float64Array.from(own.bad, (flag) => (flag === 0 ? 1 : 0)),
    losses: Float64Array.from(best),
    validationLosses: Float64Array.from(middle),
    estimator: new Uint8Array(0),
    posterior: populationToJson(population),
  };
}

/** θ [n, D] of children of the population's fitter members. */
function breed(
  n: number,
  { theta: known, objectives, count }: Evaluations,
  population: readonly number[],
  space: SearchSpace,
  settings: VariationSettings,
  random: RandomStream,
): Float64Array {
  const fitness = indicatorFitness(rowsOf(objectives, count, population), count);
  const parent = () => space.positions(known, population[tournament(fitness, random)]!);
  const theta = new Float64Array(n * space.dimension);
  for (let i = 0; i < n; i += 2) {
    twoChildren(parent(), parent(), settings, random)
      .slice(0, n - i)
      .forEach((child, c) => theta.set(space.parameters(child), (i + c) * space.dimension));
  }
  return theta;
}

/** Simulations that the pilot run has made already, as RoundSimulations takes them. */
function pilotRows(
  { theta, x, bad, badReasons }: PilotRecord,
  from: number,
  n: number,
  dimension: number,
  width: number,
): [Float64Array, Simulated] {
  const rows = (values: Float64Array, columns: number) =>
    values.subarray(from * columns, (from + n) * columns);
  return [rows(theta, dimension), { x: rows(x, width), bad: bad.subarray(from, from + n), badReasons }];
}

/** Evaluations from … from+n−1, which are the last that the round has got, are scored. */
function take(known: Evaluations, own: RoundSimulations, from: number, n: number, first: number): void {
  const { count, target } = known;
  const at = from - first;
  const width = target.observed.length;
  const dimension = own.theta.length / own.bad.length;
  const x = own.x.subarray(at * width, (at + n) * width);
  const objectives = objectivesOf(x, own.bad.subarray(at, at + n), target);
  known.theta.set(own.theta.subarray(at * dimension, (at + n) * dimension), from * dimension);
  known.objectives.set(objectives, from * count);
  known.sums.set(objectiveSums(objectives, count), from);
}

function withRoomFor(known: Evaluations, n: number, dimension: number): Evaluations {
  const grown = (values: Float64Array, width: number) => {
    const larger = new Float64Array(values.length + n * width);
    larger.set(values);
    return larger;
  };
  return {
    ...known,
    theta: grown(known.theta, dimension),
    objectives: grown(known.objectives, known.count),
    sums: grown(known.sums, 1),
  };
}

function smallest(values: Float64Array): number {
  return values.reduce((a, b) => Math.min(a, b), Infinity);
}
