import { z } from 'zod';
import { AppError } from '../contract/errors.ts';
import type { Density } from '../density/density.ts';
import type { RandomStream } from '../numeric/random.ts';
import { NormalMixtureHead } from './normal-mixture.ts';
import { rowsAtOnce, TanhNetworks, type LinearLayer } from './tanh-networks.ts';

export interface AutoregressiveParts {
  /** K of every one-dimensional mixture */
  components: number;
  /** [D] of the standardised parameters t = (θ − mean)/sd that the networks read and describe */
  thetaMean: Float64Array;
  thetaSd: Float64Array;
  /** [D] bounds of θ, infinite where there is none: every normal is restricted to them */
  low: Float64Array;
  high: Float64Array;
  /** [D] the d-th reads t_1 … t_{d−1} and gives K logits, K means and K logarithms of precisions */
  networks: readonly (readonly LinearLayer[])[];
}

const bounds = z.array(z.number().nullable());
const jsonSchema = z.strictObject({
  kind: z.literal('autoregressive'),
  components: z.number().int().min(1),
  thetaMean: z.array(z.number()),
  thetaSd: z.array(z.number().positive()),
  low: bounds,
  high: bounds,
  /** Outputs of the layers of each network */
  sizes: z.array(z.array(z.number().int().min(1)).min(1)),
  /** Weights and biases of all layers in order, float32 little-endian, base64 */
  parameters: z.base64(),
});

/**
 * q(θ) = Π_d p(θ_d | θ_1 … θ_{d−1}), each a mixture of K normals, perhaps restricted to the parameter's bounds and normalised
 * there, from a small network of the parameters before it: any shape can be bent into any other, and where all bounds are
 * given no mass leaks out of them. The networks are evaluated in float32, the same on every processor.
 */
export class AutoregressiveDensity implements Density {
  readonly dimension: number;
  readonly parts: AutoregressiveParts;
  readonly #heads: NormalMixtureHead[];
  readonly #networks: TanhNetworks;

  /** @throws AppError input-invalid where the parts do not fit together or are not finite */
  constructor(parts: AutoregressiveParts) {
    const { components, thetaMean, thetaSd, low, high, networks } = parts;
    requireFit(parts);
    this.dimension = thetaMean.length;
    this.parts = parts;
    const standardised = (value: number, d: number) => (value - thetaMean[d]!) / thetaSd[d]!;
    this.#heads = networks.map(
      (_, d) => new NormalMixtureHead(components, standardised(low[d]!, d), standardised(high[d]!, d)),
    );
    this.#networks = new TanhNetworks(networks);
  }

  logDensity(theta: ArrayLike<number>, offset = 0): number {
    return this.logDensities(Float64Array.from({ length: this.dimension }, (_, d) => theta[offset + d]!))[0]!;
  }

  logDensities(theta: Float64Array): Float64Array {
    const { dimension: D } = this;
    const { thetaMean, thetaSd, low, high } = this.parts;
    const n = theta.length / D;
    const logQ = new Float64Array(n);
    for (let start = 0; start < n; start += rowsAtOnce) {
      const rows = Math.min(rowsAtOnce, n - start);
      const stride = this.#networks.begin(rows);
      for (let d = 0; d < D; d++) {
        const y = this.#networks.run(d);
        const head = this.#heads[d]!;
        const input = this.#networks.input(d).fill(0);
        const logSd = Math.log(thetaSd[d]!);
        for (let row = 0; row < rows; row++) {
          const value = theta[(start + row) * D + d]!;
          const t = (value - thetaMean[d]!) / thetaSd[d]!;
          input[row] = t;
          const inside = value >= low[d]! && value <= high[d]!;
          logQ[start + row]! += inside ? head.logDensity(y, row, stride, t) - logSd : -Infinity;
        }
      }
    }
    return logQ;
  }

  /** Two uniform numbers a parameter, row after row: the first draws do not depend on n. */
  draw(n: number, random: RandomStream): Float64Array {
    const { dimension: D } = this;
    const { thetaMean, thetaSd, low, high } = this.parts;
    const uniforms = Float64Array.from({ length: 2 * n * D }, () => random.uniform());
    const theta = new Float64Array(n * D);
    for (let start = 0; start < n; start += rowsAtOnce) {
      const rows = Math.min(rowsAtOnce, n - start);
      const stride = this.#networks.begin(rows);
      for (let d = 0; d < D; d++) {
        const y = this.#networks.run(d);
        const head = this.#heads[d]!;
        const input = this.#networks.input(d).fill(0);
        for (let row = 0; row < rows; row++) {
          const at = (start + row) * D + d;
          const t = head.draw(y, row, stride, uniforms[2 * at]!, uniforms[2 * at + 1]!);
          // Rounding must not carry a draw over its bound.
          theta[at] = Math.min(high[d]!, Math.max(low[d]!, thetaMean[d]! + thetaSd[d]! * t));
          input[row] = t;
        }
      }
    }
    return theta;
  }

  toJSON(): z.infer<typeof jsonSchema> {
    const { components, thetaMean, thetaSd, low, high, networks } = this.parts;
    const finite = (values: Float64Array) => Array.from(values, (v) => (Number.isFinite(v) ? v : null));
    return {
      kind: 'autoregressive',
      components,
      thetaMean: [...thetaMean],
      thetaSd: [...thetaSd],
      low: finite(low),
      high: finite(high),
      sizes: networks.map((layers) => layers.map(({ bias }) => bias.length)),
      parameters: toBase64(networks.flat().flatMap(({ weights, bias }) => [weights, bias])),
    };
  }

  /** @throws AppError input-invalid where the value is not what toJSON wrote */
  static fromJSON(json: unknown): AutoregressiveDensity {
    const parsed = jsonSchema.safeParse(json);
    if (!parsed.success) throw invalid(`A stored posterior cannot be read: ${z.prettifyError(parsed.error)}`);
    const { components, thetaMean, thetaSd, low, high, sizes, parameters } = parsed.data;
    const values = fromBase64(parameters);
    let end = 0;
    const take = (length: number) => values.slice(end, (end += length));
    const networks = sizes.map((outputs, d) =>
      outputs.map((size, layer) => {
        // The first network is constant: its only layer reads nothing.
        const inputs = layer === 0 ? d : outputs[layer - 1]!;
        return { weights: take(size * inputs), bias: take(size) };
      }),
    );
    if (end !== values.length) throw invalid('A stored posterior has parameters too many or too few.');
    return new AutoregressiveDensity({
      components,
      thetaMean: Float64Array.from(thetaMean),
      thetaSd: Float64Array.from(thetaSd),
      low: Float64Array.from(low, (value) => value ?? -Infinity),
      high: Float64Array.from(high, (value) => value ?? Infinity),
      networks,
    });
  }
}

function requireFit({ components, thetaMean, thetaSd, low, high, networks }: AutoregressiveParts): void {
  const D = thetaMean.length;
  const lengths = [thetaSd, low, high, networks].every((part) => part.length === D);
  const layers = networks.every((own, d) =>
    own.every(({ weights, bias }, i) => {
      const inputs = i === 0 ? d : own[i - 1]!.bias.length;
      return (
        weights.length === inputs * bias.length &&
        weights.every(Number.isFinite) &&
        bias.every(Number.isFinite)
      );
    }),
  );
  const heads = networks.every((own) => own.at(-1)?.bias.length === 3 * components);
  if (D === 0 || !lengths || !layers || !heads || networks[0]!.length !== 1)
    throw invalid('The parts of an autoregressive density do not fit together, or are not finite.');
}

function toBase64(parts: readonly Float32Array[]): string {
  const total = parts.reduce((sum, part) => sum + part.length, 0);
  const bytes = Buffer.alloc(4 * total);
  let offset = 0;
  for (const part of parts) for (const value of part) offset = bytes.writeFloatLE(value, offset);
  return bytes.toString('base64');
}

function fromBase64(text: string): Float32Array {
  const bytes = Buffer.from(text, 'base64');
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));
}

function invalid(message: string): AppError {
  return new AppError('input-invalid', message, {
    remedy: 'Train again from the last good round; if it happens again, use a smaller learning rate.',
  });
}
