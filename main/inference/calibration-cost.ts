import type { CalibrationCost } from '../contract/calibration.ts';
import { localC2st, localC2stShuffles } from '../diagnostics/local-c2st.ts';
import { duration, number } from '../diagnostics/words.ts';
import { createRandom } from '../numeric/random.ts';
import { openStudy, type CalibrationStudy, type Prepare } from './calibration-study.ts';
import type { FitStore } from './fit-store.ts';
import { purpose } from './streams.ts';
import { truthRanks } from './truth-ranks.ts';

/**
 * What a calibration will take, from the run's own speed: its simulations per second, and one comparison and one classifier tried
 * out here; or, where every simulation is fitted anew, the run's whole duration each time.
 * @throws AppError as openStudy
 */
export async function calibrationCost(
  store: FitStore,
  id: string,
  simulations: number,
  prepare?: Prepare,
): Promise<CalibrationCost> {
  const study = await openStudy(store, id, prepare);
  const { method } = study;
  const simulating = simulations * secondsPerSimulation(study);
  const seconds =
    method === 'network'
      ? simulating + simulations * secondsToCompare(study) + (await secondsToClassify(study, simulations))
      : simulating + simulations * study.result.summary.seconds;
  const from = `Simulates ${number(simulations)} parameter sets from the prior`;
  const about = seconds < 1 ? '' : 'about ';
  const words =
    method === 'network'
      ? `${from} and asks the trained network about each: ${about}${duration(seconds)}.`
      : `${from} and fits each anew, as the network of this run is right near its own observation only: ${about}${duration(seconds)}.`;
  return { id, method, simulations, seconds, words };
}

function secondsPerSimulation({ rounds }: CalibrationStudy): number {
  const simulated = rounds.reduce((sum, { report }) => sum + report.simulations, 0);
  return rounds.reduce((sum, { report }) => sum + report.seconds.simulate, 0) / Math.max(1, simulated);
}

/** One comparison, at the observation itself. */
function secondsToCompare({ problem, estimateAt, inside, nearestPilot }: CalibrationStudy): number {
  const { observed, coordinates, prepared } = problem;
  const startMs = performance.now();
  const reference = { reference: nearestPilot(observed), scale: coordinates.prior.sd };
  const random = createRandom(prepared.config.seed, purpose.calibrationDraws);
  truthRanks(coordinates.prior.mean, estimateAt(observed), inside, reference, random);
  return (performance.now() - startMs) / 1000;
}

/** Rows of the classifier that is tried out; the rest is in proportion. */
const triedRows = 200;

/** Two classifiers of random numbers, for the hundred of the local test. */
async function secondsToClassify({ problem }: CalibrationStudy, simulations: number): Promise<number> {
  const { dimension } = problem.coordinates;
  const features = problem.observed.length;
  const random = createRandom(1);
  const noise = (n: number) => Float64Array.from({ length: n }, () => random.normal());
  const startMs = performance.now();
  await localC2st(
    {
      ...{
        dimension,
        features,
        truth: noise(triedRows * dimension),
        estimated: noise(triedRows * dimension),
      },
      ...{ x: noise(triedRows * features), observed: noise(features), draws: noise(dimension) },
    },
    { seed: 1, shuffles: 1 },
  );
  const each = (performance.now() - startMs) / 1000 / 2;
  return (localC2stShuffles + 1) * each * (simulations / triedRows);
}
