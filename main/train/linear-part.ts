import { z } from 'zod';
import {
  cholesky,
  invertPositiveDefinite,
  invertUpper,
  choleskyUpper,
  logDiagonalSum,
  solvePositiveDefinite,
} from '../numeric/linear-algebra.ts';

/** Which half of M is filled: upper, as precision factors are; lower, so that r_d depends on t_1 … t_d alone. */
export type Triangle = 'upper' | 'lower';

/** As if of so many rows, independent N(0, 1) priors of the coefficients: felt only where rows are few. */
const ridge = 1;
/** A residual variance below this share of the parameter's own is rounding, not knowledge. */
const leastVariance = 1e-8;

export const linearPartSchema = z.object({
  triangle: z.enum(['upper', 'lower']),
  coefficients: z.array(z.number()),
  spread: z.array(z.number()),
});

/** What is fitted to: standardised features z [n, F], NaN = missing, and parameters t [n, D]; the rows that count. */
interface Rows {
  z: ArrayLike<number>;
  t: Float64Array;
  weights: ArrayLike<number>;
  rows: Iterable<number>;
}

/**
 * What the features say linearly of the parameters, and what is left: t = C·[1, z̃] + M r, z̃ the features, 0 (their mean)
 * where they are missing, and behind them the indicators of missing ones. The networks describe the residual r, of mean 0 and
 * covariance I over the training rows: they begin at the linear-Gaussian posterior, and what they have to resolve is of
 * size 1, however narrow the posterior is within the prior. Immutable.
 */
export class LinearPart {
  readonly triangle: Triangle;
  /** [D, 1 + F + indicators] row-major; [D, 1] where the features are not read */
  readonly coefficients: Float64Array;
  /** [D, D] M */
  readonly spread: Float64Array;
  readonly #indicators: readonly number[];
  readonly #D: number;

  constructor(
    triangle: Triangle,
    coefficients: Float64Array,
    spread: Float64Array,
    indicators: readonly number[],
  ) {
    this.triangle = triangle;
    this.coefficients = coefficients;
    this.spread = spread;
    this.#indicators = indicators;
    this.#D = Math.round(Math.sqrt(spread.length));
  }

  /** r = t. */
  static identity(D: number, triangle: Triangle): LinearPart {
    const spread = Float64Array.from({ length: D * D }, (_, i) => (i % (D + 1) === 0 ? 1 : 0));
    return new LinearPart(triangle, new Float64Array(D), spread, []);
  }

  /**
   * By weighted least squares with a weak ridge.
   * @param F features that are read; 0 = none, as where they are samples of a trace
   */
  static fit(
    data: Rows,
    F: number,
    D: number,
    indicators: readonly number[],
    triangle: Triangle,
  ): LinearPart {
    const { z, t, weights } = data;
    const rows = [...data.rows];
    const total = rows.reduce((sum, row) => sum + weights[row]!, 0);
    if (!(total > 0)) return LinearPart.identity(D, triangle);
    const width = F === 0 ? 1 : 1 + F + indicators.length;
    const reader = new LinearPart(triangle, new Float64Array(D * width), new Float64Array(D * D), indicators);
    const gram = new Float64Array(width * width);
    const cross = Array.from({ length: D }, () => new Float64Array(width));
    for (const row of rows) {
      const read = reader.#read(z, row * F);
      for (let i = 0; i < width; i++) {
        const wi = weights[row]! * read[i]!;
        if (wi === 0) continue;
        for (let j = 0; j <= i; j++) gram[i * width + j]! += wi * read[j]!;
        for (let d = 0; d < D; d++) cross[d]![i]! += wi * t[row * D + d]!;
      }
    }
    for (let i = 1; i < width; i++) gram[i * width + i]! += ridge;
    cross.forEach((own, d) => reader.coefficients.set(solvePositiveDefinite(gram, own, width), d * width));
    const covariance = reader.#residualCovariance(data, rows, F, total);
    const spread =
      triangle === 'lower'
        ? cholesky(covariance, D)
        : invertUpper(choleskyUpper(invertPositiveDefinite(covariance, D), D), D);
    return new LinearPart(triangle, reader.coefficients, spread, indicators);
  }

  /** C·[1, z̃] of the row of z at `offset`, [D]. */
  predict(z: ArrayLike<number>, offset: number): Float64Array {
    const read = this.#read(z, offset);
    const width = read.length;
    return Float64Array.from({ length: this.#D }, (_, d) => {
      let sum = 0;
      for (let i = 0; i < width; i++) sum += this.coefficients[d * width + i]! * read[i]!;
      return sum;
    });
  }

  /**
   * r = M⁻¹(t − C·[1, z̃]) of every row.
   * @param z [n, F], t [n, D]
   * @returns r [n, D], and with it where r_d = 0 lies: t_d = centre_d + M_dd r_d
   */
  residuals(z: ArrayLike<number>, t: ArrayLike<number>): { r: Float64Array; centre: Float64Array } {
    const D = this.#D;
    const n = t.length / D;
    const F = z.length / n;
    const r = new Float64Array(t.length);
    const centre = new Float64Array(t.length);
    const order = Array.from({ length: D }, (_, i) => (this.triangle === 'lower' ? i : D - 1 - i));
    for (let row = 0; row < n; row++) {
      centre.set(this.predict(z, row * F), row * D);
      for (const d of order) {
        const at = row * D + d;
        for (let j = 0; j < D; j++) if (j !== d) centre[at]! += this.spread[d * D + j]! * r[row * D + j]!;
        r[at] = (t[at]! - centre[at]!) / this.spread[d * D + d]!;
      }
    }
    return { r, centre };
  }

  /** log |det M| */
  get logDeterminant(): number {
    return logDiagonalSum(this.spread, this.#D);
  }

  toJSON(): z.infer<typeof linearPartSchema> {
    const { triangle, coefficients, spread } = this;
    return { triangle, coefficients: [...coefficients], spread: [...spread] };
  }

  static fromJSON(
    { triangle, coefficients, spread }: z.infer<typeof linearPartSchema>,
    indicators: readonly number[],
  ): LinearPart {
    return new LinearPart(triangle, Float64Array.from(coefficients), Float64Array.from(spread), indicators);
  }

  /** [1, z̃] of one row. */
  #read(z: ArrayLike<number>, offset: number): Float64Array {
    const read = new Float64Array(this.coefficients.length / this.#D);
    read[0] = 1;
    const F = read.length === 1 ? 0 : read.length - 1 - this.#indicators.length;
    for (let f = 0; f < F; f++) {
      const value = z[offset + f]!;
      read[1 + f] = Number.isNaN(value) ? 0 : value;
    }
    if (F > 0) this.#indicators.forEach((f, i) => (read[1 + F + i] = Number.isNaN(z[offset + f]!) ? 1 : 0));
    return read;
  }

  #residualCovariance(
    { z, t, weights }: Rows,
    rows: readonly number[],
    F: number,
    total: number,
  ): Float64Array {
    const D = this.#D;
    const covariance = new Float64Array(D * D);
    const own = new Float64Array(D);
    const left = new Float64Array(D);
    for (const row of rows) {
      const predicted = this.predict(z, row * F);
      for (let d = 0; d < D; d++) {
        const value = t[row * D + d]!;
        left[d] = value - predicted[d]!;
        own[d]! += (weights[row]! * value * value) / total;
      }
      for (let d = 0; d < D; d++)
        for (let e = 0; e <= d; e++) covariance[d * D + e]! += (weights[row]! * left[d]! * left[e]!) / total;
    }
    for (let d = 0; d < D; d++) {
      covariance[d * D + d]! += leastVariance * Math.max(own[d]!, leastVariance);
      for (let e = 0; e < d; e++) covariance[e * D + d] = covariance[d * D + e]!;
    }
    return covariance;
  }
}
