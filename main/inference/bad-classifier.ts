import type { Prior } from '../model/prior.ts';
import { createRandom } from '../numeric/random.ts';
import { classifierNetwork, predictLabel, trainClassifier } from '../train/classifier.ts';
import { shuffle } from '../train/training-loop.ts';
import { purpose } from './streams.ts';

/** With fewer bad simulations, or a smaller share of them, there is too little to learn and to save. */
const leastBad = 20;
const leastShare = 0.01;
/** Rows beyond this are left out, evenly: a boundary in parameter space needs no more, and training stays below a second. */
const mostRows = 20_000;
const heldOutShare = 0.2;
/** Logistic regression, and networks for boundaries that are not planes; the held-out log loss chooses. */
const candidates: readonly (readonly number[])[] = [[], [16], [16, 16]];
const batchSize = 100;
const learningRate = 0.01;
/** About this many steps for small data, and at least so many epochs for large ones. */
const steps = 1500;
const [fewestEpochs, mostEpochs] = [20, 100];
/** Worth having only where it foretells held-out rows better than their share by this much of the log loss. */
const leastGain = 0.02;
/** A probability is scored as no surer than this: one row judged wrongly must not decide. */
const surestScored = 0.999;

/** ĝ(u) = P(bad | u) [Lueckmann et al. 2017, section 2.2], u the parameters standardised by the prior. Immutable. */
export class BadClassifier {
  readonly #hidden: readonly number[];
  readonly #mean: Float64Array;
  readonly #sd: Float64Array;
  readonly #parameters: Float32Array;
  /** Simulations that it was trained and chosen on. */
  readonly trainedOn: number;

  constructor({ hidden, mean, sd, parameters, trainedOn }: BadClassifierJson) {
    this.#hidden = hidden;
    this.#mean = Float64Array.from(mean);
    this.#sd = Float64Array.from(sd);
    this.#parameters = Float32Array.from(parameters);
    this.trainedOn = trainedOn;
  }

  /** @param theta [n, D], the coordinates that it was trained in; returns [n] */
  probability(theta: Float64Array): Float64Array {
    const network = classifierNetwork(this.#mean.length, this.#hidden, 'tanh');
    return predictLabel(network, this.#parameters, standardised(theta, this.#mean, this.#sd));
  }

  /** Plain data; read back, it gives the same probabilities to the last bit. */
  toJSON(): BadClassifierJson {
    return {
      hidden: [...this.#hidden],
      mean: [...this.#mean],
      sd: [...this.#sd],
      parameters: [...this.#parameters],
      trainedOn: this.trainedOn,
    };
  }
  static fromJSON(json: BadClassifierJson): BadClassifier {
    return new BadClassifier(json);
  }
}

export interface BadClassifierJson {
  hidden: readonly number[];
  /** [D] */
  mean: readonly number[];
  sd: readonly number[];
  /** As trainClassifier returns them. */
  parameters: readonly number[];
  trainedOn: number;
}

/**
 * Learns where in parameter space simulations go bad. Four fifths of the rows train a logistic regression and two small networks; the
 * one with the smallest log loss on the rest is taken.
 * @param theta [n, D] of all rounds; bad [n], 0 = good
 * @param prior its moments standardise theta
 * @param strict bit-identical on every processor
 * @returns null where too few simulations are bad, or where none foretells them better than their share does
 */
export function trainBadClassifier(
  theta: Float64Array,
  bad: Uint8Array,
  prior: Pick<Prior, 'dimension' | 'mean' | 'sd'>,
  seed: number,
  strict = false,
): BadClassifier | null {
  const count = bad.reduce((sum, flag) => sum + Number(flag !== 0), 0);
  if (count < leastBad || count < leastShare * bad.length || count === bad.length) return null;
  const { dimension, mean, sd } = prior;
  const random = createRandom(seed, purpose.badClassifier, bad.length);
  const rows = evenly(bad.length);
  shuffle(rows, rows.length, random);
  const x = standardised(gather(theta, rows, dimension), mean, sd);
  const y = Uint8Array.from(rows, (row) => Number(bad[row] !== 0));
  const training = rows.length - Math.round(heldOutShare * rows.length);
  const [trainX, testX] = [x.slice(0, training * dimension), x.slice(training * dimension)];
  const [trainY, testY] = [y.slice(0, training), y.slice(training)];
  const share = trainY.reduce((sum, label) => sum + label, 0) / training;
  let best: BadClassifierJson | null = null;
  let bestLoss = (1 - leastGain) * logLoss(new Float64Array(testY.length).fill(share), testY);
  const maxEpochs = Math.min(mostEpochs, Math.max(fewestEpochs, Math.ceil((steps * batchSize) / training)));
  for (const hidden of candidates) {
    const common = {
      seed: random.uint32(),
      activation: 'tanh',
      learningRate,
      batchSize,
      maxEpochs,
      strict,
    } as const;
    const trained = trainClassifier({ x: trainX, y: trainY, hidden, ...common });
    const loss = logLoss(trained.predict(testX), testY);
    if (!(loss < bestLoss)) continue;
    bestLoss = loss;
    best = {
      hidden,
      mean: [...mean],
      sd: [...sd],
      parameters: [...trained.parameters],
      trainedOn: rows.length,
    };
  }
  return best === null ? null : new BadClassifier(best);
}

/**
 * How well a classifier foretold simulations that it was not trained on, at the threshold ½.
 * @returns accuracy, the share foretold right, and balancedAccuracy, the mean of that share among the bad ones and among the good
 * ones; null where one kind is absent
 */
export function scoreClassifier(
  classifier: BadClassifier,
  theta: Float64Array,
  bad: Uint8Array,
): { accuracy: number; balancedAccuracy: number | null } {
  const right = [0, 0];
  const total = [0, 0];
  classifier.probability(theta).forEach((p, i) => {
    const label = Number(bad[i] !== 0);
    total[label]! += 1;
    if (Number(p > 0.5) === label) right[label]! += 1;
  });
  const balanced = (right[0]! / total[0]! + right[1]! / total[1]!) / 2;
  return {
    accuracy: (right[0]! + right[1]!) / bad.length,
    balancedAccuracy: Number.isFinite(balanced) ? balanced : null,
  };
}

function logLoss(probability: Float64Array, y: Uint8Array): number {
  return probability.reduce((sum, p, i) => {
    const bounded = Math.min(surestScored, Math.max(1 - surestScored, p));
    return sum - Math.log(y[i] === 1 ? bounded : 1 - bounded);
  }, 0);
}

/** At most mostRows row numbers of n, evenly spread. */
function evenly(n: number): Uint32Array {
  const kept = Math.min(n, mostRows);
  return Uint32Array.from({ length: kept }, (_, i) => Math.floor((i * n) / kept));
}

function gather(theta: Float64Array, rows: Uint32Array, dimension: number): Float64Array {
  const chosen = new Float64Array(rows.length * dimension);
  rows.forEach((row, i) => chosen.set(theta.subarray(row * dimension, (row + 1) * dimension), i * dimension));
  return chosen;
}

function standardised(theta: Float64Array, mean: Float64Array, sd: Float64Array): Float64Array {
  return theta.map((value, i) => (value - mean[i % mean.length]!) / sd[i % sd.length]!);
}
