import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { headOutputs, type NetworkSpec } from '../main/train/network.ts';

/**
 * The same network, loss and optimiser in TensorFlow.js on its wasm backend, for comparison. Its gradients lack einsum and
 * gather on that backend, so the triangular factors are applied through constant 0/1 matrices and matMul.
 * @returns a function that trains one minibatch and waits for its loss
 */
export async function tfjsTrainer(
  spec: NetworkSpec,
  x: Float32Array,
  theta: Float32Array,
  batchSize: number,
): Promise<() => number> {
  const require = createRequire(import.meta.url);
  setWasmPaths(join(dirname(require.resolve('@tensorflow/tfjs-backend-wasm')), '/'));
  // One thread against one thread.
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  await tf.setBackend('wasm');
  await tf.ready();
  const { inputs, outputs: D, hidden, components: K } = spec;
  const E = (D * (D + 1)) / 2;
  const sizes = [inputs, ...hidden, headOutputs({ kind: 'mixture', dimension: D, components: K })];
  const weights = sizes.slice(1).map((size, layer) => {
    const scale = (layer === hidden.length ? 0.2 : 1) / Math.sqrt(sizes[layer]!);
    return {
      w: tf.variable(tf.randomNormal([sizes[layer]!, size], 0, scale, 'float32', layer)),
      b: tf.variable(tf.zeros([size])),
    };
  });
  // Entry e of the triangle is (row(e), column(e)).
  const [column, row, diagonal] = [new Float32Array(D * E), new Float32Array(E * D), new Float32Array(E)];
  let entry = 0;
  for (let i = 0; i < D; i++) {
    for (let j = i; j < D; j++, entry++) {
      column[j * E + entry] = 1;
      row[entry * D + i] = 1;
      if (i === j) diagonal[entry] = 1;
    }
  }
  const toColumn = tf.tensor2d(column, [D, E]);
  const toRow = tf.tensor2d(row, [E, D]);
  const onDiagonal = tf.tensor1d(diagonal);
  const offDiagonal = tf.sub(1, onDiagonal);
  const optimiser = tf.train.adam(0.001);
  const rows = x.length / inputs;
  let start = 0;

  const loss = (xs: tf.Tensor2D, ts: tf.Tensor2D): tf.Scalar => {
    let h: tf.Tensor2D = xs;
    weights.forEach(({ w, b }, layer) => {
      const sum = tf.add(tf.matMul(h, w as tf.Tensor2D), b) as tf.Tensor2D;
      h = layer < hidden.length ? tf.tanh(sum) : sum;
    });
    const logits = tf.slice(h, [0, 0], [batchSize, K]);
    const means = tf.reshape(tf.slice(h, [0, K], [batchSize, K * D]), [batchSize * K, D]);
    const entries = tf.reshape(tf.slice(h, [0, K + K * D], [batchSize, K * E]), [batchSize * K, E]);
    const repeated = tf.reshape(tf.tile(ts, [1, K]), [batchSize * K, D]);
    const logDiagonal = tf.mul(entries, onDiagonal);
    const factor = tf.add(tf.mul(entries, offDiagonal), tf.mul(tf.exp(logDiagonal), onDiagonal));
    const z = tf.matMul(tf.mul(factor, tf.matMul(tf.sub(repeated, means), toColumn)), toRow);
    const logQ = tf.sub(tf.sum(logDiagonal, 1), tf.mul(0.5, tf.sum(tf.square(z), 1)));
    const joint = tf.add(tf.logSoftmax(logits), tf.reshape(logQ, [batchSize, K]));
    const constant = 0.5 * D * Math.log(2 * Math.PI);
    return tf.add(tf.neg(tf.mean(tf.logSumExp(joint, 1))), constant);
  };

  return () => {
    const xs = tf.tensor2d(x.subarray(start * inputs, (start + batchSize) * inputs), [batchSize, inputs]);
    const ts = tf.tensor2d(theta.subarray(start * D, (start + batchSize) * D), [batchSize, D]);
    start = start + 2 * batchSize <= rows ? start + batchSize : 0;
    const value = optimiser.minimize(() => loss(xs, ts), true)!;
    const number = value.dataSync()[0]!;
    tf.dispose([xs, ts, value]);
    return number;
  };
}
