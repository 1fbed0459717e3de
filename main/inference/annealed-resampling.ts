import { setImmediate as yieldToEvents } from 'node:timers/promises';
import { effectiveSampleSize } from '../diagnostics/effective-sample-size.ts';
import type { RandomStream } from '../numeric/random.ts';

/** Of each row of theta [n, D]: ln of the density drawn from, and of the one wanted; the latter is −Infinity where nothing is wanted. */
export type Evaluate = (theta: Float64Array) => { logFrom: Float64Array; logTo: Float64Array };

export interface Resampled {
  /** [n, D] */
  theta: Float64Array;
  /** ln of the wanted density's mass, relative to that of the density drawn from. */
  logMass: number;
  /** Smallest effective sample size of the weights before a resampling. */
  ess: number;
}

/** Each resampling may cost this share of the effective sample size: the usual half. */
const keptShare = 0.5;
/**
 * Metropolis steps of every row after a resampling, and after the last: in 8 and 10 dimensions draws from a ball are as uniform as with
 * 6 and 24, and with 2 and 6 no longer (docs/decisions/0006).
 */
const steps = 4;
const lastSteps = 12;
/** A step is up to this share of the difference of two rows: with .6, moves are bold and mostly accepted. */
const stepScale = 0.6;
/** A density and one that differs from it by e¹⁰⁰ at most take some 60 temperatures; more would mean that the weights are not finite. */
const temperaturesAtMost = 500;

/**
 * Brings draws of one density to another by annealed importance resampling (Neal 2001; Del Moral, Doucet, Jasra 2006): the densities
 * from^(1−t) to^t, t rising from 0 to 1 by steps that each leave half of the effective sample size; after each, systematic resampling
 * and Metropolis steps along differences of rows (ter Braak 2006), which part the copies. Its time does not depend on how small the
 * wanted region is, as that of rejection does.
 * @param start [n, D] draws of the first density where the wanted one is positive
 */
export async function annealedResampling(
  start: Float64Array,
  dimension: number,
  evaluate: Evaluate,
  random: RandomStream,
  signal?: AbortSignal,
): Promise<Resampled> {
  const n = start.length / dimension;
  let state = { theta: start, ...evaluate(start) };
  let t = 0;
  let logMass = 0;
  let ess = n;
  for (let count = 0; t < 1; count++) {
    if (count === temperaturesAtMost) throw new RangeError('The annealing does not arrive.');
    const { weights, next } = reweigh(state, t);
    ess = Math.min(ess, effectiveSampleSize(weights.values));
    logMass += weights.logMean;
    state = select(state, systematic(weights.values, n, random), dimension);
    t = next;
    for (let step = 0; step < (t < 1 ? steps : lastSteps); step++) {
      signal?.throwIfAborted();
      move(state, t, dimension, evaluate, random);
      await yieldToEvents();
    }
  }
  return { theta: state.theta, logMass, ess };
}

interface Rows {
  theta: Float64Array;
  logFrom: Float64Array;
  logTo: Float64Array;
}

/** The largest next t that keeps the share of the effective sample size, by bisection, and the weights that lead there. */
function reweigh({ logFrom, logTo }: Rows, t: number) {
  const weigh = (step: number) => {
    const logs = logTo.map((to, i) => step * (to - logFrom[i]!));
    const top = logs.reduce((a, b) => Math.max(a, b), -Infinity);
    const values = logs.map((value) => Math.exp(value - top));
    return { values, logMean: top + Math.log(values.reduce((sum, w) => sum + w, 0) / values.length) };
  };
  const enough = (step: number) => effectiveSampleSize(weigh(step).values) >= keptShare * logTo.length;
  if (enough(1 - t)) return { weights: weigh(1 - t), next: 1 };
  let [low, high] = [0, 1 - t];
  while (high - low > 1e-3 * high) {
    const middle = (low + high) / 2;
    if (enough(middle)) low = middle;
    else high = middle;
  }
  return { weights: weigh(high), next: t + high };
}

/** Indices of n rows drawn in proportion to their weights, by one uniform number (Kitagawa 1996). */
function systematic(weights: Float64Array, n: number, random: RandomStream): Uint32Array {
  const total = weights.reduce((sum, w) => sum + w, 0);
  const start = random.uniform();
  let row = 0;
  let reached = weights[0]!;
  return Uint32Array.from({ length: n }, (_, i) => {
    const target = ((i + start) / n) * total;
    while (reached < target && row < weights.length - 1) reached += weights[++row]!;
    return row;
  });
}

function select({ theta, logFrom, logTo }: Rows, rows: Uint32Array, dimension: number): Rows {
  const chosen = new Float64Array(rows.length * dimension);
  rows.forEach((row, i) => chosen.set(theta.subarray(row * dimension, (row + 1) * dimension), i * dimension));
  return {
    theta: chosen,
    logFrom: Float64Array.from(rows, (row) => logFrom[row]!),
    logTo: Float64Array.from(rows, (row) => logTo[row]!),
  };
}

/** One Metropolis step of every row, in place. */
function move(state: Rows, t: number, dimension: number, evaluate: Evaluate, random: RandomStream): void {
  const { theta, logFrom, logTo } = state;
  const n = logTo.length;
  const proposed = theta.slice();
  for (let offset = 0; offset < theta.length; offset += dimension) {
    const a = random.integer(n) * dimension;
    const b = random.integer(n) * dimension;
    const scale = stepScale * random.uniform();
    for (let d = 0; d < dimension; d++) proposed[offset + d]! += scale * (theta[a + d]! - theta[b + d]!);
  }
  const { logFrom: from, logTo: to } = evaluate(proposed);
  for (let i = 0; i < n; i++) {
    const threshold = Math.log(1 - random.uniform());
    if (to[i] === -Infinity) continue;
    if (threshold > (1 - t) * (from[i]! - logFrom[i]!) + t * (to[i]! - logTo[i]!)) continue;
    theta.set(proposed.subarray(i * dimension, (i + 1) * dimension), i * dimension);
    logFrom[i] = from[i]!;
    logTo[i] = to[i]!;
  }
}
