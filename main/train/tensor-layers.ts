import type * as tfjs from '@tensorflow/tfjs-core';
import { blockSize, parameterBlocks, type LayerDescription, type NetworkDescription } from './network.ts';
import { convolutionOnTensors, gruOnTensors } from './tensor-sequence.ts';

export type Tensor = tfjs.Tensor;
/** TensorFlow.js with the backend that computes. */
export type TensorFlow = typeof tfjs;

/** One minibatch on the device, feature-major like the kernels' activations: [features, rows]. */
export interface TensorBatch {
  rows: number;
  /** 0 where a feature is missing */
  x: Tensor;
  /** 1 where a feature is missing, else 0; null = none ever is */
  missing: Tensor | null;
}

/** The parameters of one layer, [rows, columns] each, and those of their log-sds; [] for points. */
export interface LayerTensors {
  values: Tensor[];
  logSds: Tensor[];
}

/** Parameters as stored (network.ts) → one tensor a block, [rows, columns]: first all values, then the log-sds. */
export function splitBlocks(tf: TensorFlow, network: NetworkDescription, stored: Tensor): Tensor[] {
  const blocks = parameterBlocks(network);
  const all = [...blocks, ...blocks.filter(({ variational }) => variational)];
  return tf
    .split(stored, all.map(blockSize))
    .map((part, i) => tf.reshape(part, [all[i]!.rows, all[i]!.columns]));
}

/** The tensors of splitBlocks by layer. */
export function byLayer(network: NetworkDescription, tensors: readonly Tensor[]): LayerTensors[] {
  const layers = network.layers.map((): LayerTensors => ({ values: [], logSds: [] }));
  const blocks = parameterBlocks(network);
  blocks.forEach(({ layer }, i) => layers[layer]!.values.push(tensors[i]!));
  blocks
    .filter(({ variational }) => variational)
    .forEach(({ layer }, i) => layers[layer]!.logSds.push(tensors[blocks.length + i]!));
  return layers;
}

/**
 * The layers of a network as operations of TensorFlow.js, which differentiates them: the same mathematics as
 * reference-layers.ts and the kernels.
 * @param draw noise of a variational layer, [outputs, rows] standard normals; null = the mean weights
 * @returns [outputs of the last layer, rows]
 */
export function forwardOnTensors(
  tf: TensorFlow,
  network: NetworkDescription,
  parameters: readonly Tensor[],
  batch: TensorBatch,
  draw: ((outputs: number) => Tensor) | null,
): Tensor {
  const layers = byLayer(network, parameters);
  return network.layers.reduce(
    (x, layer, index) => applyLayer(tf, layer, layers[index]!, x, batch, draw),
    batch.x,
  );
}

function applyLayer(
  tf: TensorFlow,
  layer: LayerDescription,
  { values, logSds }: LayerTensors,
  x: Tensor,
  { rows, missing }: TensorBatch,
  draw: ((outputs: number) => Tensor) | null,
): Tensor {
  switch (layer.kind) {
    case 'impute':
      return imputeOnTensors(tf, values[0]!, layer.indicators, x, missing);
    case 'append': {
      const constants = tf.tensor2d([...layer.values], [layer.values.length, 1]);
      return tf.concat([x, tf.tile(constants, [1, rows])], 0);
    }
    case 'conv':
      return convolutionOnTensors(tf, layer, values[0]!, values[1]!, x, rows);
    case 'gru':
      return gruOnTensors(tf, layer, values, x, rows);
    case 'tanh':
      return tf.tanh(x);
    case 'relu':
      return tf.relu(x);
    case 'linear': {
      const mean = tf.add(tf.matMul(values[0]!, x), values[1]!);
      if (!layer.variational || draw === null) return mean;
      // y = W x + b + √(V x² + v_b) ε with V = e^{2s}: local reparameterisation (Kingma, Salimans, Welling 2015).
      const [v, vBias] = logSds.map((s) => tf.exp(tf.mul(s, 2))) as [Tensor, Tensor];
      const variance = tf.add(tf.matMul(v, tf.square(x)), vBias);
      return tf.add(mean, tf.mul(tf.sqrt(variance), draw(layer.outputs)));
    }
  }
}

/** The features, the learned value where one is missing, and behind them the rows of the indicators. */
function imputeOnTensors(
  tf: TensorFlow,
  values: Tensor,
  indicators: readonly number[],
  x: Tensor,
  missing: Tensor | null,
): Tensor {
  const mask = missing ?? tf.zerosLike(x);
  const imputed = tf.add(x, tf.mul(mask, values));
  if (indicators.length === 0) return imputed;
  return tf.concat([imputed, tf.gather(mask, [...indicators])], 0);
}
