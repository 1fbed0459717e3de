import { Arena, layOutParameters, padded, unpack, type ParameterLayout } from './memory.ts';
import { headOutputs, type NetworkDescription } from './network.ts';
import { planLayer, type PlanContext, type PlannedLayer } from './planned-layers.ts';
import { claimMemory, sharedFloats, sharedKernels } from './shared-kernels.ts';

/** Rows at once; fewer where a recurrent layer keeps its state at every step of every row. */
const rowsAtOnce = 256;
const recurrentRowsAtOnce = 16;

/**
 * The outputs of a network with its mean weights for many rows, by the strict kernels: float32, the same on every
 * processor and whatever rows stand beside a row.
 */
export class ForwardPass {
  readonly network: NetworkDescription;
  readonly #parameters: Float32Array;
  readonly #layout: ParameterLayout;
  readonly #rows: number;
  readonly #gathered: number;
  readonly #input: number;
  readonly #trainable: number;
  readonly #layers: PlannedLayer[] = [];
  readonly #constants: { at: number; values: readonly number[] }[] = [];
  readonly #end: number;

  /** @param parameters stored as parameterBlocks says */
  constructor(network: NetworkDescription, parameters: Float32Array) {
    const kernels = sharedKernels();
    const arena = new Arena(kernels.heapBase);
    this.network = network;
    this.#parameters = parameters;
    this.#layout = layOutParameters(network);
    this.#rows = network.layers.some(({ kind }) => kind === 'gru') ? recurrentRowsAtOnce : rowsAtOnce;
    this.#trainable = arena.floats(this.#layout.length);
    this.#gathered = arena.floats(this.#rows * network.inputs);
    this.#input = arena.floats(this.#rows * network.inputs);
    const context: PlanContext = {
      kernels,
      arena,
      batch: this.#rows,
      noise: 0,
      learnsImputation: false,
      address: ({ start }) => {
        const value = this.#trainable + 4 * start;
        return { value, gradient: 0, variance: 0, varianceGradient: 0 };
      },
      constant: (values) => {
        const at = arena.floats(values.length);
        this.#constants.push({ at, values });
        return at;
      },
    };
    const input = { features: network.inputs, value: this.#input, gradient: 0 };
    network.layers.forEach((layer, index) => {
      const blocks = this.#layout.blocks.filter((block) => block.layer === index);
      this.#layers.push(planLayer(context, layer, blocks, this.#layers.at(-1)?.output ?? input));
    });
    this.#end = arena.end;
  }

  /**
   * @param x [n, inputs] row-major, standardised, NaN = missing
   * @returns [n, outputs] row-major
   */
  run(x: Float32Array): Float32Array {
    this.#claim();
    const kernels = sharedKernels();
    const { inputs, head } = this.network;
    const outputs = headOutputs(head);
    const n = x.length / inputs;
    const y = new Float32Array(n * outputs);
    for (let start = 0; start < n; start += this.#rows) {
      const rows = Math.min(this.#rows, n - start);
      const batch = { rows, padded: padded(rows) };
      sharedFloats(this.#gathered, rows * inputs).set(x.subarray(start * inputs, (start + rows) * inputs));
      kernels.transpose(this.#gathered, rows, inputs, inputs, this.#input, batch.padded);
      for (const { evaluate } of this.#layers) evaluate(batch);
      const found = sharedFloats(this.#layers.at(-1)!.output.value, outputs * batch.padded);
      for (let o = 0; o < outputs; o++)
        for (let row = 0; row < rows; row++) y[(start + row) * outputs + o] = found[o * batch.padded + row]!;
    }
    return y;
  }

  #claim(): void {
    if (!claimMemory(this, this.#end)) return;
    unpack(this.#layout, this.#parameters, sharedFloats(this.#trainable, this.#layout.length), 0);
    for (const { at, values } of this.#constants) sharedFloats(at, values.length).set(values);
  }
}
