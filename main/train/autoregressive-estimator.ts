import { z } from 'zod';
import { AutoregressiveDensity } from './autoregressive-density.ts';
import { mismatch, requireFeatures, type ConditionalEstimator } from './conditional-estimator.ts';
import * as stored from './estimator-bytes.ts';
import { ForwardPass } from './forward-pass.ts';
import { densityNetwork, parameterCount, type NetworkDescription, type NetworkSpec } from './network.ts';
import { NormalMixtureHead } from './normal-mixture.ts';
import { forward, impute, splitParameters } from './reference-forward.ts';
import { standardiseFeatures, standardiseParameters, type Standardisation } from './standardisation.ts';
import type { LinearLayer } from './tanh-networks.ts';

/** Bounds of every parameter, [D] each, in its own (working) units; infinite where there is none. */
export interface Bounds {
  low: Float64Array;
  high: Float64Array;
}

const limits = z.array(z.number().nullable());
const headerSchema = stored.partsSchema.extend({
  format: z.literal('chronaxie-autoregressive-1'),
  /** null: no bound */
  low: limits,
  high: limits,
});

/** The d-th network of q(θ|x) = Π_d p(θ_d | x, θ_1 … θ_{d−1}): it reads the features and then the parameters before. */
export function autoregressiveNetwork(
  spec: NetworkSpec,
  { thetaMean, thetaSd }: Standardisation,
  bounds: Bounds,
  d: number,
): NetworkDescription {
  const network = densityNetwork({ ...spec, inputs: spec.inputs + d, outputs: 1 });
  const [low, high] = [bounds.low, bounds.high].map((limit) => (limit[d]! - thetaMean[d]!) / thetaSd[d]!) as [
    number,
    number,
  ];
  if (low === -Infinity && high === Infinity) return network;
  return { ...network, head: { kind: 'bounded-mixture', components: spec.components, low, high } };
}

/**
 * q_φ(θ|x) as a product of one-dimensional mixtures, one network a parameter; `bounded` where their normals are restricted to
 * bounds. Immutable.
 */
export class AutoregressiveEstimator implements ConditionalEstimator {
  readonly family: 'autoregressive' | 'bounded';
  readonly spec: NetworkSpec;
  readonly standardisation: Standardisation;
  readonly bounds: Bounds;
  /** [D] stored as parameterBlocks says */
  readonly parameters: readonly Float32Array[];
  #passes: ForwardPass[] | null = null;

  /** @throws AppError internal where the parts do not fit together */
  constructor(
    spec: NetworkSpec,
    standardisation: Standardisation,
    bounds: Bounds,
    parameters: readonly Float32Array[],
  ) {
    const { xCentre, xBend, xMean, xSd, thetaMean, thetaSd } = standardisation;
    const D = spec.outputs;
    const fits =
      [xCentre, xBend, xMean, xSd].every((v) => v.length === spec.inputs) &&
      [thetaMean, thetaSd, bounds.low, bounds.high, parameters].every((v) => v.length === D) &&
      parameters.every(
        (own, d) => own.length === parameterCount(autoregressiveNetwork(spec, standardisation, bounds, d)),
      );
    if (!fits) throw mismatch('The parts of an autoregressive estimator do not fit.');
    if (spec.embedding) throw mismatch('An autoregressive estimator reads features, not traces.');
    const bounded = [...bounds.low, ...bounds.high].some(Number.isFinite);
    this.family = bounded ? 'bounded' : 'autoregressive';
    this.spec = spec;
    this.standardisation = standardisation;
    this.bounds = bounds;
    this.parameters = parameters;
  }

  condition(x: ArrayLike<number>): AutoregressiveDensity {
    const { spec, bounds } = this;
    requireFeatures(spec, x);
    const { thetaMean, thetaSd } = this.standardisation;
    const z = standardiseFeatures(x, this.standardisation, new Float64Array(spec.inputs));
    const networks = this.parameters.map((own, d) => conditioned(this.#network(d), own, z, d));
    const { low, high } = bounds;
    return new AutoregressiveDensity({
      components: spec.components,
      thetaMean,
      thetaSd,
      low,
      high,
      networks,
    });
  }

  logDensityAt(x: Float64Array, theta: Float64Array): Float64Array {
    const { inputs: F, outputs: D, components } = this.spec;
    const { thetaSd } = this.standardisation;
    this.#passes ??= this.parameters.map((own, d) => new ForwardPass(this.#network(d), own));
    const z = standardiseFeatures(x, this.standardisation, new Float32Array(x.length));
    const t = standardiseParameters(theta, this.standardisation, new Float64Array(theta.length));
    const logQ = new Float64Array(theta.length / D);
    this.#passes.forEach((pass, d) => {
      const y = pass.run(withParameters(z, t, F, D, d));
      const { head } = pass.network;
      const { low, high } = head.kind === 'bounded-mixture' ? head : { low: -Infinity, high: Infinity };
      const mixture = new NormalMixtureHead(components, low, high);
      const logSd = Math.log(thetaSd[d]!);
      for (let n = 0; n < logQ.length; n++) {
        const value = theta[n * D + d]!;
        const inside = value >= this.bounds.low[d]! && value <= this.bounds.high[d]!;
        logQ[n]! += inside ? mixture.logDensity(y, n * 3 * components, 1, t[n * D + d]!) - logSd : -Infinity;
      }
    });
    return logQ;
  }

  toBytes(): Uint8Array {
    const finite = (values: Float64Array) => Array.from(values, (v) => (Number.isFinite(v) ? v : null));
    const header = {
      format: 'chronaxie-autoregressive-1',
      ...stored.storedParts(this.spec, this.standardisation),
      low: finite(this.bounds.low),
      high: finite(this.bounds.high),
    };
    return stored.writeStored(header, stored.floatsToBytes(this.parameters));
  }

  /** @throws AppError internal where the bytes are not what toBytes wrote */
  static fromBytes(bytes: Uint8Array): AutoregressiveEstimator {
    const { header, rest } = stored.readStored(bytes);
    const parsed = stored.parseHeader(headerSchema, header);
    const { spec, standardisation } = stored.readParts(parsed);
    const bounds = {
      low: Float64Array.from(parsed.low, (value) => value ?? -Infinity),
      high: Float64Array.from(parsed.high, (value) => value ?? Infinity),
    };
    const values = stored.bytesToFloats(rest);
    let end = 0;
    const parameters = parsed.low.map((_, d) => {
      const count = parameterCount(autoregressiveNetwork(spec, standardisation, bounds, d));
      return values.slice(end, (end += count));
    });
    if (end !== values.length) throw mismatch('A stored estimator is damaged: its length is wrong.');
    return new AutoregressiveEstimator(spec, standardisation, bounds, parameters);
  }

  #network(d: number): NetworkDescription {
    return autoregressiveNetwork(this.spec, this.standardisation, this.bounds, d);
  }
}

/** The network's inputs: rows of z [n, F], each followed by the first d of t [n, D]. */
export function withParameters(
  z: Float32Array,
  t: ArrayLike<number>,
  F: number,
  D: number,
  d: number,
  out: Float32Array = new Float32Array((z.length / F) * (F + d)),
): Float32Array {
  const n = z.length / F;
  for (let row = 0; row < n; row++) {
    const at = row * (F + d);
    for (let f = 0; f < F; f++) out[at + f] = z[row * F + f]!;
    for (let j = 0; j < d; j++) out[at + F + j] = t[row * D + j]!;
  }
  return out;
}

/**
 * What is left of a network when the features are known: its first layer reads the parameters alone, the features' part is
 * in its bias. The first network, which reads no parameters, is a constant.
 */
function conditioned(
  network: NetworkDescription,
  parameters: Float32Array,
  z: Float64Array,
  d: number,
): LinearLayer[] {
  if (d === 0) {
    const bias = Float32Array.from(forward(network, parameters, z, 1));
    return [{ weights: new Float32Array(0), bias }];
  }
  const blocks = splitParameters(network, parameters);
  const layers: LinearLayer[] = [];
  let inputs = new Float64Array(0);
  network.layers.forEach((layer, index) => {
    const own = blocks[index]!;
    if (layer.kind === 'impute') {
      const row = new Float64Array(z.length + d);
      row.set(z);
      inputs = Float64Array.from(impute(row, own[0]!, layer.indicators));
    } else if (layer.kind === 'linear') {
      const [weights, bias] = own as [Float64Array, Float64Array];
      layers.push(
        layers.length > 0
          ? { weights: Float32Array.from(weights), bias: Float32Array.from(bias) }
          : foldFeatures(weights, bias, inputs, z.length, d),
      );
    }
  });
  return layers;
}

/** @param inputs [F + d + indicators] the features, zeros for the parameters, the indicators */
function foldFeatures(
  weights: Float64Array,
  bias: Float64Array,
  inputs: Float64Array,
  F: number,
  d: number,
): LinearLayer {
  const width = inputs.length;
  const folded = { weights: new Float32Array(bias.length * d), bias: new Float32Array(bias.length) };
  bias.forEach((value, o) => {
    let sum = value;
    for (let i = 0; i < width; i++) sum += weights[o * width + i]! * inputs[i]!;
    folded.bias[o] = sum;
    for (let j = 0; j < d; j++) folded.weights[o * d + j] = weights[o * width + F + j]!;
  });
  return folded;
}
