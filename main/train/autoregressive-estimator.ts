import { z } from 'zod';
import { AutoregressiveDensity } from './autoregressive-density.ts';
import { mismatch, requireFeatures, type ConditionalEstimator } from './conditional-estimator.ts';
import * as stored from './estimator-bytes.ts';
import { ForwardPass } from './forward-pass.ts';
import { densityNetwork, parameterCount, type NetworkDescription, type NetworkSpec } from './network.ts';
import { NormalMixtureHead } from './normal-mixture.ts';
import { forward, impute, splitParameters } from './reference-forward.ts';
import { LinearPart, linearPartSchema } from './linear-part.ts';
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
  linear: linearPartSchema,
  /** null: no bound */
  low: limits,
  high: limits,
});

/**
 * The d-th network of q(r|x) = Π_d p(r_d | x, r_1 … r_{d−1}), r the residuals of a lower LinearPart: it reads the features and
 * then the residuals before.
 */
export function autoregressiveNetwork(
  spec: NetworkSpec,
  { low, high }: Bounds,
  d: number,
): NetworkDescription {
  const network = densityNetwork({ ...spec, inputs: spec.inputs + d, outputs: 1 });
  const [lower, upper] = [Number.isFinite(low[d]!), Number.isFinite(high[d]!)];
  if (!lower && !upper) return network;
  const bounds = lower && upper ? 'both' : lower ? 'lower' : 'upper';
  return { ...network, head: { kind: 'bounded-mixture', components: spec.components, bounds } };
}

/**
 * What the d-th network's head is compared with, in rows of 3: r_d and the bounds of parameter d as bounds of r_d, which lie
 * elsewhere in every row.
 * @param r [n, D], centre [n, D] of LinearPart.residuals
 */
export function boundedTargets(
  { low, high }: Bounds,
  { thetaMean, thetaSd }: Standardisation,
  { spread }: LinearPart,
  { r, centre }: { r: Float64Array; centre: Float64Array },
  d: number,
): Float64Array {
  const D = low.length;
  const [a, b] = [low, high].map((limit) => (limit[d]! - thetaMean[d]!) / thetaSd[d]!) as [number, number];
  const targets = new Float64Array((3 * r.length) / D);
  for (let row = 0; row * D < r.length; row++) {
    const at = row * D + d;
    targets[3 * row] = r[at]!;
    targets[3 * row + 1] = (a - centre[at]!) / spread[d * D + d]!;
    targets[3 * row + 2] = (b - centre[at]!) / spread[d * D + d]!;
  }
  return targets;
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
  readonly linear: LinearPart;
  /** [D] stored as parameterBlocks says */
  readonly parameters: readonly Float32Array[];
  #passes: ForwardPass[] | null = null;

  /** @throws AppError internal where the parts do not fit together */
  constructor(
    spec: NetworkSpec,
    standardisation: Standardisation,
    bounds: Bounds,
    parameters: readonly Float32Array[],
    linear: LinearPart = LinearPart.identity(spec.outputs, 'lower'),
  ) {
    const { xCentre, xBend, xMean, xSd, thetaMean, thetaSd } = standardisation;
    const D = spec.outputs;
    const fits =
      [xCentre, xBend, xMean, xSd].every((v) => v.length === spec.inputs) &&
      [thetaMean, thetaSd, bounds.low, bounds.high, parameters].every((v) => v.length === D) &&
      parameters.every((own, d) => own.length === parameterCount(autoregressiveNetwork(spec, bounds, d))) &&
      linear.triangle === 'lower' &&
      linear.spread.length === D * D;
    if (!fits) throw mismatch('The parts of an autoregressive estimator do not fit.');
    if (spec.embedding) throw mismatch('An autoregressive estimator reads features, not traces.');
    const bounded = [...bounds.low, ...bounds.high].some(Number.isFinite);
    this.family = bounded ? 'bounded' : 'autoregressive';
    this.spec = spec;
    this.standardisation = standardisation;
    this.bounds = bounds;
    this.linear = linear;
    this.parameters = parameters;
  }

  condition(x: ArrayLike<number>): AutoregressiveDensity {
    const { spec, bounds, linear } = this;
    requireFeatures(spec, x);
    const { thetaMean, thetaSd } = this.standardisation;
    const z = standardiseFeatures(x, this.standardisation, new Float64Array(spec.inputs));
    const networks = this.parameters.map((own, d) => conditioned(this.#network(d), own, z, d));
    const { components, outputs: D } = spec;
    const shift = linear.predict(z, 0).map((value, d) => thetaMean[d]! + thetaSd[d]! * value);
    const scale = linear.spread.map((value, i) => thetaSd[Math.floor(i / D)]! * value);
    return new AutoregressiveDensity({ components, shift, scale, ...bounds, networks });
  }

  logDensityAt(x: Float64Array, theta: Float64Array): Float64Array {
    const { outputs: D, components } = this.spec;
    const { linear, bounds, standardisation } = this;
    this.#passes ??= this.parameters.map((own, d) => new ForwardPass(this.#network(d), own));
    const z = standardiseFeatures(x, standardisation, new Float32Array(x.length));
    const t = standardiseParameters(theta, standardisation, new Float64Array(theta.length));
    const residuals = linear.residuals(z, t);
    const mixture = new NormalMixtureHead(components);
    const logQ = new Float64Array(theta.length / D);
    this.#passes.forEach((pass, d) => {
      const y = pass.run(withResiduals(z, residuals.r, D, d));
      const targets = boundedTargets(bounds, standardisation, linear, residuals, d);
      const logScale = Math.log(standardisation.thetaSd[d]! * linear.spread[d * D + d]!);
      for (let n = 0; n < logQ.length; n++) {
        const value = theta[n * D + d]!;
        const inside = value >= bounds.low[d]! && value <= bounds.high[d]!;
        const [r, a, b] = [targets[3 * n]!, targets[3 * n + 1]!, targets[3 * n + 2]!];
        logQ[n]! += inside ? mixture.logDensity(y, n * 3 * components, 1, r, a, b) - logScale : -Infinity;
      }
    });
    return logQ;
  }

  toBytes(): Uint8Array {
    const finite = (values: Float64Array) => Array.from(values, (v) => (Number.isFinite(v) ? v : null));
    const header = {
      format: 'chronaxie-autoregressive-1',
      ...stored.storedParts(this.spec, this.standardisation),
      linear: this.linear.toJSON(),
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
      const count = parameterCount(autoregressiveNetwork(spec, bounds, d));
      return values.slice(end, (end += count));
    });
    if (end !== values.length) throw mismatch('A stored estimator is damaged: its length is wrong.');
    const linear = LinearPart.fromJSON(parsed.linear, spec.indicators ?? []);
    return new AutoregressiveEstimator(spec, standardisation, bounds, parameters, linear);
  }

  #network(d: number): NetworkDescription {
    return autoregressiveNetwork(this.spec, this.bounds, d);
  }
}

/** The network's inputs: rows of z [n, F], each followed by the first d of its row of r [n, D]. */
export function withResiduals(z: Float32Array, r: ArrayLike<number>, D: number, d: number): Float32Array {
  const n = r.length / D;
  const F = z.length / n;
  const out = new Float32Array(n * (F + d));
  for (let row = 0; row < n; row++) {
    const at = row * (F + d);
    for (let f = 0; f < F; f++) out[at + f] = z[row * F + f]!;
    for (let j = 0; j < d; j++) out[at + F + j] = r[row * D + j]!;
  }
  return out;
}

/**
 * What is left of a network when the features are known: its first layer reads the residuals alone, the features' part is
 * in its bias. The first network, which reads none, is a constant.
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

/** @param inputs [F + d + indicators] the features, zeros for the residuals, the indicators */
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
