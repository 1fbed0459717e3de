import { z } from 'zod';
import { Mixture } from '../density/mixture.ts';
import { invertUpper } from '../numeric/linear-algebra.ts';
import { logSumExp } from '../numeric/special.ts';
import { mismatch, requireFeatures, type ConditionalEstimator } from './conditional-estimator.ts';
import * as stored from './estimator-bytes.ts';
import { ForwardPass } from './forward-pass.ts';
import { LinearPart, linearPartSchema } from './linear-part.ts';
import { densityNetwork, headOutputs, parameterCount, type NetworkSpec } from './network.ts';
import { forward } from './reference-forward.ts';
import { standardiseFeatures, standardiseParameters, type Standardisation } from './standardisation.ts';

export type { Standardisation } from './standardisation.ts';

const headerSchema = stored.partsSchema.extend({
  format: z.enum(['chronaxie-estimator-1', 'chronaxie-estimator-2']),
  /** Estimators of earlier versions, format 1, have none. */
  linear: linearPartSchema.optional(),
});

/**
 * q_φ(θ|x) as one mixture of Gaussians with full covariance, from one network, over the residuals of an upper LinearPart.
 * Immutable.
 */
export class DensityEstimator implements ConditionalEstimator {
  readonly family = 'mixture';
  readonly spec: NetworkSpec;
  readonly standardisation: Standardisation;
  readonly linear: LinearPart;
  /** As parameterBlocks says: imputed values, weights, biases; for variational networks their log-sds after. */
  readonly parameters: Float32Array;
  #pass: ForwardPass | null = null;

  /** @throws AppError internal where the parts do not fit together */
  constructor(
    spec: NetworkSpec,
    standardisation: Standardisation,
    parameters: Float32Array,
    linear: LinearPart = LinearPart.identity(spec.outputs, 'upper'),
  ) {
    const wanted = parameterCount(densityNetwork(spec));
    const { xCentre, xBend, xMean, xSd, thetaMean, thetaSd } = standardisation;
    const fits =
      parameters.length === wanted &&
      linear.triangle === 'upper' &&
      linear.spread.length === spec.outputs ** 2 &&
      [xCentre, xBend, xMean, xSd].every((v) => v.length === spec.inputs) &&
      [thetaMean, thetaSd].every((v) => v.length === spec.outputs);
    if (!fits)
      throw mismatch(
        `The parts of a density estimator do not fit: ${parameters.length} of ${wanted} parameters.`,
      );
    this.spec = spec;
    this.standardisation = standardisation;
    this.linear = linear;
    this.parameters = parameters;
  }

  /**
   * In float64. With θ = μ + σ (c + M r) and the network's mixture over r: means μ + σ (c + M m_k), precision factors
   * U_k M⁻¹ diag(1/σ), upper triangular again, with the Jacobian in their determinants.
   */
  condition(x: ArrayLike<number>): Mixture {
    const { spec, linear } = this;
    requireFeatures(spec, x);
    const { thetaMean, thetaSd } = this.standardisation;
    const { inputs, outputs: D, components: K } = spec;
    const z = standardiseFeatures(x, this.standardisation, new Float64Array(inputs));
    const y = forward(densityNetwork(spec), this.parameters, z, 1);
    const centre = linear.predict(z, 0);
    const inverse = invertUpper(linear.spread, D);
    const means = new Float64Array(K * D);
    const precisionFactors = new Float64Array(K * D * D);
    const factor = new Float64Array(D * D);
    let entry = K + K * D;
    for (let k = 0; k < K; k++) {
      for (let i = 0; i < D; i++) {
        let t = centre[i]!;
        for (let j = i; j < D; j++) t += linear.spread[i * D + j]! * y[K + k * D + j]!;
        means[k * D + i] = thetaMean[i]! + thetaSd[i]! * t;
        for (let j = i; j < D; j++, entry++) factor[i * D + j] = i === j ? Math.exp(y[entry]!) : y[entry]!;
      }
      for (let i = 0; i < D; i++) {
        for (let j = i; j < D; j++) {
          let sum = 0;
          for (let l = i; l <= j; l++) sum += factor[i * D + l]! * inverse[l * D + j]!;
          precisionFactors[(k * D + i) * D + j] = sum / thetaSd[j]!;
        }
      }
    }
    return new Mixture({ components: K, dimension: D, logWeights: y.slice(0, K), means, precisionFactors });
  }

  logDensityAt(x: Float64Array, theta: Float64Array): Float64Array {
    const { outputs: D, components } = this.spec;
    const { standardisation, linear } = this;
    const network = densityNetwork(this.spec);
    this.#pass ??= new ForwardPass(network, this.parameters);
    const z = standardiseFeatures(x, standardisation, new Float32Array(x.length));
    const t = standardiseParameters(theta, standardisation, new Float64Array(theta.length));
    const y = this.#pass.run(z);
    const { r } = linear.residuals(z, t);
    const width = headOutputs(network.head);
    const logScale =
      linear.logDeterminant + standardisation.thetaSd.reduce((sum, sd) => sum + Math.log(sd), 0);
    return Float64Array.from(
      { length: theta.length / D },
      (_, n) => logMixture(y.subarray(n * width, (n + 1) * width), r, n * D, D, components) - logScale,
    );
  }

  toBytes(): Uint8Array {
    const header = {
      format: 'chronaxie-estimator-2',
      ...stored.storedParts(this.spec, this.standardisation),
      linear: this.linear.toJSON(),
    };
    return stored.writeStored(header, stored.floatsToBytes([this.parameters]));
  }

  /** @throws AppError internal where the bytes are not what toBytes wrote */
  static fromBytes(bytes: Uint8Array): DensityEstimator {
    const { header, rest } = stored.readStored(bytes);
    const parsed = stored.parseHeader(headerSchema, header);
    const { spec, standardisation } = stored.readParts(parsed);
    const linear = parsed.linear
      ? LinearPart.fromJSON(parsed.linear, spec.indicators ?? [])
      : LinearPart.identity(spec.outputs, 'upper');
    return new DensityEstimator(spec, standardisation, stored.bytesToFloats(rest), linear);
  }
}

/** log q(r) of the mixture head's outputs y (native/heads.h), r at `offset` of the array. */
function logMixture(y: Float32Array, r: Float64Array, offset: number, D: number, K: number): number {
  const terms = new Float64Array(K);
  let entry = K + K * D;
  for (let k = 0; k < K; k++) {
    let value = y[k]! - 0.5 * D * Math.log(2 * Math.PI);
    for (let i = 0; i < D; i++) {
      value += y[entry]!;
      let sum = 0;
      for (let j = i; j < D; j++, entry++) {
        const u = i === j ? Math.exp(y[entry]!) : y[entry]!;
        sum += u * (r[offset + j]! - y[K + k * D + j]!);
      }
      value -= 0.5 * sum * sum;
    }
    terms[k] = value;
  }
  return logSumExp(terms) - logSumExp(Float64Array.from(y.subarray(0, K)));
}
