import { setImmediate as yieldToEvents } from 'node:timers/promises';
import { AppError } from '../contract/errors.ts';
import { createRandom, type RandomStream } from '../numeric/random.ts';
import type { Density } from './density.ts';
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
const batch = 2000;
/** Draws inside the support that the search for the mode knows: its scales are then within 2 %. */
const modeDraws = 2000;

interface Mass {
  accepted: number;
  draws: number;
  /** [n, D] the first draws inside the support */
  inside: Float64Array;
}

/**
 * A density restricted to a support: q(θ)·1[θ in support]/Z, Z its mass inside. Z is estimated once by Monte Carlo with a
 * fixed seed, so that the same density restricted again is the same.
 */
export class TruncatedDensity<T extends Density = Density> {
  readonly density: T;
  readonly support: Support;
  #mass: Mass | null = null;
  #mode: Float64Array | null = null;

  constructor(density: T, support: Support) {
    if (density.dimension !== support.dimension) {
      throw new AppError(
        'internal',
        `A density of ${density.dimension} parameters cannot be restricted to a prior of ${support.dimension}.`,
        { remedy: 'Use the prior that the density was trained with.' },
      );
    }
    this.density = density;
    this.support = support;
  }

  /** Share of the density's mass inside the support, 0 … 1. */
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
    return this.density.logDensity(theta, offset) - Math.log(Math.max(accepted, 1) / draws);
  }

  /** logDensity of every row of theta [n, D]. */
  logDensities(theta: Float64Array): Float64Array {
    const { accepted, draws } = this.#estimateMass();
    const logMass = Math.log(Math.max(accepted, 1) / draws);
    return this.density
      .logDensities(theta)
      .map((logQ, i) =>
        this.support.contains(theta, i * this.density.dimension) ? logQ - logMass : -Infinity,
      );
  }

  /**
   * n draws by rejection, in batches that leave the event loop free. The same random stream gives the same draws
   * whenever the result is complete.
   * @throws AppError cancelled when the signal aborts
   */
  async sampleMany(n: number, random: RandomStream, options: SampleOptions): Promise<TruncatedSamples> {
    const { dimension } = this.density;
    const started = performance.now();
    const samples = new Float64Array(n * dimension);
    let found = 0;
    let draws = 0;
    while (found < n) {
      if (options.signal?.aborted) {
        throw new AppError('cancelled', 'Sampling was cancelled.', { remedy: 'Start or resume it again.' });
      }
      if (draws > 0 && performance.now() - started > options.timeLimitMs) break;
      const drawn = this.density.draw(batch, random);
      for (let row = 0; row < batch && found < n; row++) {
        draws += 1;
        if (!this.support.contains(drawn, row * dimension)) continue;
        samples.set(drawn.subarray(row * dimension, (row + 1) * dimension), found * dimension);
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
   * The most probable parameters inside the support (MAP), to about 1e-4 of a standard deviation; see findMode.
   * @throws AppError inference-failed where no draw and no component's location lies inside
   */
  mode(): Float64Array {
    if (this.#mode !== null) return this.#mode.slice();
    const found = findMode(this.density, this.support, this.#estimateMass().inside);
    if (found === null) {
      throw new AppError('inference-failed', 'The estimate lies entirely outside the prior’s support.', {
        remedy: 'Widen the prior, or look whether the model can produce this recording at all.',
      });
    }
    this.#mode = found;
    return found.slice();
  }

  #estimateMass(): Mass {
    if (this.#mass !== null) return this.#mass;
    const { dimension } = this.density;
    const random = createRandom(massSeed);
    const inside = new Float64Array(modeDraws * dimension);
    let accepted = 0;
    let draws = 0;
    while (draws < massDraws || (accepted < massWanted && draws < massDrawsAtMost)) {
      const drawn = this.density.draw(batch, random);
      draws += batch;
      for (let row = 0; row < batch; row++) {
        if (!this.support.contains(drawn, row * dimension)) continue;
        if (accepted < modeDraws)
          inside.set(drawn.subarray(row * dimension, (row + 1) * dimension), accepted * dimension);
        accepted += 1;
      }
    }
    this.#mass = { accepted, draws, inside: inside.slice(0, Math.min(accepted, modeDraws) * dimension) };
    return this.#mass;
  }
}
