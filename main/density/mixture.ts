import { z } from 'zod';
import { AppError } from '../contract/errors.ts';
import { covarianceFromPrecisionFactor, logDiagonalSum } from '../numeric/linear-algebra.ts';
import type { RandomStream } from '../numeric/random.ts';
import { logSumExp, sampleChiSquare } from '../numeric/special.ts';
import { logConstant, logDensity1, logDensity2, logShape } from './component-density.ts';
import type { Density } from './density.ts';

const numbers = z.array(z.number());
const mixtureJson = z.strictObject({
  components: z.number().int().min(1),
  dimension: z.number().int().min(1),
  logWeights: numbers,
  means: numbers,
  precisionFactors: numbers,
  studentT: z.number().min(0),
});
export type MixtureJson = z.infer<typeof mixtureJson>;

export interface MixtureParts {
  components: number;
  dimension: number;
  logWeights: Float64Array;
  means: Float64Array;
  precisionFactors: Float64Array;
  studentT?: number;
}

/**
 * A mixture of K Gaussians, or of K Student-t distributions with the same location and scale matrices:
 *   q(θ) = Σ_k α_k |U_k| f(‖U_k(θ − m_k)‖²),  P_k = U_kᵀU_k the precision (inverse scale matrix), U_k upper triangular
 * with a positive diagonal. Immutable. [SNPE] Lueckmann et al. 2017 for the Student-t proposals.
 */
export class Mixture implements Density {
  readonly components: number;
  readonly dimension: number;
  /** [K] log α_k, normalised to Σ α_k = 1 */
  readonly logWeights: Float64Array;
  /** [K, D] row-major */
  readonly means: Float64Array;
  /** [K, D, D] row-major, zeros below the diagonal */
  readonly precisionFactors: Float64Array;
  /** 0 = Gaussian, else the degrees of freedom ν of every component */
  readonly studentT: number;
  /** [K] log α_k + log |U_k| + the constant of the component's density */
  readonly #logScale: Float64Array;
  readonly #logQ: Float64Array;
  #scaleMatrices: Float64Array[] | null = null;

  /** @throws AppError input-invalid where a length is wrong, a value is not finite or a factor is singular */
  constructor(parts: MixtureParts) {
    const { components, dimension, logWeights, means, precisionFactors, studentT = 0 } = parts;
    requireLength('logWeights', logWeights, components);
    requireLength('means', means, components * dimension);
    requireLength('precisionFactors', precisionFactors, components * dimension * dimension);
    if (!(studentT >= 0))
      throw invalid(`Student-t tails need degrees of freedom of 0 or more, not ${studentT}.`);
    this.components = components;
    this.dimension = dimension;
    const total = logSumExp(logWeights);
    if (!Number.isFinite(total)) throw invalid('The weights of a mixture must sum to a positive number.');
    this.logWeights = logWeights.map((value) => value - total);
    this.means = means;
    this.precisionFactors = precisionFactors;
    this.studentT = studentT;
    this.#logQ = new Float64Array(components);
    this.#logScale = this.logWeights.map((value, k) => {
      const logDeterminant = logDiagonalSum(this.#factor(k), dimension);
      if (!Number.isFinite(logDeterminant))
        throw invalid(
          `The precision factor of component ${k + 1} has a diagonal entry that is not positive.`,
        );
      return value + logDeterminant + logConstant(dimension, studentT);
    });
  }

  /** log q(θ), θ at `offset` of the array. */
  logDensity(theta: ArrayLike<number>, offset = 0): number {
    const { components, dimension, studentT } = this;
    for (let k = 0; k < components; k++) {
      const square = this.#squaredDistance(theta, offset, k);
      this.#logQ[k] = this.#logScale[k]! + logShape(square, dimension, studentT);
    }
    return components === 1 ? this.#logQ[0]! : logSumExp(this.#logQ);
  }

  logDensities(theta: Float64Array): Float64Array {
    const { dimension } = this;
    return Float64Array.from({ length: theta.length / dimension }, (_, n) =>
      this.logDensity(theta, n * dimension),
    );
  }

  /** n draws one after the other: the first draws do not depend on n. */
  draw(n: number, random: RandomStream): Float64Array {
    const out = new Float64Array(n * this.dimension);
    for (let row = 0; row < n; row++) this.sample(random, out, row * this.dimension);
    return out;
  }

  /** Writes one draw to out[offset … offset + D). Always uses the same kind and order of random numbers. */
  sample(random: RandomStream, out: Float64Array, offset = 0): void {
    const { dimension, studentT } = this;
    const k = this.#choose(random);
    const tail = studentT === 0 ? 1 : 1 / Math.sqrt(sampleChiSquare(random, studentT) / studentT);
    for (let i = 0; i < dimension; i++) out[offset + i] = random.normal() * tail;
    const base = k * dimension * dimension;
    const u = this.precisionFactors;
    for (let i = dimension - 1; i >= 0; i--) {
      let sum = out[offset + i]!;
      for (let j = i + 1; j < dimension; j++) sum -= u[base + i * dimension + j]! * out[offset + j]!;
      out[offset + i] = sum / u[base + i * dimension + i]!;
    }
    for (let i = 0; i < dimension; i++) out[offset + i]! += this.means[k * dimension + i]!;
  }

  /** Density of parameter i alone at `value`; closed form, unit 1/parameter unit. */
  marginalDensity(i: number, value: number): number {
    const { dimension: D } = this;
    let density = 0;
    for (let k = 0; k < this.components; k++) {
      const variance = this.scaleMatrix(k)[i * D + i]!;
      const logQ = logDensity1(value, this.means[k * D + i]!, variance, this.studentT);
      density += Math.exp(this.logWeights[k]! + logQ);
    }
    return density;
  }

  /** Joint density of parameters i and j at (a, b); closed form. */
  pairDensity(i: number, j: number, a: number, b: number): number {
    const { dimension: D } = this;
    let density = 0;
    for (let k = 0; k < this.components; k++) {
      const s = this.scaleMatrix(k);
      const da = a - this.means[k * D + i]!;
      const db = b - this.means[k * D + j]!;
      const logQ = logDensity2(da, db, s[i * D + i]!, s[i * D + j]!, s[j * D + j]!, this.studentT);
      density += Math.exp(this.logWeights[k]! + logQ);
    }
    return density;
  }

  /** [D]; for Student-t components the location, which is the mean where ν > 1. */
  mean(): Float64Array {
    const mean = new Float64Array(this.dimension);
    this.logWeights.forEach((logWeight, k) => {
      const weight = Math.exp(logWeight);
      for (let i = 0; i < mean.length; i++) mean[i]! += weight * this.means[k * mean.length + i]!;
    });
    return mean;
  }

  /**
   * [D, D] covariance of the mixture: Σ_k α_k (Σ_k + (m_k − m)(m_k − m)ᵀ), Σ_k = P_k⁻¹, times ν/(ν−2) for Student-t.
   * @throws AppError usage where 0 < ν ≤ 2, which has no covariance
   */
  covariance(): Float64Array {
    const { dimension: D, studentT: nu } = this;
    if (nu > 0 && nu <= 2) {
      throw new AppError(
        'usage',
        `A Student-t distribution with ${nu} degrees of freedom has no covariance.`,
        {
          remedy: 'Use more than 2 degrees of freedom, or look at scaleMatrix.',
        },
      );
    }
    const spread = nu === 0 ? 1 : nu / (nu - 2);
    const mean = this.mean();
    const covariance = new Float64Array(D * D);
    this.logWeights.forEach((logWeight, k) => {
      const weight = Math.exp(logWeight);
      const scale = this.scaleMatrix(k);
      for (let i = 0; i < D; i++) {
        const di = this.means[k * D + i]! - mean[i]!;
        for (let j = 0; j < D; j++) {
          const dj = this.means[k * D + j]! - mean[j]!;
          covariance[i * D + j]! += weight * (scale[i * D + j]! * spread + di * dj);
        }
      }
    });
    return covariance;
  }

  /** [D, D] P_k⁻¹ of one component. */
  scaleMatrix(component: number): Float64Array {
    this.#scaleMatrices ??= Array.from({ length: this.components }, (_, k) =>
      covarianceFromPrecisionFactor(this.#factor(k), this.dimension),
    );
    return this.#scaleMatrices[component]!;
  }

  /** The same locations and scale matrices with other tails; 0 = Gaussian. */
  withStudentT(nu: number): Mixture {
    return new Mixture({ ...this.#parts(), studentT: nu });
  }

  toJSON(): MixtureJson {
    const parts = this.#parts();
    return {
      ...parts,
      logWeights: [...parts.logWeights],
      means: [...parts.means],
      precisionFactors: [...parts.precisionFactors],
    };
  }

  /** @throws AppError input-invalid where the value is not what toJSON wrote */
  static fromJSON(json: unknown): Mixture {
    const parsed = mixtureJson.safeParse(json);
    if (!parsed.success) throw invalid(`A stored posterior cannot be read: ${z.prettifyError(parsed.error)}`);
    const { logWeights, means, precisionFactors, ...rest } = parsed.data;
    return new Mixture({
      ...rest,
      logWeights: Float64Array.from(logWeights),
      means: Float64Array.from(means),
      precisionFactors: Float64Array.from(precisionFactors),
    });
  }

  #parts(): Required<MixtureParts> {
    const { components, dimension, logWeights, means, precisionFactors, studentT } = this;
    return { components, dimension, logWeights, means, precisionFactors, studentT };
  }

  #factor(k: number): Float64Array {
    const size = this.dimension * this.dimension;
    return this.precisionFactors.subarray(k * size, (k + 1) * size);
  }

  /** ‖U_k(θ − m_k)‖² */
  #squaredDistance(theta: ArrayLike<number>, offset: number, k: number): number {
    const { dimension: D, means, precisionFactors: u } = this;
    let square = 0;
    for (let i = 0; i < D; i++) {
      const row = (k * D + i) * D;
      let sum = 0;
      for (let j = i; j < D; j++) sum += u[row + j]! * (theta[offset + j]! - means[k * D + j]!);
      square += sum * sum;
    }
    return square;
  }

  #choose(random: RandomStream): number {
    if (this.components === 1) return 0;
    let left = random.uniform();
    for (let k = 0; k < this.components - 1; k++) {
      left -= Math.exp(this.logWeights[k]!);
      if (left < 0) return k;
    }
    return this.components - 1;
  }
}

function requireLength(name: string, values: Float64Array, length: number): void {
  if (values.length !== length)
    throw invalid(`${name} of a mixture needs ${length} values, not ${values.length}.`);
  if (name !== 'logWeights' && !values.every(Number.isFinite))
    throw invalid(`${name} of a mixture must be finite.`);
}

function invalid(message: string): AppError {
  return new AppError('input-invalid', message, {
    remedy: 'Train again from the last good round; if it happens again, use a smaller learning rate.',
  });
}
