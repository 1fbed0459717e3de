import { AppError } from '../contract/errors.ts';
import type { ParameterSpec } from '../contract/prior.ts';
import type { RandomStream } from '../numeric/random.ts';
import { displayHalfWidth, marginalOf, normalLogDensity } from './marginal.ts';

/** The prior over the free parameters, in their own units. Vectors are in the order of `names`. */
export interface Prior {
  readonly names: readonly string[];
  readonly dimension: number;
  /** [D] the support's bounds; ±Infinity where there is none */
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** [D] what a plot shows: the support, or the central 99.8 % */
  readonly displayLow: Float64Array;
  readonly displayHigh: Float64Array;
  /** [D] of the marginals */
  readonly mean: Float64Array;
  readonly sd: Float64Array;
  /** Writes one draw into out[offset … offset+D−1]. */
  sample(random: RandomStream, out: Float64Array, offset: number): void;
  /** ln p(θ); −Infinity outside the support. */
  logDensity(theta: Float64Array, offset?: number): number;
  contains(theta: Float64Array, offset?: number): boolean;
  /** p(θ_i = value), the other parameters integrated out. */
  marginalDensity(i: number, value: number): number;
}

/** A prior whose parameters are independent. */
export function independentPrior(specs: readonly ParameterSpec[]): Prior {
  const marginals = specs.map((spec) => marginalOf(spec.prior));
  const dimension = specs.length;
  function logDensity(theta: Float64Array, offset = 0): number {
    let sum = 0;
    for (let i = 0; i < dimension; i++) sum += marginals[i]!.logDensity(theta[offset + i]!);
    return sum;
  }
  return {
    names: specs.map((spec) => spec.name),
    dimension,
    low: Float64Array.from(marginals, (m) => m.low),
    high: Float64Array.from(marginals, (m) => m.high),
    displayLow: Float64Array.from(marginals, (m) => m.displayLow),
    displayHigh: Float64Array.from(marginals, (m) => m.displayHigh),
    mean: Float64Array.from(marginals, (m) => m.mean),
    sd: Float64Array.from(marginals, (m) => m.sd),
    sample(random, out, offset) {
      for (let i = 0; i < dimension; i++) out[offset + i] = marginals[i]!.sample(random);
    },
    logDensity,
    contains: (theta, offset = 0) => logDensity(theta, offset) > -Infinity,
    marginalDensity: (i, value) => Math.exp(marginals[i]!.logDensity(value)),
  };
}

/**
 * Lower triangular L with L Lᵀ = covariance, row-major [D, D].
 * @throws AppError input-invalid where the matrix is not symmetric (to 1e-9 of its diagonal) and positive definite
 */
function choleskyOfCovariance(covariance: readonly (readonly number[])[], dimension: number): Float64Array {
  function refuse(why: string): never {
    throw new AppError('input-invalid', `The covariance of the normal prior ${why}.`, {
      remedy: `Give ${dimension} rows of ${dimension} numbers that form a symmetric, positive definite matrix.`,
    });
  }
  if (covariance.length !== dimension || covariance.some((row) => row.length !== dimension))
    refuse(`is not a matrix of ${dimension} × ${dimension} numbers`);
  const lower = new Float64Array(dimension * dimension);
  for (let i = 0; i < dimension; i++) {
    for (let j = 0; j <= i; j++) {
      const scale = Math.sqrt(Math.abs(covariance[i]![i]! * covariance[j]![j]!));
      if (!(Math.abs(covariance[i]![j]! - covariance[j]![i]!) <= 1e-9 * scale)) refuse('is not symmetric');
      let sum = covariance[i]![j]!;
      for (let k = 0; k < j; k++) sum -= lower[i * dimension + k]! * lower[j * dimension + k]!;
      if (i === j && !(sum > 0)) refuse('is not positive definite');
      lower[i * dimension + j] = i === j ? Math.sqrt(sum) : sum / lower[j * dimension + j]!;
    }
  }
  return lower;
}

/**
 * A correlated normal prior N(mean, covariance).
 * @param names [D]
 * @param mean [D]
 * @param covariance [D][D], symmetric and positive definite
 */
export function normalPrior(
  names: readonly string[],
  mean: readonly number[],
  covariance: readonly (readonly number[])[],
): Prior {
  const dimension = names.length;
  if (mean.length !== dimension)
    throw new AppError(
      'input-invalid',
      `The normal prior has ${mean.length} means for ${dimension} parameters.`,
      { remedy: `Give one mean for each of ${names.join(', ')}.` },
    );
  const lower = choleskyOfCovariance(covariance, dimension);
  const sd = Float64Array.from(mean, (_, i) => Math.sqrt(covariance[i]![i]!));
  let logNormaliser = -0.5 * dimension * Math.log(2 * Math.PI);
  for (let i = 0; i < dimension; i++) logNormaliser -= Math.log(lower[i * dimension + i]!);
  const z = new Float64Array(dimension);
  return {
    names: [...names],
    dimension,
    low: new Float64Array(dimension).fill(-Infinity),
    high: new Float64Array(dimension).fill(Infinity),
    displayLow: sd.map((s, i) => mean[i]! - displayHalfWidth * s),
    displayHigh: sd.map((s, i) => mean[i]! + displayHalfWidth * s),
    mean: Float64Array.from(mean),
    sd,
    sample(random, out, offset) {
      for (let i = 0; i < dimension; i++) z[i] = random.normal();
      for (let i = 0; i < dimension; i++) {
        let sum = mean[i]!;
        for (let k = 0; k <= i; k++) sum += lower[i * dimension + k]! * z[k]!;
        out[offset + i] = sum;
      }
    },
    logDensity(theta, offset = 0) {
      // z = L⁻¹(θ − mean) by forward substitution
      let squares = 0;
      for (let i = 0; i < dimension; i++) {
        let sum = theta[offset + i]! - mean[i]!;
        for (let k = 0; k < i; k++) sum -= lower[i * dimension + k]! * z[k]!;
        z[i] = sum / lower[i * dimension + i]!;
        squares += z[i]! * z[i]!;
      }
      return logNormaliser - 0.5 * squares;
    },
    contains(theta, offset = 0) {
      for (let i = 0; i < dimension; i++) if (!Number.isFinite(theta[offset + i]!)) return false;
      return true;
    },
    marginalDensity: (i, value) => Math.exp(normalLogDensity(value, mean[i]!, sd[i]!)),
  };
}
