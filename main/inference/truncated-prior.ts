import { setImmediate as yieldToEvents } from 'node:timers/promises';
import type { Density } from '../density/density.ts';
import { TruncatedDensity } from '../density/truncated.ts';
import { effectiveSampleSize } from '../diagnostics/effective-sample-size.ts';
import type { Prior } from '../model/prior.ts';
import type { RandomStream } from '../numeric/random.ts';
import { heavyTailed } from './widening.ts';

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
  /** Of the resampling weights; null where draws were rejected only. */
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
/** Candidates of the resampling, per draw wanted; never fewer than 20,000. */
const candidatesPerDraw = 4;
const candidatesAtLeast = 20_000;
const tails = 5;
/** Metropolis steps of every resampled draw; most are accepted, and a region is crossed in a few. */
const chainSteps = 50;
/** A step is up to this share of the difference of two draws: with .6, moves are bold and mostly accepted. */
const stepScale = 0.6;
const samplingLimitMs = 20_000;

/**
 * Draws from the prior restricted to the highest-density region of an estimate, mass 1 − ε (Deistler, Gonçalves and Macke,
 * NeurIPS 2022): inside it, simulations of all rounds weigh the same.
 *
 * First by rejection from the prior. Where the region's share of the prior is so small that this would not end, by importance
 * resampling: candidates from the estimate and a heavy-tailed normal of its moments, weights p/q̃ inside the region, and n of them
 * by systematic resampling. Since the weights of many parameters are uneven, every resampled draw then takes Metropolis steps
 * along differences of candidates (ter Braak 2006, with a fixed archive), which leave the restricted prior as it is and part the copies.
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
  const archive = (await new TruncatedDensity(estimate, prior).sampleMany(thresholdDraws, random, options))
    .samples;
  const found = archive.length / prior.dimension;
  if (found < 2) return null;
  const logThreshold = estimate.logDensities(archive).sort()[Math.floor(epsilon * found)]!;
  const keepInside = (theta: Float64Array) => {
    const kept = keep?.(theta);
    return estimate.logDensities(theta).map((q, i) => (q >= logThreshold ? (kept?.[i] ?? 1) : 0));
  };
  const rejected = await byRejection(n, keepInside, prior, random, signal);
  if (rejected !== null) {
    const region = { logThreshold, logMass: Math.log(rejected.acceptance) };
    return { ...rejected, region, method: 'rejection', ess: null };
  }
  const resampled = await byResampling(n, estimate, keepInside, prior, random, options);
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
  estimate: Density,
  keep: Keep,
  prior: Prior,
  random: RandomStream,
  options: { timeLimitMs: number; signal?: AbortSignal },
): Promise<Pick<TruncatedDraw, 'theta' | 'acceptance' | 'ess' | 'keptShare'> | null> {
  const { dimension } = prior;
  const wide = new TruncatedDensity(heavyTailed(estimate, tails, random), prior);
  const wanted = Math.max(candidatesAtLeast, candidatesPerDraw * n);
  const candidates = (await wide.sampleMany(wanted, random, options)).samples;
  const kept = keep(candidates);
  const logWide = wide.logDensities(candidates);
  const insideWeights = kept.map((probability, i) =>
    probability === 0 ? 0 : Math.exp(prior.logDensity(candidates, i * dimension) - logWide[i]!),
  );
  const insideTotal = insideWeights.reduce((sum, w) => sum + w, 0);
  if (!(insideTotal > 0)) return null;
  const weights = insideWeights.map((w, i) => w * kept[i]!);
  const total = weights.reduce((sum, w) => sum + w, 0);
  const theta = new Float64Array(n * dimension);
  const rows = systematic(weights, total, n, random);
  rows.forEach((row, i) =>
    theta.set(candidates.subarray(row * dimension, (row + 1) * dimension), i * dimension),
  );
  const state = { theta, kept: Float64Array.from(rows, (row) => kept[row]!) };
  const archive = rowsWhere(candidates, dimension, (i) => kept[i] !== 0);
  for (let step = 0; step < chainSteps; step++) {
    options.signal?.throwIfAborted();
    move(state, archive, keep, prior, random);
    await yieldToEvents();
  }
  return {
    theta,
    acceptance: Math.min(1, insideTotal / weights.length),
    ess: effectiveSampleSize(weights),
    keptShare: total / insideTotal,
  };
}

/** Indices of n rows drawn in proportion to their weights, by one uniform number (Kitagawa 1996). */
function systematic(weights: Float64Array, total: number, n: number, random: RandomStream): Uint32Array {
  const rows = new Uint32Array(n);
  const start = random.uniform();
  let row = 0;
  let reached = weights[0]!;
  for (let i = 0; i < n; i++) {
    const target = ((i + start) / n) * total;
    while (reached < target && row < weights.length - 1) reached += weights[++row]!;
    rows[i] = row;
  }
  return rows;
}

/** One Metropolis step of every row, in place; the target is the prior times the probability to stay. */
function move(
  { theta, kept }: { theta: Float64Array; kept: Float64Array },
  archive: Float64Array,
  keep: Keep,
  prior: Prior,
  random: RandomStream,
): void {
  const { dimension } = prior;
  const found = archive.length / dimension;
  const proposed = theta.slice();
  for (let offset = 0; offset < theta.length; offset += dimension) {
    const a = random.integer(found) * dimension;
    const b = random.integer(found) * dimension;
    const scale = stepScale * random.uniform();
    for (let d = 0; d < dimension; d++) proposed[offset + d]! += scale * (archive[a + d]! - archive[b + d]!);
  }
  const proposedKept = keep(proposed);
  for (let offset = 0, i = 0; offset < theta.length; offset += dimension, i++) {
    const ratio = prior.logDensity(proposed, offset) - prior.logDensity(theta, offset);
    const stays = Math.log(proposedKept[i]! / kept[i]!);
    if (!(Math.log(1 - random.uniform()) <= ratio + stays)) continue;
    theta.set(proposed.subarray(offset, offset + dimension), offset);
    kept[i] = proposedKept[i]!;
  }
}

function rowsWhere(matrix: Float64Array, width: number, wanted: (row: number) => boolean): Float64Array {
  const rows: number[] = [];
  for (let i = 0; i < matrix.length / width; i++) if (wanted(i)) rows.push(i);
  const chosen = new Float64Array(rows.length * width);
  rows.forEach((row, i) => chosen.set(matrix.subarray(row * width, (row + 1) * width), i * width));
  return chosen;
}
