import { TruncatedDensity } from '../density/truncated.ts';
import { jointCheck } from '../diagnostics/joint-check.ts';
import { priorNearerDoubtful } from '../diagnostics/verdict.ts';
import { createRandom } from '../numeric/random.ts';
import type { TrainedResult } from '../train/trainer.ts';
import type { RoundRecord } from './fit-store.ts';
import { pilotFeatures } from './comparison.ts';
import type { RoundContext } from './round.ts';
import { blurFeatures } from './standardisation.ts';
import { purpose, simulationStream } from './streams.ts';
import { comparison } from './comparison.ts';
import { readsTrace } from './trace-reading.ts';
import { isEarly, trainRound, unitsOf, type Chosen } from './train-round.ts';

/** Of a feature's standard deviation among the simulations that are trained on: the smallest tried that leads nearly all draws to the recording (docs/decisions/0009). */
const usualBlur = 0.1;
/** Simulations at an estimate that say whether it leads to the recording; the verdict takes as many by default. */
const trials = 200;
const samplingLimitMs = 20_000;

/**
 * Trains a round; the last one of tsnpe again with blurred features where the estimate does not lead to the recording.
 *
 * A recording lies beside what a model can make, if only by a little. Where simulations have little noise, their features lie on a thin sheet, and
 * what a network answers beside it was never trained: its estimate at the recording can be sharp and its simulations nothing like it.
 * Noise on the simulations' features stands for the discrepancy (Wilkinson 2013; Ward et al. 2022): the estimate is then of the
 * parameters whose simulations come within it, so wider, and it answers for the recording too (docs/decisions/0009).
 */
export async function trainTowardsRecording(
  context: RoundContext,
  chosen: Chosen,
  earlier: readonly RoundRecord[],
  notices: string[],
): Promise<TrainedResult> {
  const { config } = context.problem.prepared;
  const blurredBy = (sd: number) => ({ ...chosen, x: blurred(context, chosen, sd, earlier.length + 1) });
  const { featureNoise } = config.training;
  const trained = await trainRound(context, featureNoise ? blurredBy(featureNoise) : chosen, earlier);
  const isFree = featureNoise === null && config.algorithm === 'tsnpe' && !readsTrace(config);
  if (!isFree || isEarly(config, earlier.length + 1) || (await leadsToRecording(context, trained)))
    return trained;
  const blurrier = await trainRound(context, blurredBy(usualBlur), earlier);
  if (!(await leadsToRecording(context, blurrier))) return trained;
  notices.push(
    `Simulations at the estimate did not resemble the recording, so it was trained again with noise of ${usualBlur} standard deviations on every simulated feature. Now they do. The recording differs a little from all that the model makes; the intervals are wider for it.`,
  );
  return blurrier;
}

function blurred(context: RoundContext, chosen: Chosen, sd: number, round: number): Float64Array {
  const random = createRandom(context.problem.prepared.config.seed, purpose.featureNoise, round);
  return blurFeatures(chosen.x, unitsOf(context, chosen), sd, random);
}

/** Whether simulations at an estimate come nearer to the recording than most from the prior, as the verdict asks at the end. */
async function leadsToRecording(
  { problem, pool, pilot, signal }: RoundContext,
  { estimator }: TrainedResult,
): Promise<boolean> {
  const { prepared, coordinates, observed } = problem;
  const { seed } = prepared.config;
  const abort = signal ? { signal } : {};
  const density = new TruncatedDensity(estimator.condition(observed), coordinates.prior);
  const random = createRandom(seed, purpose.trial);
  const { samples } = await density.sampleMany(trials, random, { timeLimitMs: samplingLimitMs, ...abort });
  const n = samples.length / coordinates.dimension;
  if (n === 0) return false;
  const simulated = await pool.simulate(
    { theta: coordinates.fromWorking(samples), n, seed, stream: simulationStream.trial, firstIndex: 0 },
    abort,
  );
  const compared = comparison(prepared);
  const atEstimate = { x: compared.of(simulated.x), bad: simulated.bad };
  const nearer = jointCheck(compared.observed, pilotFeatures(problem, pilot), atEstimate);
  return nearer === null || nearer <= priorNearerDoubtful;
}
