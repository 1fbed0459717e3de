import { AppError } from '../contract/errors.ts';
import type { RoundReport } from '../contract/run.ts';
import type { Density } from '../density/density.ts';
import type { NetworkSpec } from './network.ts';
import type { Standardisation } from './standardisation.ts';

export type DensityFamily = RoundReport['families'][number]['family'];

/** A trained q_φ(θ|x): networks, their weights and their units. Immutable. */
export interface ConditionalEstimator {
  readonly family: DensityFamily;
  /** Of one-dimensional families: the components of each parameter's mixture, and outputs = D. */
  readonly spec: NetworkSpec;
  readonly standardisation: Standardisation;
  /**
   * q(θ|x) in the parameters' own (working) units, with the mean weights.
   * @param x [F] raw units; NaN = missing
   */
  condition(x: ArrayLike<number>): Density;
  /**
   * log q(θ_n|x_n) of every row, as condition(x_n).logDensity(θ_n) to float32.
   * @param x [n, F] raw units, NaN = missing
   * @param theta [n, D]
   */
  logDensityAt(x: Float64Array, theta: Float64Array): Float64Array;
  /** What estimatorFromBytes reads. */
  toBytes(): Uint8Array;
}

/** @throws AppError internal where x is not one row of features */
export function requireFeatures({ inputs }: NetworkSpec, x: ArrayLike<number>): void {
  if (x.length !== inputs) throw mismatch(`The estimator reads ${inputs} features, not ${x.length}.`);
}

export function mismatch(message: string, cause?: unknown): AppError {
  return new AppError('internal', message, {
    remedy: 'Run the round again; please report this if it comes back.',
    ...(cause === undefined ? {} : { cause }),
  });
}
