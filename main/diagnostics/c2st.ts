import { createRandom } from '../numeric/random.ts';
import { type Classifier, type ClassifierRequest, trainClassifier } from '../train/classifier.ts';

/** Trains on rows and labels; predicts P(label = 1). */
export type Classify = (
  request: Pick<ClassifierRequest, 'x' | 'y' | 'hidden' | 'seed'>,
) => Pick<Classifier, 'predict'>;

export interface C2stOptions {
  /** d: columns of both samples. */
  dimension: number;
  /** Another classifier; the default is trained as sbibm's (scikit-learn's MLPClassifier). */
  classify?: Classify;
  seed?: number;
  /** Folds of the cross-validation; sbibm uses 5. */
  folds?: number;
}

/**
 * Classifier two-sample test (Lopez-Paz & Oquab, ICLR 2017; as defined by Lueckmann et al., AISTATS 2021, sbibm): the
 * cross-validated accuracy with which a small network (two hidden layers of 10·d) tells samples of `a` from samples of
 * `b`. ½: it cannot; 1: always. Both samples are z-scored by the mean and standard deviation (n − 1) of `a`.
 *
 * The folds are stratified: each holds its share of both samples, so that the accuracy of guessing is ½ exactly.
 * @param a [n, d] row-major, the reference
 * @param b [m, d] row-major
 */
export function c2st(a: Float64Array, b: Float64Array, options: C2stOptions): number {
  const { dimension, classify = trainClassifier, seed = 1, folds = 5 } = options;
  const counts = [a.length / dimension, b.length / dimension];
  if (!counts.every((n) => Number.isInteger(n) && n >= folds)) {
    throw new RangeError(`C2ST needs at least ${folds} rows of ${dimension} columns in each sample.`);
  }
  const x = standardised(a, b, dimension);
  const n = counts[0]! + counts[1]!;
  const y = Uint8Array.from({ length: n }, (_, i) => (i < counts[0]! ? 0 : 1));
  const foldOf = stratifiedFolds(y, folds, seed);

  let accuracies = 0;
  for (let fold = 0; fold < folds; fold++) {
    const test = rowsWhere(n, (row) => foldOf[row] === fold);
    const train = rowsWhere(n, (row) => foldOf[row] !== fold);
    const classifier = classify({
      x: take(x, train, dimension),
      y: Uint8Array.from(train, (row) => y[row]!),
      hidden: [10 * dimension, 10 * dimension],
      seed: seed * folds + fold,
    });
    const probability = classifier.predict(take(x, test, dimension));
    const right = test.filter((row, i) => probability[i]! > 0.5 === (y[row] === 1)).length;
    accuracies += right / test.length;
  }
  return accuracies / folds;
}

/** `a` on top of `b`, z-scored by `a`. A column in which `a` does not vary is only shifted. */
function standardised(a: Float64Array, b: Float64Array, dimension: number): Float64Array {
  const x = new Float64Array(a.length + b.length);
  x.set(a);
  x.set(b, a.length);
  const n = a.length / dimension;
  for (let column = 0; column < dimension; column++) {
    let mean = 0;
    for (let i = column; i < a.length; i += dimension) mean += a[i]! / n;
    let squares = 0;
    for (let i = column; i < a.length; i += dimension) squares += (a[i]! - mean) ** 2;
    const sd = Math.sqrt(squares / (n - 1)) || 1;
    for (let i = column; i < x.length; i += dimension) x[i] = (x[i]! - mean) / sd;
  }
  return x;
}

/** [n] fold of each row: within each class a shuffled deal of cards. */
function stratifiedFolds(y: Uint8Array, folds: number, seed: number): Uint8Array {
  const random = createRandom(seed, 0xc257);
  const foldOf = new Uint8Array(y.length);
  for (const label of [0, 1]) {
    const rows = rowsWhere(y.length, (row) => y[row] === label);
    for (let i = rows.length - 1; i > 0; i--) {
      const j = random.integer(i + 1);
      [rows[i], rows[j]] = [rows[j]!, rows[i]!];
    }
    rows.forEach((row, i) => (foldOf[row] = i % folds));
  }
  return foldOf;
}

function rowsWhere(n: number, wanted: (row: number) => boolean): number[] {
  const rows: number[] = [];
  for (let row = 0; row < n; row++) if (wanted(row)) rows.push(row);
  return rows;
}

function take(x: Float64Array, rows: readonly number[], dimension: number): Float64Array {
  const out = new Float64Array(rows.length * dimension);
  rows.forEach((row, i) => {
    out.set(x.subarray(row * dimension, (row + 1) * dimension), i * dimension);
  });
  return out;
}
