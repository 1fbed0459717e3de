import { setImmediate as yieldToEvents } from 'node:timers/promises';
import type { Mixture } from '../density/mixture.ts';
import { TruncatedDensity } from '../density/truncated.ts';
import type { Prior } from '../model/prior.ts';
import type { RandomStream } from '../numeric/random.ts';

/** The prior restricted to where the previous estimate is highest: {θ : log q(θ) ≥ logThreshold}. */
export interface Region {
  logThreshold: number;
  /** log of the prior's mass inside */
  logMass: number;
}

/** Metropolis steps of every chain; two thirds are accepted, and a region is crossed in a few. */
const chainSteps = 80;
/** A step is up to this share of the difference of two draws: with .6, moves are bold and mostly accepted. */
const stepScale = 0.6;
/** Draws behind the prior's mass in the region: 1 % of it, as the density compared with covers the region well. */
const massDraws = 40_000;
const massTails = 5;
const samplingLimitMs = 20_000;
/** Chains between two looks at the event loop. */
const batch = 250;

/**
 * Draws from the prior restricted to the highest-density region of an estimate (after Deistler, Gonçalves and Macke, NeurIPS 2022,
 * who show that a prior cut to the region needs no weights inside it). As a proposal of SNPE it has importance weights that are
 * equal wherever it reaches, so that the effective sample size near the observation does not fall as rounds narrow.
 *
 * The region holds the mass 1 − ε of the estimate. Rejection from the prior would hang where its mass is tiny; here every draw is
 * the end of a Markov chain that starts at a draw of the estimate and moves by differences of other such draws (ter Braak 2006,
 * with a fixed archive), with the prior as its target.
 * @returns theta [n, D] and the region; null where nothing of the estimate lies inside the prior's support
 */
export async function drawTruncatedPrior(
  n: number,
  estimate: Mixture,
  prior: Prior,
  epsilon: number,
  random: RandomStream,
  signal?: AbortSignal,
): Promise<{ theta: Float64Array; region: Region } | null> {
  const { dimension } = prior;
  const options = { timeLimitMs: samplingLimitMs, ...(signal ? { signal } : {}) };
  const archive = (await new TruncatedDensity(estimate, prior).sampleMany(n, random, options)).samples;
  const found = archive.length / dimension;
  if (found < 2) return null;
  const logs = Float64Array.from({ length: found }, (_, i) => estimate.logDensity(archive, i * dimension));
  const logThreshold = logs.toSorted()[Math.floor(epsilon * found)]!;
  const inside = [...logs.keys()].filter((i) => logs[i]! >= logThreshold);
  const theta = new Float64Array(n * dimension);
  for (let i = 0; i < n; i++) {
    const start = inside[i % inside.length]! * dimension;
    theta.set(archive.subarray(start, start + dimension), i * dimension);
    walk(theta, i * dimension, archive, estimate, prior, logThreshold, random);
    if (i % batch === batch - 1) {
      signal?.throwIfAborted();
      await yieldToEvents();
    }
  }
  const logMass = Math.log(await priorMass(estimate, prior, logThreshold, random, options));
  return { theta, region: { logThreshold, logMass } };
}

/** One chain, in place at theta[offset …]. */
function walk(
  theta: Float64Array,
  offset: number,
  archive: Float64Array,
  estimate: Mixture,
  prior: Prior,
  logThreshold: number,
  random: RandomStream,
): void {
  const { dimension } = prior;
  const found = archive.length / dimension;
  const step = new Float64Array(dimension);
  let logPrior = prior.logDensity(theta, offset);
  for (let k = 0; k < chainSteps; k++) {
    const a = random.integer(found) * dimension;
    const b = random.integer(found) * dimension;
    const scale = stepScale * random.uniform();
    for (let d = 0; d < dimension; d++)
      step[d] = theta[offset + d]! + scale * (archive[a + d]! - archive[b + d]!);
    const proposed = prior.logDensity(step, 0);
    if (proposed === -Infinity || Math.log(1 - random.uniform()) > proposed - logPrior) continue;
    if (estimate.logDensity(step, 0) < logThreshold) continue;
    theta.set(step, offset);
    logPrior = proposed;
  }
}

/** P_prior(region) = E_q̃[p/q̃ · 1(region)], with the estimate under Student-t tails as q̃ (importance sampling). */
async function priorMass(
  estimate: Mixture,
  prior: Prior,
  logThreshold: number,
  random: RandomStream,
  options: { timeLimitMs: number; signal?: AbortSignal },
): Promise<number> {
  const wide = new TruncatedDensity(estimate.withStudentT(massTails), prior);
  const { samples } = await wide.sampleMany(massDraws, random, options);
  const count = samples.length / prior.dimension;
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const offset = i * prior.dimension;
    if (estimate.logDensity(samples, offset) < logThreshold) continue;
    sum += Math.exp(prior.logDensity(samples, offset) - wide.logDensity(samples, offset));
  }
  return Math.min(1, sum / count);
}
