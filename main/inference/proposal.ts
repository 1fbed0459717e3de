import type { FitConfig } from '../contract/config.ts';
import type { Density } from '../density/density.ts';
import { TruncatedDensity } from '../density/truncated.ts';
import type { Prior } from '../model/prior.ts';
import { createRandom, type RandomStream } from '../numeric/random.ts';
import { logSumExp } from '../numeric/special.ts';
import { densityFromJson } from '../train/density-json.ts';
import type { BadClassifier } from './bad-classifier.ts';
import { purpose } from './streams.ts';
import {
  keepProbabilities,
  thin,
  thinnedLogRatios,
  thinningFromJson,
  thinningToJson,
  type Thinning,
  type ThinningJson,
} from './thinning.ts';
import { drawTruncatedPrior, type Region, type TruncatedDraw } from './truncated-prior.ts';
import { heavyTailed } from './widening.ts';

/**
 * Where a round's parameters come from, in working coordinates; stored with the round and rebuilt from it.
 * estimate = null: the prior itself (round 1).
 */
export interface Proposal {
  estimate: Density | null;
  /** Share of the draws that came from the prior; the weights use it. */
  priorFraction: number;
  /** The prior restricted to a region of the estimate's highest density; null = the defensive mixture with the estimate. */
  region: Region | null;
  /** By how likely simulations are to be bad; null = not at all. */
  thinning: Thinning | null;
}

export interface ProposalDraw {
  /** [n, D] row-major, working coordinates, all inside the prior's support. */
  theta: Float64Array;
  proposal: Proposal;
  /** How the truncated prior was sampled; null where it was not. */
  truncation: Pick<TruncatedDraw, 'method' | 'acceptance' | 'ess'> | null;
  /** Share of the draws that the prior gave although the settings asked for the estimate's. */
  priorInstead: number;
  /** Draws that were not simulated because they would probably be bad. */
  turnedAway: number;
}

/** How long rejection may look for the draws of one round before the prior gives the rest, ms. */
const samplingLimitMs = 20_000;

/** The prior as a proposal: round 1. */
export const priorProposal: Proposal = { estimate: null, priorFraction: 1, region: null, thinning: null };

export function drawPrior(n: number, prior: Prior, random: RandomStream): Float64Array {
  const theta = new Float64Array(n * prior.dimension);
  for (let i = 0; i < n; i++) prior.sample(random, theta, i * prior.dimension);
  return theta;
}

/**
 * Draws n parameter sets from the prior restricted to the estimate's region; from the whole prior where there is none.
 * @param classifier of bad simulations, which thins the draws; null = none
 */
export async function drawTruncated(
  n: number,
  posterior: Density,
  prior: Prior,
  { epsilon }: FitConfig['truncation'],
  classifier: BadClassifier | null,
  random: RandomStream,
  signal?: AbortSignal,
): Promise<ProposalDraw> {
  const keep = classifier === null ? null : (u: Float64Array) => keepProbabilities(classifier, u);
  const drawn = await drawTruncatedPrior(n, posterior, prior, epsilon, keep, random, signal);
  if (drawn === null) {
    const theta = drawPrior(n, prior, random);
    return { theta, proposal: priorProposal, truncation: null, priorInstead: 1, turnedAway: 0 };
  }
  const { theta, region, method, acceptance, ess, keptShare } = drawn;
  const thinning = classifier === null ? null : { classifier, logMass: Math.log(keptShare) };
  const proposal = { estimate: posterior, priorFraction: 0, region, thinning };
  // Resampling turns nothing away one by one: what rejection would have done on average.
  const turnedAway = Math.round(n / keptShare - n);
  return { theta, proposal, truncation: { method, acceptance, ess }, priorInstead: 0, turnedAway };
}

/**
 * Draws n parameter sets from the defensive proposal [Lueckmann et al. 2017, section 2.1; Hesterberg 1995]:
 *   p̃(θ) = (1 − f) q_ν(θ | x_o) 1[θ in support]/Z + f p(θ)
 * q_ν is the previous estimate with Student-t tails (ν degrees of freedom), Z its mass inside the prior's support.
 * No importance weight exceeds 1/f, nor 20/f where it is thinned.
 * @param posterior the previous round's q(θ | x_o)
 * @param classifier of bad simulations, which thins the draws; null = none
 */
export async function drawDefensive(
  n: number,
  posterior: Density,
  prior: Prior,
  settings: FitConfig['proposal'],
  classifier: BadClassifier | null,
  random: RandomStream,
  signal?: AbortSignal,
): Promise<ProposalDraw> {
  const { dimension } = prior;
  const estimate = settings.studentT > 0 ? heavyTailed(posterior, settings.studentT, random) : posterior;
  const density = new TruncatedDensity(estimate, prior);
  const counts = { drawn: 0, fromPrior: 0, priorInstead: 0 };
  const drawMore = async (count: number) => {
    const draws = await drawMixed(count, density, prior, settings.priorFraction, random, signal);
    counts.drawn += count;
    counts.fromPrior += draws.fromPrior;
    counts.priorInstead += draws.priorInstead;
    return draws.theta;
  };
  const { theta, thinning, turnedAway } =
    classifier === null
      ? { theta: await drawMore(n), thinning: null, turnedAway: 0 }
      : await thin(drawMore, classifier, n, dimension, random);
  const priorInstead = counts.priorInstead / counts.drawn;
  const priorFraction = priorInstead > 0 ? counts.fromPrior / counts.drawn : settings.priorFraction;
  const proposal = { estimate, priorFraction, region: null, thinning };
  return { theta, proposal, truncation: null, priorInstead, turnedAway };
}

/** n draws of the defensive mixture; the prior gives those that the estimate did not give in time. */
async function drawMixed(
  n: number,
  density: TruncatedDensity,
  prior: Prior,
  priorFraction: number,
  random: RandomStream,
  signal: AbortSignal | undefined,
): Promise<{ theta: Float64Array; fromPrior: number; priorInstead: number }> {
  const { dimension } = prior;
  // Which draws are the prior's is decided first, so that the estimate's draws come from one call.
  const fromPrior = Uint8Array.from({ length: n }, () => Number(random.uniform() < priorFraction));
  const wanted = n - fromPrior.reduce((sum, flag) => sum + flag, 0);
  const options = { timeLimitMs: samplingLimitMs, ...(signal ? { signal } : {}) };
  const drawn =
    wanted > 0 ? (await density.sampleMany(wanted, random, options)).samples : new Float64Array(0);
  const theta = drawPrior(n, prior, random);
  const available = drawn.length / dimension;
  let used = 0;
  for (let i = 0; i < n && used < available; i++) {
    if (fromPrior[i] !== 0) continue;
    theta.set(drawn.subarray(used * dimension, (used + 1) * dimension), i * dimension);
    used += 1;
  }
  return { theta, fromPrior: n - used, priorInstead: wanted - used };
}

/** log p̃ of a proposal at the rows of theta [n, D], normalised over the prior's support; −Infinity outside. */
export function proposalLogDensities(proposal: Proposal, prior: Prior, theta: Float64Array): Float64Array {
  const { thinning } = proposal;
  const unthinned = unthinnedLogDensities(proposal, prior, theta);
  if (thinning === null) return unthinned;
  const ratios = thinnedLogRatios(thinning, theta);
  return unthinned.map((value, i) => value + ratios[i]!);
}

function unthinnedLogDensities(
  { estimate, priorFraction, region }: Proposal,
  prior: Prior,
  theta: Float64Array,
): Float64Array {
  const logPrior = Float64Array.from({ length: theta.length / prior.dimension }, (_, i) =>
    prior.logDensity(theta, i * prior.dimension),
  );
  if (estimate === null) return logPrior;
  if (region !== null) {
    const logQ = estimate.logDensities(theta);
    return logPrior.map((value, i) => (logQ[i]! >= region.logThreshold ? value - region.logMass : -Infinity));
  }
  const logQ = new TruncatedDensity(estimate, prior).logDensities(theta);
  const [own, rest] = [Math.log(priorFraction), Math.log1p(-priorFraction)];
  return logPrior.map((value, i) =>
    value === -Infinity ? value : logSumExp(Float64Array.of(own + value, rest + logQ[i]!)),
  );
}

export function proposalToJson({ estimate, priorFraction, region, thinning }: Proposal): string {
  return JSON.stringify({
    estimate: estimate?.toJSON() ?? null,
    priorFraction,
    region,
    thinning: thinning === null ? null : thinningToJson(thinning),
  });
}

export function proposalFromJson(text: string | null): Proposal {
  if (text === null) return priorProposal;
  const stored = JSON.parse(text) as StoredProposal;
  return {
    ...stored,
    estimate: stored.estimate === null ? null : densityFromJson(stored.estimate),
    thinning: stored.thinning ? thinningFromJson(stored.thinning) : null,
  };
}

type StoredProposal = Pick<Proposal, 'priorFraction' | 'region'> & {
  estimate: unknown;
  /** Absent in rounds of earlier versions. */
  thinning?: ThinningJson | null;
};

/** The stream that draws round r's parameters. */
export function proposalRandom(seed: number, round: number): RandomStream {
  return createRandom(seed, purpose.proposal, round);
}

/**
 * Importance weights w_n = p(θ_n)/p̃(θ_n) of the good simulations, 0 for the bad ones, scaled to mean 1 over the good.
 * @param logProposal log p̃(θ_n), [n]
 */
export function importanceWeights(
  theta: Float64Array,
  bad: Uint8Array,
  prior: Prior,
  logProposal: Float64Array,
): Float64Array {
  const logs = logProposal.map((value, i) =>
    bad[i] === 0 ? prior.logDensity(theta, i * prior.dimension) - value : -Infinity,
  );
  const top = logs.reduce((largest, value) => Math.max(largest, value), -Infinity);
  return normaliseWeights(
    logs.map((value) => (value === -Infinity ? 0 : Math.exp(value - top))),
    bad,
  );
}

/** Scales weights to mean 1 over the good simulations. */
export function normaliseWeights(weights: Float64Array, bad: Uint8Array): Float64Array {
  let good = 0;
  let sum = 0;
  for (let i = 0; i < bad.length; i++) {
    if (bad[i] !== 0) continue;
    good += 1;
    sum += weights[i]!;
  }
  return sum > 0 ? weights.map((w) => (w * good) / sum) : weights;
}
