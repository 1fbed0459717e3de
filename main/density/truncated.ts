import { setImmediate as yieldToEvents } from 'node:timers/promises';
import { AppError } from '../contract/errors.ts';
import { createRandom, type RandomStream } from '../numeric/random.ts';
import type { Mixture } from './mixture.ts';
import { findMode } from './mode.ts';

/** What a truncation needs of a prior: where its density is positive. */
export interface Support {
  readonly dimension: number;
  contains(theta: Float64Array, offset?: number): boolean;
}

export interface SampleOptions {
  /** Give up after this long with what was found, ms. */
  timeLimitMs: number;
  signal?: AbortSignal;
}

export interface TruncatedSamples {
  /** [found, D] row-major; found = n where complete */
  samples: Float64Array;
  /** Share of the draws that fell inside the support. */
  acceptance: number;
  /** false: the time was up before n were found. */
  complete: boolean;
}

/** Draws for the mass inside the support: standard error at most 0.35 % (of 1) where much is inside … */
const massDraws = 20_000;
/** … and more, until this many fell inside (relative error 5 %), … */
const massWanted = 400;
/** … but never more than this: about half a second for 12 parameters. */
const massDrawsAtMost = 400_000;
const massSeed = 0x6d617373;
const batch = 2048;

/**
 * A mixture restricted to a support: q(θ)·1[θ in support]/Z, Z the mixture's mass inside. Z is estimated once by Monte
 * Carlo with a fixed seed, so that the same mixture always has the same density.
 */
export class TruncatedDensity {
  readonly mixture: Mixture;
  readonly support: Support;
  #mass: { accepted: number; draws: number; best: Float64Array | null } | null = null;
  #mode: Float64Array | null = null;

  constructor(mixture: Mixture, support: Support) {
    if (mixture.dimension !== support.dimension) {
      throw new AppError(
        'internal',
        `A density of ${mixture.dimension} parameters cannot be restricted to a prior of ${support.dimension}.`,
        { remedy: 'Use the prior that the density was trained with.' },
      );
    }
    this.mixture = mixture;
    this.support = support;
  }

  /** Share of the mixture's mass inside the support, 0 … 1. */
  get acceptance(): number {
    const { accepted, draws } = this.#estimateMass();
    return accepted / draws;
  }

  /**
   * Normalised log density; −Infinity outside the support. Where not one of the draws fell inside, the mass is only
   * known to be small, and 1/draws stands for it.
   */
  logDensity(theta: Float64Array, offset = 0): number {
    if (!this.support.contains(theta, offset)) return -Infinity;
    const { accepted, draws } = this.#estimateMass();
    return this.mixture.logDensity(theta, offset) - Math.log(Math.max(accepted, 1) / draws);
  }

  /**
   * n draws by rejection, in batches that leave the event loop free. The same random stream gives the same draws
   * whenever the result is complete.
   * @throws AppError cancelled when the signal aborts
   */
  async sampleMany(n: number, random: RandomStream, options: SampleOptions): Promise<TruncatedSamples> {
    const { dimension } = this.mixture;
    const started = performance.now();
    const samples = new Float64Array(n * dimension);
    const draw = new Float64Array(dimension);
    let found = 0;
    let draws = 0;
    while (found < n) {
      if (options.signal?.aborted) {
        throw new AppError('cancelled', 'Sampling was cancelled.', { remedy: 'Start or resume it again.' });
      }
      if (draws > 0 && performance.now() - started > options.timeLimitMs) break;
      for (let i = 0; i < batch && found < n; i++) {
        this.mixture.sample(random, draw, 0);
        draws += 1;
        if (!this.support.contains(draw, 0)) continue;
        samples.set(draw, found * dimension);
        found += 1;
      }
      await yieldToEvents();
    }
    return {
      samples: found === n ? samples : samples.slice(0, found * dimension),
      acceptance: draws === 0 ? this.acceptance : found / draws,
      complete: found === n,
    };
  }

  /**
   * The most probable parameters inside the support (MAP), to about 1e-4 of a standard deviation. Searched from every
   * component's location and the best of the mass estimate's draws.
   * @throws AppError inference-failed where none of them lies inside
   */
  mode(): Float64Array {
    if (this.#mode !== null) return this.#mode.slice();
    const { best } = this.#estimateMass();
    const found = findMode(this.mixture, this.support, best === null ? [] : [best]);
    if (found === null) {
      throw new AppError('inference-failed', 'The estimate lies entirely outside the prior’s support.', {
        remedy: 'Widen the prior, or look whether the model can produce this recording at all.',
      });
    }
    this.#mode = found;
    return found.slice();
  }

  #estimateMass(): { accepted: number; draws: number; best: Float64Array | null } {
    if (this.#mass !== null) return this.#mass;
    const random = createRandom(massSeed);
    const draw = new Float64Array(this.mixture.dimension);
    let accepted = 0;
    let draws = 0;
    let best: Float64Array | null = null;
    let bestLogQ = -Infinity;
    while (draws < massDraws || (accepted < massWanted && draws < massDrawsAtMost)) {
      this.mixture.sample(random, draw, 0);
      draws += 1;
      if (!this.support.contains(draw, 0)) continue;
      accepted += 1;
      const logQ = this.mixture.logDensity(draw, 0);
      if (logQ <= bestLogQ) continue;
      bestLogQ = logQ;
      best = draw.slice();
    }
    this.#mass = { accepted, draws, best };
    return this.#mass;
  }
}
