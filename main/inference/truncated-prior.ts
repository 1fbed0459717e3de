import { setImmediate as yieldToEvents } from 'node:timers/promises';
import type { Density } from '../density/density.ts';
import { TruncatedDensity } from '../density/truncated.ts';
import type { Prior } from '../model/prior.ts';
import type { RandomStream } from '../numeric/random.ts';
import { annealedResampling } from './annealed-resampling.ts';

/** The prior restricted to where an estimate is highest: {u : log q(u) ≥ logThreshold}, in working coordinates. */
export interface Region {
  logThreshold: number;
  /** log of the prior's mass inside */
  logMass: number;
}

export interface TruncatedDraw {
  /** [n, D] */
  theta: Float64Array;
  region: Region;
  method: 'rejection' | 'resampling';
  /** The prior's mass inside: what rejection accepts. */
  acceptance: number;
  /** Smallest of the resampling weights; null where draws were rejected only. */
  ess: number | null;
  /** Share of the restricted prior that thinning keeps; 1 without. */
  keptShare: number;
}

/** Draws of the estimate behind the threshold: with ε = 1e-4 the third lowest of them. */
const thresholdDraws = 20_000;
/** Draws of the prior that rejection may try: seconds at most, whatever the region's mass. */
const triesAtMost = 200_000;
/** Tried first; where they promise that n need more than triesAtMost, resampling takes over. */
const firstTries = 10_000;
const samplingLimitMs = 20_000;

/**
 * Draws from the prior restricted to the highest-density region of an estimate, mass 1 − ε (Deistler, Gonçalves and Macke,
 * NeurIPS 2022): inside it, simulations of all rounds weigh the same.
 *
 * First by rejection from the prior. Where the region's share of the prior is so small that this would not end, by importance
 * resampling from draws of the estimate, annealed, because with many parameters nearly all of the region lies where the estimate hardly ever
 * draws: the weights of one resampling would leave a handful of draws.
 * @param keep [n] probabilities, above 0, by which draws inside the region are thinned; null = all stay
 * @returns null where nothing of the estimate lies inside the prior's support
 */
export async function drawTruncatedPrior(
  n: number,
  estimate: Density,
  prior: Prior,
  epsilon: number,
  keep: Keep | null,
  random: RandomStream,
  signal?: AbortSignal,
): Promise<TruncatedDraw | null> {
  const options = { timeLimitMs: samplingLimitMs, ...(signal ? { signal } : {}) };
  const drawn = await new TruncatedDensity(estimate, prior).sampleMany(thresholdDraws, random, options);
  const found = drawn.samples.length / prior.dimension;
  if (found < 2) return null;
  const logThreshold = estimate.logDensities(drawn.samples).sort()[Math.floor(epsilon * found)]!;
  const look = (theta: Float64Array) => {
    const kept = keep?.(theta);
    const logQ = estimate.logDensities(theta);
    return { logQ, kept: logQ.map((q, i) => (q >= logThreshold ? (kept?.[i] ?? 1) : 0)) };
  };
  const rejected = await byRejection(n, (theta) => look(theta).kept, prior, random, signal);
  if (rejected !== null) {
    const region = { logThreshold, logMass: Math.log(rejected.acceptance) };
    return { ...rejected, region, method: 'rejection', ess: null };
  }
  const archive = { samples: drawn.samples, logMass: Math.log(drawn.acceptance * (1 - epsilon)) };
  const resampled = await byResampling(n, look, prior, archive, random, signal);
  if (resampled === null) return null;
  const region = { logThreshold, logMass: Math.log(resampled.acceptance) };
  return { ...resampled, region, method: 'resampling' };
}

/** Of each row of theta [n, D]: the probability that it stays, 0 outside the region. */
type Keep = (theta: Float64Array) => Float64Array;

async function byRejection(
  n: number,
  keep: Keep,
  prior: Prior,
  random: RandomStream,
  signal: AbortSignal | undefined,
): Promise<Pick<TruncatedDraw, 'theta' | 'acceptance' | 'keptShare'> | null> {
  const { dimension } = prior;
  const theta = new Float64Array(n * dimension);
  const batch = new Float64Array(firstTries * dimension);
  let accepted = 0;
  let inside = 0;
  let mass = 0;
  let tries = 0;
  while (accepted < n) {
    signal?.throwIfAborted();
    for (let i = 0; i < firstTries; i++) prior.sample(random, batch, i * dimension);
    const kept = keep(batch);
    tries += firstTries;
    for (let i = 0; i < firstTries; i++) {
      const probability = kept[i]!;
      if (probability === 0) continue;
      inside += 1;
      mass += probability;
      if (probability < 1 && random.uniform() >= probability) continue;
      if (accepted < n) theta.set(batch.subarray(i * dimension, (i + 1) * dimension), accepted * dimension);
      accepted += 1;
    }
    if (accepted < n && (accepted / tries) * triesAtMost < n) return null;
    await yieldToEvents();
  }
  return { theta, acceptance: inside / tries, keptShare: mass / inside };
}

async function byResampling(
  n: number,
  look: (theta: Float64Array) => { logQ: Float64Array; kept: Float64Array },
  prior: Prior,
  archive: { samples: Float64Array; logMass: number },
  random: RandomStream,
  signal: AbortSignal | undefined,
): Promise<Pick<TruncatedDraw, 'theta' | 'acceptance' | 'ess' | 'keptShare'> | null> {
  const { dimension } = prior;
  const start = startInside(n, archive.samples, dimension, look(archive.samples).kept);
  if (start === null) return null;
  const evaluate = (theta: Float64Array) => {
    const { logQ, kept } = look(theta);
    const logTo = kept.map((share, i) =>
      share > 0 ? Math.log(share) + prior.logDensity(theta, i * dimension) : -Infinity,
    );
    return { logFrom: logQ, logTo };
  };
  const { theta, logMass, ess } = await annealedResampling(start, dimension, evaluate, random, signal);
  // The draws follow p·keep: the mean of 1/keep over them is the mass without thinning over that with it.
  const { kept } = look(theta);
  const keptShare = n / kept.reduce((sum, probability) => sum + 1 / probability, 0);
  return { theta, acceptance: Math.min(1, Math.exp(archive.logMass + logMass) / keptShare), ess, keptShare };
}

/** n rows of the draws that lie inside the region, again from the first where there are fewer. */
function startInside(
  n: number,
  draws: Float64Array,
  dimension: number,
  kept: Float64Array,
): Float64Array | null {
  const rows = [...kept.keys()].filter((i) => kept[i]! > 0);
  if (rows.length === 0) return null;
  const start = new Float64Array(n * dimension);
  for (let i = 0; i < n; i++) {
    const row = rows[i % rows.length]!;
    start.set(draws.subarray(row * dimension, (row + 1) * dimension), i * dimension);
  }
  return start;
}
