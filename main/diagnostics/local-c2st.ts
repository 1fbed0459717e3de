import { setImmediate as yieldToEvents } from 'node:timers/promises';
import { createRandom } from '../numeric/random.ts';
import { trainClassifier } from '../train/classifier.ts';

export interface LocalC2stInput {
  /** D and F: columns of parameters and of features. */
  dimension: number;
  features: number;
  /** [n, D] true parameters and one draw each of the estimates q(θ | x_n), row-major, about unit variance */
  truth: Float64Array;
  estimated: Float64Array;
  /** [n, F] the simulated features of every row, about unit variance; finite */
  x: Float64Array;
  /** [F] the observation, and [m, D] draws of q(θ | x_o) at which it is asked */
  observed: Float64Array;
  draws: Float64Array;
}

export interface LocalC2stOptions {
  seed: number;
  /** Classifiers trained with labels that mean nothing; the p-value is a multiple of 1/(shuffles + 1). */
  shuffles?: number;
  signal?: AbortSignal;
  onProgress?: (done: number, total: number) => void;
}

export interface LocalC2st {
  /** Mean (d(θ, x_o) − ½)² over the draws, d the classifier's probability of a true parameter: 0 where it cannot tell. */
  statistic: number;
  /** 95 % of the classifiers that were taught nonsense stay below this. */
  threshold: number;
  /** Share of them, itself included, that reach the statistic. */
  pValue: number;
}

export const localC2stShuffles = 99;
const hiddenUnits = 20;
/** A fixed and small number: enough for this size to learn a shift or a width, and a cost that is known before it starts. */
const epochs = 40;
const confidence = 0.95;

/**
 * L-C2ST, the local classifier two-sample test (Linhart, Gramfort, Rodrigues, NeurIPS 2023, algorithms 1–3): is the posterior right at
 * THIS observation? A small network learns to tell true from estimated parameters given the features, over many simulations, and is
 * then asked at x_o. Unlike coverage and calibration, which are averages, it cannot be satisfied by errors that cancel elsewhere.
 *
 * The null: the same with the labels of each simulation's pair exchanged at random, which is fair because under a right posterior a
 * truth and a draw are exchangeable given x. It is a test and no proof: an
 * error that only few simulations near x_o could show passes, and one far away may reach it weakly, as the network is smooth.
 */
export async function localC2st(input: LocalC2stInput, options: LocalC2stOptions): Promise<LocalC2st> {
  const { seed, shuffles = localC2stShuffles, signal, onProgress } = options;
  const { dimension, features, truth, estimated, x, observed, draws } = input;
  const n = truth.length / dimension;
  const fits =
    n >= 2 &&
    Number.isInteger(n) &&
    estimated.length === truth.length &&
    x.length === n * features &&
    observed.length === features &&
    draws.length > 0 &&
    draws.length % dimension === 0;
  if (!fits) throw new RangeError('The tables of the local test do not fit together.');
  const pairs = beside(concatenate(truth, estimated), concatenate(x, x), dimension, features);
  const m = draws.length / dimension;
  const repeated = new Float64Array(m * features);
  for (let i = 0; i < m; i++) repeated.set(observed, i * features);
  const asked = beside(draws, repeated, dimension, features);

  const statisticOf = (exchanged: (row: number) => boolean, stream: number): number => {
    const y = Uint8Array.from({ length: 2 * n }, (_, i) => (i < n !== exchanged(i % n) ? 1 : 0));
    const { predict } = trainClassifier({
      x: pairs,
      y,
      hidden: [hiddenUnits, hiddenUnits],
      activation: 'tanh',
      batchSize: 100,
      learningRate: 3e-3,
      seed: (seed + stream) % Number.MAX_SAFE_INTEGER,
      maxEpochs: epochs,
      patience: epochs,
    });
    return predict(asked).reduce((sum, p) => sum + (p - 0.5) ** 2, 0) / m;
  };
  const random = createRandom(seed, 0x1c25);
  const statistic = statisticOf(() => false, 0);
  const none: number[] = [];
  for (let shuffle = 1; shuffle <= shuffles; shuffle++) {
    signal?.throwIfAborted();
    onProgress?.(shuffle, shuffles + 1);
    const exchange = Uint8Array.from({ length: n }, () => random.integer(2));
    none.push(statisticOf((row) => exchange[row] === 1, shuffle));
    await yieldToEvents();
  }
  none.sort((a, b) => a - b);
  return {
    statistic,
    threshold: none[Math.ceil(confidence * shuffles) - 1]!,
    pValue: (1 + none.filter((value) => value >= statistic).length) / (shuffles + 1),
  };
}

function concatenate(a: Float64Array, b: Float64Array): Float64Array {
  const both = new Float64Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** [n, a + b]: the columns of two tables side by side. */
function beside(left: Float64Array, right: Float64Array, a: number, b: number): Float64Array {
  const n = left.length / a;
  const rows = new Float64Array(n * (a + b));
  for (let i = 0; i < n; i++) {
    rows.set(left.subarray(i * a, (i + 1) * a), i * (a + b));
    rows.set(right.subarray(i * b, (i + 1) * b), i * (a + b) + a);
  }
  return rows;
}
