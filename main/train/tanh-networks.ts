import { Arena, padded } from './memory.ts';
import { claimMemory, sharedFloats, sharedKernels } from './shared-kernels.ts';

/** weights [outputs, inputs] row-major, bias [outputs]. */
export interface LinearLayer {
  weights: Float32Array;
  bias: Float32Array;
}

interface PlacedLayer extends LinearLayer {
  inputs: number;
  outputs: number;
  weightsAt: number;
  biasAt: number;
}

/** Rows evaluated at once. */
export const rowsAtOnce = 256;

/**
 * D small networks, linear layers with tanh between them, of which the d-th reads the first d of the numbers of a row; by
 * the strict kernels, in batches. The numbers lie as [D][batch], so that one network's input is the next one's with a row
 * more.
 */
export class TanhNetworks {
  readonly #networks: PlacedLayer[][];
  readonly #input: number;
  readonly #scratch: [number, number];
  readonly #head: { target: number; scratch: number; logQ: number };
  readonly #end: number;
  #batch = 0;

  /** @param networks the layers of each; the first one's layer has no inputs */
  constructor(networks: readonly (readonly LinearLayer[])[]) {
    const arena = new Arena(sharedKernels().heapBase);
    this.#networks = networks.map((layers) =>
      layers.map(({ weights, bias }) => {
        const outputs = bias.length;
        const inputs = weights.length / outputs;
        const weightsAt = arena.floats(outputs * padded(inputs));
        return { weights, bias, inputs, outputs, weightsAt, biasAt: arena.floats(padded(outputs)) };
      }),
    );
    const widest = Math.max(...this.#networks.flat().map(({ outputs }) => outputs));
    this.#input = arena.floats(networks.length * rowsAtOnce);
    this.#scratch = [arena.floats(widest * rowsAtOnce), arena.floats(widest * rowsAtOnce)];
    this.#head = {
      target: arena.floats(3 * rowsAtOnce),
      scratch: arena.floats(4 * widest),
      logQ: arena.floats(rowsAtOnce),
    };
    this.#end = arena.end;
  }

  /** Starts on up to 256 rows. @returns their number with padding: the stride of all that is read and written */
  begin(rows: number): number {
    if (claimMemory(this, this.#end)) this.#fill();
    this.#batch = padded(rows);
    return this.#batch;
  }

  /** The d-th number of every row, to be written before the networks behind it run. */
  input(d: number): Float32Array {
    return sharedFloats(this.#input + 4 * d * this.#batch, this.#batch);
  }

  /** Outputs of the d-th network, [outputs][batch]; overwritten by the next one's. */
  run(d: number): Float32Array {
    const kernels = sharedKernels();
    const layers = this.#networks[d]!;
    const batch = this.#batch;
    if (layers[0]!.inputs === 0) return this.#constant(layers[0]!);
    let from = this.#input;
    layers.forEach(({ inputs, outputs, weightsAt, biasAt }, index) => {
      const to = this.#scratch[index % 2]!;
      kernels.linearForward(outputs, inputs, batch, weightsAt, biasAt, from, to);
      if (index < layers.length - 1) kernels.tanhForward(outputs * batch, to);
      from = to;
    });
    return sharedFloats(from, layers.at(-1)!.outputs * batch);
  }

  /** Of every row: a parameter, its lower and its upper bound, [3][batch], for logDensity. */
  target(): Float32Array {
    return sharedFloats(this.#head.target, 3 * this.#batch);
  }

  /**
   * log density of the targets under the mixtures of K normals that the last run gave (NormalMixtureHead), float32.
   * @param which of the two bounds are there: 1 the lower, 2 the upper, 3 both, 0 none
   */
  logDensity(y: Float32Array, components: number, which: number): Float32Array {
    const { target, scratch, logQ } = this.#head;
    sharedKernels().mixtureLogDensity(components, which, this.#batch, y.byteOffset, target, scratch, logQ);
    return sharedFloats(logQ, this.#batch);
  }

  /** A layer that reads nothing. */
  #constant({ bias, outputs }: PlacedLayer): Float32Array {
    const y = sharedFloats(this.#scratch[0], outputs * this.#batch);
    bias.forEach((value, o) => y.fill(value, o * this.#batch, (o + 1) * this.#batch));
    return y;
  }

  #fill(): void {
    for (const { weights, bias, inputs, outputs, weightsAt, biasAt } of this.#networks.flat()) {
      const stride = padded(inputs);
      const rows = sharedFloats(weightsAt, outputs * stride).fill(0);
      for (let o = 0; o < outputs; o++) rows.set(weights.subarray(o * inputs, (o + 1) * inputs), o * stride);
      sharedFloats(biasAt, outputs).set(bias);
    }
  }
}
