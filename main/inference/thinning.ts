import type { RandomStream } from '../numeric/random.ts';
import { BadClassifier, type BadClassifierJson } from './bad-classifier.ts';

/**
 * A proposal thinned by ĝ(θ) = P(bad|θ) [Lueckmann et al. 2017, section 2.2]: a draw θ ~ p̃ stays with probability 1 − ĝ(θ), so that
 *   p̃'(θ) = p̃(θ) (1 − ĝ(θ))/Z,   Z = ∫ p̃(θ) (1 − ĝ(θ)) dθ
 * with ĝ capped, so that nothing loses its support and a region judged wrongly comes back.
 */
export interface Thinning {
  classifier: BadClassifier;
  /** log Z */
  logMass: number;
}

export interface ThinnedDraws {
  /** [n, D] row-major; fewer rows only where nothing more could be drawn */
  theta: Float64Array;
  thinning: Thinning;
  /** Draws turned away before the last one that stayed. */
  turnedAway: number;
}

/** Largest ĝ that a draw is judged by: at most 20 draws are needed for one, and no weight grows by more than a factor of 20. */
const surest = 0.95;
/** Draws beyond those expected to be needed, so that most often the second request is the last. */
const spare = 1.1;
const fewestDraws = 100;

/**
 * n draws of the thinned proposal. Z is the mean of 1 − ĝ over all draws that were judged, its relative error at most √(0.19/n).
 * @param drawMore draws of p̃, [count, D] row-major; fewer than asked for end the drawing with what was found
 */
export async function thin(
  drawMore: (count: number) => Promise<Float64Array>,
  classifier: BadClassifier,
  n: number,
  dimension: number,
  random: RandomStream,
): Promise<ThinnedDraws> {
  const theta = new Float64Array(n * dimension);
  let found = 0;
  let judged = 0;
  let mass = 0;
  let turnedAway = 0;
  while (found < n) {
    const share = judged === 0 ? 1 : mass / judged;
    const wanted = judged === 0 ? n : Math.max(fewestDraws, Math.ceil((spare * (n - found)) / share));
    const draws = await drawMore(wanted);
    keepProbabilities(classifier, draws).forEach((keep, i) => {
      judged += 1;
      mass += keep;
      // One number a draw, needed or not: what stays does not depend on how many are still wanted.
      const stays = random.uniform() < keep;
      if (found === n) return;
      if (!stays) {
        turnedAway += 1;
        return;
      }
      theta.set(draws.subarray(i * dimension, (i + 1) * dimension), found * dimension);
      found += 1;
    });
    if (draws.length < wanted * dimension) break;
  }
  const logMass = judged === 0 ? 0 : Math.log(mass / judged);
  return { theta: theta.slice(0, found * dimension), thinning: { classifier, logMass }, turnedAway };
}

/** log p̃'(θ) − log p̃(θ) = log(1 − ĝ(θ)) − log Z of the rows of theta [n, D]. */
export function thinnedLogRatios({ classifier, logMass }: Thinning, theta: Float64Array): Float64Array {
  return keepProbabilities(classifier, theta).map((keep) => Math.log(keep) - logMass);
}

/** 1 − ĝ(θ), at least 0.05, of the rows of theta [n, D]. */
export function keepProbabilities(classifier: BadClassifier, theta: Float64Array): Float64Array {
  return classifier.probability(theta).map((bad) => 1 - Math.min(surest, bad));
}

export interface ThinningJson {
  classifier: BadClassifierJson;
  logMass: number;
}

export function thinningToJson({ classifier, logMass }: Thinning): ThinningJson {
  return { classifier: classifier.toJSON(), logMass };
}

export function thinningFromJson({ classifier, logMass }: ThinningJson): Thinning {
  return { classifier: BadClassifier.fromJSON(classifier), logMass };
}
