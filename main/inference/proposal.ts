import type { FitConfig } from '../contract/config.ts';
import { Mixture, type MixtureJson } from '../density/mixture.ts';
import { TruncatedDensity } from '../density/truncated.ts';
import type { Prior } from '../model/prior.ts';
import { createRandom, type RandomStream } from '../numeric/random.ts';
import { logSumExp } from '../numeric/special.ts';
import { purpose } from './streams.ts';
import { drawTruncatedPrior, type Region } from './truncated-prior.ts';

/**
 * Where a round's parameters come from; what is stored with the round and rebuilt from it.
 * estimate = null: the prior itself (round 1).
 */
export interface Proposal {
  estimate: Mixture | null;
  /** Share of the draws that came from the prior; the weights use it. */
  priorFraction: number;
  /** The prior restricted to a region of the estimate's highest density; null = the defensive mixture with the estimate. */
  region: Region | null;
}

export interface ProposalDraw {
  /** [n, D] row-major, all inside the prior's support. */
  theta: Float64Array;
  proposal: Proposal;
}

/** How long rejection may look for the draws of one round before the prior gives the rest, ms. */
const samplingLimitMs = 20_000;

/**
 * Draws n parameter sets: from the prior restricted to the estimate's region (truncated-prior.ts) where the configuration says so,
 * else from the defensive proposal [Lueckmann et al. 2017, section 2.1; Hesterberg 1995]:
 *   p̃(θ) = (1 − f) q_ν(θ | x_o) 1[θ in support]/Z + f p(θ)
 * q_ν is the previous estimate with Student-t tails (ν degrees of freedom), Z its mass inside the prior's support.
 * No importance weight exceeds 1/f.
 * @param posterior the previous round's q(θ | x_o); null in round 1, which draws from the prior
 */
export async function drawProposal(
  n: number,
  posterior: Mixture | null,
  prior: Prior,
  config: Pick<FitConfig, 'algorithm' | 'proposal' | 'truncation'>,
  random: RandomStream,
  signal?: AbortSignal,
): Promise<ProposalDraw> {
  const dimension = prior.dimension;
  const settings = config.proposal;
  if (posterior !== null && config.algorithm === 'tsnpe') {
    const { epsilon } = config.truncation;
    const drawn = await drawTruncatedPrior(n, posterior, prior, epsilon, random, signal);
    if (drawn !== null) {
      const proposal = { estimate: posterior, priorFraction: 0, region: drawn.region };
      return { theta: drawn.theta, proposal };
    }
  }
  const theta = new Float64Array(n * dimension);
  const estimate = posterior && settings.studentT > 0 ? posterior.withStudentT(settings.studentT) : posterior;
  // Which draws are the prior's is decided first, so that the estimate's draws come from one call.
  const prioritised = Uint8Array.from({ length: n }, () =>
    estimate === null || random.uniform() < settings.priorFraction ? 1 : 0,
  );
  const wanted = n - prioritised.reduce((sum, flag) => sum + flag, 0);
  let drawn: Float64Array = new Float64Array(0);
  if (estimate !== null && wanted > 0) {
    const density = new TruncatedDensity(estimate, prior);
    const options = { timeLimitMs: samplingLimitMs, ...(signal ? { signal } : {}) };
    drawn = (await density.sampleMany(wanted, random, options)).samples;
  }
  const available = drawn.length / dimension;
  let used = 0;
  for (let i = 0; i < n; i++) {
    if (prioritised[i] === 0 && used < available) {
      theta.set(drawn.subarray(used * dimension, (used + 1) * dimension), i * dimension);
      used += 1;
    } else {
      prior.sample(random, theta, i * dimension);
    }
  }
  const priorFraction = estimate === null ? 1 : used < wanted ? 1 - used / n : settings.priorFraction;
  return { theta, proposal: { estimate, priorFraction, region: null } };
}

/** log p̃(θ) of a proposal, normalised over the prior's support; −Infinity outside. */
export function proposalLogDensity(
  proposal: Proposal,
  prior: Prior,
): (theta: Float64Array, offset: number) => number {
  const { estimate, priorFraction, region } = proposal;
  if (estimate === null) return (theta, offset) => prior.logDensity(theta, offset);
  if (region !== null) {
    return (theta, offset) =>
      estimate.logDensity(theta, offset) >= region.logThreshold
        ? prior.logDensity(theta, offset) - region.logMass
        : -Infinity;
  }
  const density = new TruncatedDensity(estimate, prior);
  return (theta, offset) => {
    const logPrior = prior.logDensity(theta, offset);
    if (logPrior === -Infinity) return -Infinity;
    return logSumExp(
      Float64Array.of(
        Math.log(priorFraction) + logPrior,
        Math.log1p(-priorFraction) + density.logDensity(theta, offset),
      ),
    );
  };
}

/**
 * The share of a later round's draws that came from the prior because the estimate could not give them in time, although the
 * settings asked for it; 0 where all went as set.
 */
export function priorInstead(
  proposal: Proposal,
  { algorithm, proposal: settings }: Pick<FitConfig, 'algorithm' | 'proposal'>,
): number {
  if (algorithm === 'tsnpe') return proposal.region === null ? proposal.priorFraction : 0;
  return proposal.priorFraction > settings.priorFraction
    ? proposal.priorFraction - settings.priorFraction
    : 0;
}

export function proposalToJson({ estimate, priorFraction, region }: Proposal): string {
  return JSON.stringify({ estimate: estimate?.toJSON() ?? null, priorFraction, region });
}

export function proposalFromJson(text: string): Proposal {
  const stored = JSON.parse(text) as Omit<Proposal, 'estimate'> & { estimate: MixtureJson | null };
  return { ...stored, estimate: stored.estimate === null ? null : Mixture.fromJSON(stored.estimate) };
}

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
  logProposal: (theta: Float64Array, offset: number) => number,
): Float64Array {
  const n = bad.length;
  const logs = new Float64Array(n).fill(-Infinity);
  let top = -Infinity;
  for (let i = 0; i < n; i++) {
    if (bad[i] !== 0) continue;
    const offset = i * prior.dimension;
    const value = prior.logDensity(theta, offset) - logProposal(theta, offset);
    logs[i] = value;
    if (value > top) top = value;
  }
  const weights = logs.map((value) => (value === -Infinity ? 0 : Math.exp(value - top)));
  return normaliseWeights(weights, bad);
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
