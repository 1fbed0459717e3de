import { blockSize, parameterBlocks, type NetworkDescription } from './network.ts';

/** One linear layer's parameters, float64: weights [outputs, inputs] row-major, bias [outputs]. */
export function matrixTimes(
  weights: Float64Array,
  bias: Float64Array,
  x: Float64Array,
  rows: number,
): Float64Array {
  const outputs = bias.length;
  const inputs = weights.length / outputs;
  const y = new Float64Array(rows * outputs);
  for (let n = 0; n < rows; n++) {
    for (let o = 0; o < outputs; o++) {
      let sum = bias[o]!;
      for (let i = 0; i < inputs; i++) sum += weights[o * inputs + i]! * x[n * inputs + i]!;
      y[n * outputs + o] = sum;
    }
  }
  return y;
}

/**
 * The network's outputs in plain float64 with the mean weights: what prediction uses, and the oracle of the kernels.
 * @param parameters stored as in parameterBlocks; log-sds, if any, are not read
 * @param x [rows, inputs] row-major, NaN where an impute layer follows
 * @returns [rows, outputs of the last layer]
 */
export function forward(
  network: NetworkDescription,
  parameters: Float32Array | Float64Array,
  x: Float64Array,
  rows: number,
): Float64Array {
  const blocks = splitParameters(network, parameters);
  let value = x;
  network.layers.forEach((layer, index) => {
    const own = blocks[index]!;
    if (layer.kind === 'impute') {
      const width = own[0]!.length;
      value = value.map((v, i) => (Number.isNaN(v) ? own[0]![i % width]! : v));
    } else if (layer.kind === 'linear') value = matrixTimes(own[0]!, own[1]!, value, rows);
    else if (layer.kind === 'tanh') value = value.map(Math.tanh);
    else value = value.map((v) => (v < 0 ? 0 : v));
  });
  return value;
}

/** The values of every layer's blocks as float64, by layer. */
export function splitParameters(
  network: NetworkDescription,
  parameters: Float32Array | Float64Array,
): Float64Array[][] {
  const byLayer: Float64Array[][] = network.layers.map(() => []);
  let offset = 0;
  for (const block of parameterBlocks(network)) {
    const size = blockSize(block);
    byLayer[block.layer]!.push(Float64Array.from(parameters.subarray(offset, offset + size)));
    offset += size;
  }
  return byLayer;
}
