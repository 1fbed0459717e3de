import { z } from 'zod';
import { AppError } from '../contract/errors.ts';
import type { Density } from '../density/density.ts';
import type { RandomStream } from '../numeric/random.ts';
import { NormalMixtureHead } from './normal-mixture.ts';
import { rowsAtOnce, TanhNetworks, type LinearLayer } from './tanh-networks.ts';

export interface AutoregressiveParts {
  /** K of every one-dimensional mixture */
  components: number;
  /** [D], [D, D] lower triangular: θ = shift + scale·r for the residuals r that the networks read and describe */
  shift: Float64Array;
  scale: Float64Array;
  /** [D] bounds of θ, infinite where there is none: every normal is restricted to them */
  low: Float64Array;
  high: Float64Array;
  /** [D] the d-th reads r_1 … r_{d−1} and gives K logits, K means and K logarithms of precisions */
  networks: readonly (readonly LinearLayer[])[];
}

/** Of rows, given the parameters before: θ_d = centre + scale·r_d, where the mixture y[row + i·stride] describes r_d. */
interface Conditional {
  d: number;
  y: Float32Array;
  stride: number;
  centres: Float64Array;
  scale: number;
  /** r_d of every row, to be filled in */
  residuals: Float64Array;
}

const bounds = z.array(z.number().nullable());
const jsonSchema = z.strictObject({
  kind: z.literal('autoregressive'),
  components: z.number().int().min(1),
  shift: z.array(z.number()),
  scale: z.array(z.number()),
  low: bounds,
  high: bounds,
  /** Outputs of the layers of each network */
  sizes: z.array(z.array(z.number().int().min(1)).min(1)),
  /** Weights and biases of all layers in order, float32 little-endian, base64 */
  parameters: z.base64(),
});

/**
 * q(θ) = Π_d p(θ_d | θ_1 … θ_{d−1}), each a mixture of K normals, perhaps restricted to the parameter's bounds and normalised
 * there, from a small network of the parameters before it: crescents and separate modes are within reach, and where all bounds are
 * given no mass leaks out of them. The networks are evaluated in float32, the same on every processor.
 */
export class AutoregressiveDensity implements Density {
  readonly dimension: number;
  readonly parts: AutoregressiveParts;
  readonly #head: NormalMixtureHead;
  readonly #networks: TanhNetworks;

  /** @throws AppError input-invalid where the parts do not fit together or are not finite */
  constructor(parts: AutoregressiveParts) {
    requireFit(parts);
    this.dimension = parts.shift.length;
    this.parts = parts;
    this.#head = new NormalMixtureHead(parts.components);
    this.#networks = new TanhNetworks(parts.networks);
  }

  logDensity(theta: ArrayLike<number>, offset = 0): number {
    return this.logDensities(Float64Array.from({ length: this.dimension }, (_, d) => theta[offset + d]!))[0]!;
  }

  /** By the native kernels, in float32: within 2e-4 up to some tens of standard deviations. */
  logDensities(theta: Float64Array): Float64Array {
    const { dimension: D } = this;
    const { low, high, components } = this.parts;
    const logQ = new Float64Array(theta.length / D);
    for (let start = 0; start < logQ.length; start += rowsAtOnce) {
      const rows = Math.min(rowsAtOnce, logQ.length - start);
      this.#forEachParameter(rows, ({ d, y, stride, centres, scale, residuals }) => {
        const target = this.#networks.target().fill(0);
        const which = Number(low[d]! > -Infinity) + 2 * Number(high[d]! < Infinity);
        for (let row = 0; row < rows; row++) {
          const value = theta[(start + row) * D + d]!;
          residuals[row] = target[row] = (value - centres[row]!) / scale;
          if (which & 1) target[stride + row] = (low[d]! - centres[row]!) / scale;
          if (which & 2) target[2 * stride + row] = (high[d]! - centres[row]!) / scale;
          logQ[start + row]! += value >= low[d]! && value <= high[d]! ? -Math.log(scale) : -Infinity;
        }
        const conditional = this.#networks.logDensity(y, components, which);
        for (let row = 0; row < rows; row++) logQ[start + row]! += conditional[row]!;
      });
    }
    return logQ;
  }

  /** Two uniform numbers a parameter, row after row: the first draws do not depend on n. */
  draw(n: number, random: RandomStream): Float64Array {
    const { dimension: D } = this;
    const { low, high } = this.parts;
    const uniforms = Float64Array.from({ length: 2 * n * D }, () => random.uniform());
    const theta = new Float64Array(n * D);
    for (let start = 0; start < n; start += rowsAtOnce) {
      const rows = Math.min(rowsAtOnce, n - start);
      this.#forEachParameter(rows, ({ d, y, stride, centres, scale, residuals }) => {
        for (let row = 0; row < rows; row++) {
          const at = (start + row) * D + d;
          const centre = centres[row]!;
          const [a, b] = [(low[d]! - centre) / scale, (high[d]! - centre) / scale];
          const r = this.#head.draw(y, row, stride, [uniforms[2 * at]!, uniforms[2 * at + 1]!], a, b);
          residuals[row] = r;
          // Rounding must not carry a draw over its bound.
          theta[at] = Math.min(high[d]!, Math.max(low[d]!, centre + scale * r));
        }
      });
    }
    return theta;
  }

  /** Parameter after parameter; `visit` fills in the residuals, which the networks behind read. */
  #forEachParameter(rows: number, visit: (parameter: Conditional) => void): void {
    const { dimension: D } = this;
    const { shift, scale } = this.parts;
    const all = Array.from({ length: D }, () => new Float64Array(rows));
    const stride = this.#networks.begin(rows);
    for (let d = 0; d < D; d++) {
      const centres = new Float64Array(rows).fill(shift[d]!);
      for (let j = 0; j < d; j++) {
        const share = scale[d * D + j]!;
        const before = all[j]!;
        for (let row = 0; row < rows; row++) centres[row]! += share * before[row]!;
      }
      const residuals = all[d]!;
      visit({ d, y: this.#networks.run(d), stride, centres, scale: scale[d * D + d]!, residuals });
      const input = this.#networks.input(d).fill(0);
      input.set(residuals);
    }
  }

  toJSON(): z.infer<typeof jsonSchema> {
    const { components, shift, scale, low, high, networks } = this.parts;
    const finite = (values: Float64Array) => Array.from(values, (v) => (Number.isFinite(v) ? v : null));
    return {
      kind: 'autoregressive',
      components,
      shift: [...shift],
      scale: [...scale],
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
    const { components, shift, scale, low, high, sizes, parameters } = parsed.data;
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
      shift: Float64Array.from(shift),
      scale: Float64Array.from(scale),
      low: Float64Array.from(low, (value) => value ?? -Infinity),
      high: Float64Array.from(high, (value) => value ?? Infinity),
      networks,
    });
  }
}

function requireFit({ components, shift, scale, low, high, networks }: AutoregressiveParts): void {
  const D = shift.length;
  const lengths = scale.length === D * D && [low, high, networks].every((part) => part.length === D);
  const units = [...shift, ...scale].every(Number.isFinite) && low.every((_, d) => scale[d * D + d]! > 0);
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
  if (D === 0 || !lengths || !units || !layers || !heads || networks[0]!.length !== 1)
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
