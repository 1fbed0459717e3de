import { matrixTimes } from './matrix-product.ts';
import { blockSize, parameterBlocks, type NetworkDescription } from './network.ts';
import { appendConstants, convolutionForward, gruForward, gruParameters } from './reference-sequence.ts';

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
    if (layer.kind === 'impute') value = impute(value, own[0]!, layer.indicators);
    else if (layer.kind === 'linear') value = matrixTimes(own[0]!, own[1]!, value, rows);
    else if (layer.kind === 'append') value = appendConstants(value, layer.values, rows);
    else if (layer.kind === 'conv') value = convolutionForward(layer, own[0]!, own[1]!, value, rows);
    else if (layer.kind === 'gru') value = gruForward(layer, gruParameters(own), value, rows).last;
    else if (layer.kind === 'tanh') value = value.map(Math.tanh);
    else value = value.map((v) => (v < 0 ? 0 : v));
  });
  return value;
}

/**
 * NaN replaced by the feature's learned value, then 1 or 0 for each indicator: whether its feature was missing.
 * @param x [rows, F]
 * @returns [rows, F + indicators]
 */
export function impute(x: Float64Array, values: Float64Array, indicators: readonly number[]): Float64Array {
  const features = values.length;
  const width = features + indicators.length;
  const y = new Float64Array((x.length / features) * width);
  for (let i = 0; i < x.length; i++) {
    const [row, f] = [Math.floor(i / features), i % features];
    y[row * width + f] = Number.isNaN(x[i]!) ? values[f]! : x[i]!;
  }
  for (let row = 0; row * features < x.length; row++)
    indicators.forEach((f, i) => {
      y[row * width + features + i] = Number.isNaN(x[row * features + f]!) ? 1 : 0;
    });
  return y;
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
