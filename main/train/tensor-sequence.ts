import { convolvedSteps, type ConvolutionShape, type GruShape } from './embedding.ts';
import type { Tensor, TensorFlow } from './tensor-layers.ts';

/** The layers over time as operations of TensorFlow.js; formulas and order of the weights in reference-sequence.ts. */

/**
 * @param values weights [3U, channels], recurrent [3U, U], bias [4U, 1]
 * @param x [channels·steps, rows]
 * @returns [U, rows] the last state
 */
export function gruOnTensors(
  tf: TensorFlow,
  { units, channels, steps }: GruShape,
  values: readonly Tensor[],
  x: Tensor,
  rows: number,
): Tensor {
  const [weights, recurrent, bias] = values as [Tensor, Tensor, Tensor];
  const [wz, wr, wn] = tf.split(weights, 3) as [Tensor, Tensor, Tensor];
  const [uz, ur, ua] = tf.split(recurrent, 3) as [Tensor, Tensor, Tensor];
  const [bz, br, ba, bn] = tf.split(bias, 4) as [Tensor, Tensor, Tensor, Tensor];
  const sequence = tf.reshape(x, [channels, steps * rows]);
  // What the input gives to a gate at every step, in one product.
  const fromInput = (w: Tensor, b: Tensor) => tf.split(tf.add(tf.matMul(w, sequence), b), steps, 1);
  const [intoZ, intoR, intoN] = [fromInput(wz, bz), fromInput(wr, br), fromInput(wn, bn)];
  let h: Tensor = tf.zeros([units, rows]);
  for (let t = 0; t < steps; t++) {
    const z = tf.sigmoid(tf.add(tf.matMul(uz, h), intoZ[t]!));
    const r = tf.sigmoid(tf.add(tf.matMul(ur, h), intoR[t]!));
    const a = tf.add(tf.matMul(ua, h), ba);
    const n = tf.tanh(tf.add(intoN[t]!, tf.mul(r, a)));
    h = tf.add(n, tf.mul(z, tf.sub(h, n)));
  }
  return h;
}

/**
 * Windows as the columns of one matrix, [channels·kernel, windows·rows]: slices and products alone, which every backend
 * can differentiate.
 * @param x [channels·steps, rows]
 * @returns [filters·windows, rows]
 */
export function convolutionOnTensors(
  tf: TensorFlow,
  shape: ConvolutionShape,
  weights: Tensor,
  bias: Tensor,
  x: Tensor,
  rows: number,
): Tensor {
  const { channels, steps, filters, kernel, stride } = shape;
  const windows = convolvedSteps(shape);
  const reached = kernel + windows * stride;
  const sequence = tf.reshape(x, [channels, steps, rows]);
  const padding: [number, number][] = [
    [0, 0],
    [0, Math.max(0, reached - steps)],
    [0, 0],
  ];
  const padded = tf.pad(sequence, padding);
  // Every stride-th step from the tap on: a row of stride steps a window, of which the first counts.
  const taps = Array.from({ length: kernel }, (_, tap) => {
    const from = tf.slice(padded, [0, tap, 0], [channels, windows * stride, rows]);
    const strides = tf.reshape(from, [channels, windows, stride, rows]);
    return tf.reshape(tf.slice(strides, [0, 0, 0, 0], [channels, windows, 1, rows]), [
      channels,
      1,
      windows * rows,
    ]);
  });
  const columns = tf.reshape(tf.concat(taps, 1), [channels * kernel, windows * rows]);
  return tf.reshape(tf.add(tf.matMul(weights, columns), bias), [filters * windows, rows]);
}
