import type { RandomStream } from '../../main/numeric/random.ts';
import { firstAbove } from './grid-posterior.ts';

/**
 * Samples of a posterior by importance resampling from the prior: draws are kept in proportion to their likelihood.
 * For several parameters with a wide posterior; refuses where the draws do not suffice.
 * @param draw writes one draw from the prior
 * @param draws from the prior
 * @returns [n, D] row-major
 */
export function importanceSamples(
  problem: {
    dimension: number;
    draw(random: RandomStream, out: Float64Array): void;
    logLikelihood(theta: Float64Array): number;
    draws: number;
  },
  n: number,
  random: RandomStream,
): Float64Array {
  const { dimension, draws } = problem;
  const theta = new Float64Array(draws * dimension);
  const weights = new Float64Array(draws);
  let top = -Infinity;
  for (let i = 0; i < draws; i++) {
    const row = theta.subarray(i * dimension, (i + 1) * dimension);
    problem.draw(random, row);
    weights[i] = problem.logLikelihood(row);
    if (weights[i]! > top) top = weights[i]!;
  }
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < draws; i++) {
    const weight = Math.exp(weights[i]! - top);
    sum += weight;
    squares += weight * weight;
    weights[i] = sum;
  }
  const effective = (sum * sum) / squares;
  // Below that, a sample would be drawn twice too often to look independent to a classifier.
  if (effective < 3 * n)
    throw new Error(`${effective.toFixed(0)} effective draws are too few for ${n} samples.`);
  const out = new Float64Array(n * dimension);
  for (let i = 0; i < n; i++) {
    const chosen = firstAbove(weights, random.uniform() * sum);
    out.set(theta.subarray(chosen * dimension, (chosen + 1) * dimension), i * dimension);
  }
  return out;
}
