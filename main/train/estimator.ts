import { z } from 'zod';
import { Mixture } from '../density/mixture.ts';
import { logSumExp } from '../numeric/special.ts';
import { mismatch, requireFeatures, type ConditionalEstimator } from './conditional-estimator.ts';
import * as stored from './estimator-bytes.ts';
import { ForwardPass } from './forward-pass.ts';
import { densityNetwork, headOutputs, parameterCount, type NetworkSpec } from './network.ts';
import { forward } from './reference-forward.ts';
import { standardiseFeatures, standardiseParameters, type Standardisation } from './standardisation.ts';

export type { Standardisation } from './standardisation.ts';

const headerSchema = stored.partsSchema.extend({ format: z.literal('chronaxie-estimator-1') });

/** q_φ(θ|x) as one mixture of Gaussians with full covariance, from one network. Immutable. */
export class DensityEstimator implements ConditionalEstimator {
  readonly family = 'mixture';
  readonly spec: NetworkSpec;
  readonly standardisation: Standardisation;
  /** As parameterBlocks says: imputed values, weights, biases; for variational networks their log-sds after. */
  readonly parameters: Float32Array;
  #pass: ForwardPass | null = null;

  /** @throws AppError internal where the parts do not fit together */
  constructor(spec: NetworkSpec, standardisation: Standardisation, parameters: Float32Array) {
    const wanted = parameterCount(densityNetwork(spec));
    const { xCentre, xBend, xMean, xSd, thetaMean, thetaSd } = standardisation;
    const fits =
      parameters.length === wanted &&
      [xCentre, xBend, xMean, xSd].every((v) => v.length === spec.inputs) &&
      [thetaMean, thetaSd].every((v) => v.length === spec.outputs);
    if (!fits)
      throw mismatch(
        `The parts of a density estimator do not fit: ${parameters.length} of ${wanted} parameters.`,
      );
    this.spec = spec;
    this.standardisation = standardisation;
    this.parameters = parameters;
  }

  /**
   * In float64. With θ = μ + σ t and the network's mixture over t: means μ + σ m_k, U_k diag(1/σ) (upper triangular again,
   * and the Jacobian is in its determinant).
   */
  condition(x: ArrayLike<number>): Mixture {
    const { spec } = this;
    requireFeatures(spec, x);
    const { thetaMean, thetaSd } = this.standardisation;
    const { inputs, outputs: D, components: K } = spec;
    const z = standardiseFeatures(x, this.standardisation, new Float64Array(inputs));
    const y = forward(densityNetwork(spec), this.parameters, z, 1);
    const means = new Float64Array(K * D);
    for (let i = 0; i < K * D; i++) means[i] = thetaMean[i % D]! + thetaSd[i % D]! * y[K + i]!;
    const precisionFactors = new Float64Array(K * D * D);
    let entry = K + K * D;
    for (let row = 0; row < K * D; row++) {
      const i = row % D;
      for (let j = i; j < D; j++) {
        const value = i === j ? Math.exp(y[entry]!) : y[entry]!;
        precisionFactors[row * D + j] = value / thetaSd[j]!;
        entry += 1;
      }
    }
    return new Mixture({ components: K, dimension: D, logWeights: y.slice(0, K), means, precisionFactors });
  }

  logDensityAt(x: Float64Array, theta: Float64Array): Float64Array {
    const { outputs: D, components } = this.spec;
    const network = densityNetwork(this.spec);
    this.#pass ??= new ForwardPass(network, this.parameters);
    const y = this.#pass.run(standardiseFeatures(x, this.standardisation, new Float32Array(x.length)));
    const t = standardiseParameters(theta, this.standardisation, new Float64Array(theta.length));
    const width = headOutputs(network.head);
    const logSds = this.standardisation.thetaSd.reduce((sum, sd) => sum + Math.log(sd), 0);
    return Float64Array.from(
      { length: theta.length / D },
      (_, n) => logMixture(y.subarray(n * width, (n + 1) * width), t, n * D, D, components) - logSds,
    );
  }

  toBytes(): Uint8Array {
    const header = {
      format: 'chronaxie-estimator-1',
      ...stored.storedParts(this.spec, this.standardisation),
    };
    return stored.writeStored(header, stored.floatsToBytes([this.parameters]));
  }

  /** @throws AppError internal where the bytes are not what toBytes wrote */
  static fromBytes(bytes: Uint8Array): DensityEstimator {
    const { header, rest } = stored.readStored(bytes);
    const { spec, standardisation } = stored.readParts(stored.parseHeader(headerSchema, header));
    return new DensityEstimator(spec, standardisation, stored.bytesToFloats(rest));
  }
}

/** log q(t) of the mixture head's outputs y (native/heads.h), t at `offset` of the array. */
function logMixture(y: Float32Array, t: Float64Array, offset: number, D: number, K: number): number {
  const terms = new Float64Array(K);
  let entry = K + K * D;
  for (let k = 0; k < K; k++) {
    let value = y[k]! - 0.5 * D * Math.log(2 * Math.PI);
    for (let i = 0; i < D; i++) {
      value += y[entry]!;
      let sum = 0;
      for (let j = i; j < D; j++, entry++) {
        const u = i === j ? Math.exp(y[entry]!) : y[entry]!;
        sum += u * (t[offset + j]! - y[K + k * D + j]!);
      }
      value -= 0.5 * sum * sum;
    }
    terms[k] = value;
  }
  return logSumExp(terms) - logSumExp(Float64Array.from(y.subarray(0, K)));
}
