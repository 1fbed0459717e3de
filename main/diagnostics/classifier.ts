/** What c2st needs of a classifier: trained on [n, d] row-major x and y (0 or 1), it tells P(y = 1 | x). */
export interface ClassifierRequest {
  x: Float64Array;
  y: Uint8Array;
  dimension: number;
  hidden: readonly number[];
  seed: number;
}

/** Probabilities [m] of y = 1 for x [m, d] row-major. */
export type Prediction = (x: Float64Array) => ArrayLike<number>;

export type Classify = (request: ClassifierRequest) => Prediction | Promise<Prediction>;
