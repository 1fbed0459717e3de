import { AppError } from '../contract/errors.ts';
import type { Calibration } from '../contract/calibration.ts';
import type { FitConfig } from '../contract/config.ts';
import type { Density } from '../density/density.ts';
import { createRandom } from '../numeric/random.ts';
import { estimatorFromBytes } from '../train/stacked-estimator.ts';
import { observationDistances } from './calibration.ts';
import type { FitStore, PilotRecord, ResultRecord, RoundRecord } from './fit-store.ts';
import { metropolis, someRows } from './metropolis.ts';
import { prepareProblem, type Problem } from './problem.ts';
import { drawPrior, proposalFromJson } from './proposal.ts';
import { featureScales, scaleFeatures } from './standardisation.ts';
import { purpose } from './streams.ts';
import { comparison } from './comparison.ts';
import { hideFeatures, unmeasuredFeatures } from './unmeasured.ts';

/** A finished run, and what its calibration may be asked with. */
export interface CalibrationStudy {
  id: string;
  method: Calibration['method'];
  problem: Problem;
  rounds: RoundRecord[];
  result: ResultRecord;
  /** n parameter sets from the prior that the run's network was trained for, [n, D] in working coordinates. */
  drawTruths(n: number): Float64Array;
  /** Flags of rows in working coordinates: where that prior reaches. */
  inside(theta: Float64Array): Uint8Array;
  /** q(θ | x) of the trained network, x [F] in the features' own units. */
  estimateAt(x: Float64Array): Density;
  /** What is compared of x [n, F], in the pilot run's units; [n, C], NaN = missing. */
  scale(x: Float64Array): Float64Array;
  /** Parameters, in working coordinates, of the pilot simulation whose features are nearest to x [F]. */
  nearestPilot(x: Float64Array): Float64Array;
}

/** From a draw of the last round to a new one. */
const chainSteps = 50;

export type Prepare = (config: FitConfig, signal?: AbortSignal) => Promise<Problem>;

/**
 * network: the last round was trained on draws of the prior, or of the prior cut to a region, without a kernel around the
 * observation, so that the network is right for every simulation from there. refit: it is right near its own observation only.
 * @throws AppError usage where the run is not finished or has no posterior, input-invalid where its model has changed since
 */
export async function openStudy(
  store: FitStore,
  id: string,
  prepare: Prepare = prepareProblem,
  signal?: AbortSignal,
): Promise<CalibrationStudy> {
  const prepared = store.prepared(id);
  const result = store.result(id);
  const pilot = store.pilot(id);
  const rounds = store.rounds(id);
  const last = rounds.at(-1);
  if (!prepared || !result || !pilot || !last) {
    throw new AppError('usage', `Run ${id} is not finished; only a finished run can be calibrated.`, {
      remedy: `Continue it with “chronaxie runs resume ${id}”.`,
    });
  }
  if (prepared.config.algorithm === 'ibea') {
    throw new AppError(
      'usage',
      `Run ${id} is a search for points (ibea): there is no posterior to calibrate.`,
      {
        remedy: 'Fit the same data with tsnpe, npe or snpe.',
      },
    );
  }
  const problem = await prepare(prepared.config, signal);
  if (problem.prepared.modelSha256 !== prepared.modelSha256) {
    throw new AppError('input-invalid', `The model ${prepared.model} has changed since this run.`, {
      remedy: 'Put the original back, or start a new run with the changed one.',
    });
  }
  problem.prepared = prepared;
  const { coordinates, observed } = problem;
  const { prior, dimension } = coordinates;
  const { region, estimate: cutBy } = proposalFromJson(last.proposal);
  const amortised = cutBy === null || region !== null;
  const method = amortised && prepared.config.calibration.kernel === 'none' ? 'network' : 'refit';
  const cut = method === 'network' && region !== null && cutBy !== null ? { region, estimate: cutBy } : null;

  const unmeasured = unmeasuredFeatures(observed, pilot.x, pilot.bad);
  const hide = (x: Float64Array) => hideFeatures(x, observed.length, unmeasured);
  const compared = comparison(prepared);
  const pilotX = compared.of(pilot.x);
  const { standardisation } = prepared.config;
  const scales = featureScales(pilotX, pilot.bad, compared.observed.length, standardisation);
  const scale = (x: Float64Array) => scaleFeatures(compared.of(hide(x)), scales);
  const inside = (theta: Float64Array) => {
    const logQ = cut?.estimate.logDensities(theta);
    return Uint8Array.from({ length: theta.length / dimension }, (_, i) =>
      prior.contains(theta, i * dimension) && (logQ?.[i] ?? 0) >= (cut?.region.logThreshold ?? -Infinity)
        ? 1
        : 0,
    );
  };
  /** ln of the prior cut to where the network was trained for it, up to a constant. */
  const logPrior = (theta: Float64Array) =>
    Float64Array.from(inside(theta), (flag, i) =>
      flag === 0 ? -Infinity : prior.logDensity(theta, i * dimension),
    );
  const estimator = estimatorFromBytes(last.estimator);
  return {
    ...{ id, method, problem, rounds, result, inside, scale },
    drawTruths(n) {
      const random = createRandom(prepared.config.seed, purpose.calibration);
      if (cut === null) return drawPrior(n, prior, random);
      const known = coordinates.toWorking(last.theta);
      const start = someRows(n, known, dimension, random);
      return metropolis(start, known, dimension, logPrior, random, { steps: chainSteps });
    },
    estimateAt: (x) => estimator.condition(hide(x)),
    nearestPilot: nearestOf(pilot, scale, coordinates.toWorking(pilot.theta), dimension),
  };
}

function nearestOf(
  { x, bad }: PilotRecord,
  scale: CalibrationStudy['scale'],
  theta: Float64Array,
  dimension: number,
): CalibrationStudy['nearestPilot'] {
  const scaled = scale(x);
  const good = [...bad.keys()].filter((i) => bad[i] === 0);
  return (features) => {
    const distances = observationDistances(scaled, scale(features));
    const row = good.reduce((best, i) => (distances[i]! < distances[best]! ? i : best), good[0]!);
    return theta.subarray(row * dimension, (row + 1) * dimension);
  };
}
