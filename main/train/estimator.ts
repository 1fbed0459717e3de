import { z } from 'zod';
import { AppError } from '../contract/errors.ts';
import { Mixture } from '../density/mixture.ts';
import { embeddingSchema } from './embedding.ts';
import { densityNetwork, parameterCount, type NetworkSpec } from './network.ts';
import { forward } from './reference-forward.ts';
import { standardiseFeatures, type Standardisation } from './standardisation.ts';

export type { Standardisation } from './standardisation.ts';

const numbers = z.array(z.number());
const headerSchema = z.object({
  format: z.literal('chronaxie-estimator-1'),
  spec: z.object({
    inputs: z.number(),
    /** Estimators of earlier versions have none. */
    indicators: numbers.optional(),
    outputs: z.number(),
    hidden: numbers,
    components: z.number(),
    variational: z.boolean(),
    embedding: embeddingSchema.nullish(),
  }),
  /** Estimators of earlier versions have no bends. */
  xCentre: numbers.optional(),
  xBend: numbers.optional(),
  xMean: numbers,
  xSd: numbers,
  thetaMean: numbers,
  thetaSd: numbers,
});

/** A trained q_φ(θ|x): the network, its weights (or their posterior) and its units. Immutable. */
export class DensityEstimator implements Standardisation {
  readonly spec: NetworkSpec;
  readonly xCentre: Float64Array;
  readonly xBend: Float64Array;
  readonly xMean: Float64Array;
  readonly xSd: Float64Array;
  readonly thetaMean: Float64Array;
  readonly thetaSd: Float64Array;
  /** As parameterBlocks says: imputed values, weights, biases; for variational networks their log-sds after. */
  readonly parameters: Float32Array;

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
    this.xCentre = xCentre;
    this.xBend = xBend;
    this.xMean = xMean;
    this.xSd = xSd;
    this.thetaMean = thetaMean;
    this.thetaSd = thetaSd;
    this.parameters = parameters;
  }

  /**
   * q(θ|x) in the parameters' own units, with the mean weights, in float64. With θ = μ + σ t and the network's mixture
   * over t: means μ + σ m_k, U_k diag(1/σ) (upper triangular again, and the Jacobian is in its determinant).
   * @param x [F] raw units; NaN = missing, replaced by the learned value
   */
  condition(x: ArrayLike<number>): Mixture {
    const { spec, thetaMean, thetaSd } = this;
    const { inputs, outputs: D, components: K } = spec;
    if (x.length !== inputs) throw mismatch(`The estimator reads ${inputs} features, not ${x.length}.`);
    const z = standardiseFeatures(x, this, new Float64Array(inputs));
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

  /** A header in JSON (its length first, 4 bytes little-endian), then the parameters as float32 little-endian. */
  toBytes(): Uint8Array {
    const { spec, xCentre, xBend, xMean, xSd, thetaMean, thetaSd, parameters } = this;
    const header = new TextEncoder().encode(
      JSON.stringify({
        format: 'chronaxie-estimator-1',
        spec,
        xCentre: [...xCentre],
        xBend: [...xBend],
        xMean: [...xMean],
        xSd: [...xSd],
        thetaMean: [...thetaMean],
        thetaSd: [...thetaSd],
      }),
    );
    const bytes = new Uint8Array(4 + header.length + 4 * parameters.length);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, header.length, true);
    bytes.set(header, 4);
    parameters.forEach((value, i) => view.setFloat32(4 + header.length + 4 * i, value, true));
    return bytes;
  }

  /** @throws AppError internal where the bytes are not what toBytes wrote */
  static fromBytes(bytes: Uint8Array): DensityEstimator {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const length = bytes.length >= 4 ? view.getUint32(0, true) : Infinity;
    const rest = bytes.length - 4 - length;
    if (!(rest >= 0) || rest % 4 !== 0) throw mismatch('A stored estimator is damaged: its length is wrong.');
    const header = parseHeader(bytes.subarray(4, 4 + length));
    const parameters = Float32Array.from({ length: rest / 4 }, (_, i) =>
      view.getFloat32(4 + length + 4 * i, true),
    );
    const { spec, xMean, xSd, thetaMean, thetaSd } = header;
    const unbent = xMean.map(() => 0);
    const standardisation = {
      xCentre: Float64Array.from(header.xCentre ?? unbent),
      xBend: Float64Array.from(header.xBend ?? unbent),
      xMean: Float64Array.from(xMean),
      xSd: Float64Array.from(xSd),
      thetaMean: Float64Array.from(thetaMean),
      thetaSd: Float64Array.from(thetaSd),
    };
    return new DensityEstimator(spec, standardisation, parameters);
  }
}

function parseHeader(bytes: Uint8Array): z.infer<typeof headerSchema> {
  try {
    return headerSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (cause) {
    throw mismatch('A stored estimator cannot be read.', cause);
  }
}

function mismatch(message: string, cause?: unknown): AppError {
  return new AppError('internal', message, {
    remedy: 'Run the round again; please report this if it comes back.',
    ...(cause === undefined ? {} : { cause }),
  });
}
