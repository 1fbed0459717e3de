import { boundedMixtureOnTensors } from './tensor-bounded-head.ts';
import type { HeadDescription } from './network.ts';
import type { Tensor, TensorFlow } from './tensor-layers.ts';

/** −scale Σ w log q and its gradient with respect to y, [outputs, rows]. */
export interface TensorLoss {
  loss: Tensor;
  gradient: Tensor;
}

/** What a head reads: the network's outputs [outputs, rows], targets [targets, rows], weights [1, rows] times the scale. */
export interface HeadTensors {
  y: Tensor;
  target: Tensor;
  weights: Tensor;
}

/** A head on a device. */
export interface TensorHead {
  /** The loss and its gradient as reference-heads.ts has them. */
  score(tensors: HeadTensors): TensorLoss;
  /** What stays on the device until the head is not needed any more. */
  constants: Tensor[];
}

export function headOnTensors(tf: TensorFlow, head: HeadDescription): TensorHead {
  if (head.kind === 'logistic') return { score: (tensors) => logisticOnTensors(tf, tensors), constants: [] };
  if (head.kind === 'bounded-mixture') {
    const { components, bounds } = head;
    return { score: (tensors) => boundedMixtureOnTensors(tf, components, bounds, tensors), constants: [] };
  }
  return mixtureOnTensors(tf, head.dimension, head.components);
}

/** The loss as an operation that TensorFlow.js differentiates by the head's own gradient. */
export function lossOnTensors(tf: TensorFlow, head: TensorHead, { y, target, weights }: HeadTensors): Tensor {
  const scored = tf.customGrad((...args) => {
    const [own, save] = args as [Tensor, (saved: Tensor[]) => void];
    const { loss, gradient } = head.score({ y: own, target, weights });
    save([gradient]);
    return { value: loss, gradFunc: (dy, saved) => tf.mul(dy as Tensor, saved[0]!) };
  });
  return scored(y);
}

/** Log-sum-exp over the components: [K, rows] → [1, rows]. */
export function logTotals(tf: TensorFlow, values: Tensor): Tensor {
  return tf.logSumExp(values, 0, true);
}

/** −Σ w log q; a weight of 0 takes out whatever log q is. */
export function weightedLoss(tf: TensorFlow, weights: Tensor, logQ: Tensor): Tensor {
  const terms = tf.where(tf.equal(weights, 0), tf.zerosLike(logQ), tf.mul(weights, logQ));
  return tf.neg(tf.sum(terms));
}

/**
 * Mixture of Gaussians with precision factors U. The triangle of U lies in E = D(D+1)/2 entries; constant 0/1 matrices spread a
 * vector over them and sum them by rows, so that everything is products of matrices:
 *   z = Rows·(u ∘ Columns·d),  ∂u = w r (Rowsᵀz ∘ Columns·d),  ∂m = −w r Columnsᵀ(u ∘ Rowsᵀz).
 */
function mixtureOnTensors(tf: TensorFlow, dimension: number, components: number): TensorHead {
  const [D, K, E] = [dimension, components, (dimension * (dimension + 1)) / 2];
  const { rows: rowsOf, columns: columnsOf, diagonal: onDiagonal } = triangle(D);
  const rows = tf.tensor2d(rowsOf, [D, E]);
  const columns = tf.tensor2d(columnsOf, [E, D]);
  const diagonal = tf.tensor3d(onDiagonal, [1, E, 1], 'bool');
  const score = ({ y, target, weights }: HeadTensors): TensorLoss => {
    const N = y.shape[1]!;
    const [logits, means, raw] = tf.split(y, [K, K * D, K * E]) as [Tensor, Tensor, Tensor];
    const entries = tf.reshape(raw, [K, E, N]);
    const u = tf.where(diagonal, tf.exp(entries), entries);
    const d = tf.sub(tf.reshape(target, [1, D, N]), tf.reshape(means, [K, D, N]));
    const spread = spreadOver(tf, columns, d);
    const z = spreadOver(tf, rows, tf.mul(u, spread));
    const logDiagonal = tf.sum(tf.where(diagonal, entries, tf.zerosLike(entries)), 1);
    const logP = tf.sub(logDiagonal, tf.mul(tf.sum(tf.square(z), 1), 0.5));
    const logShares = tf.sub(logits, logTotals(tf, logits));
    const joint = tf.sub(tf.add(logShares, logP), 0.5 * D * Math.log(2 * Math.PI));
    const logQ = logTotals(tf, joint);
    const r = tf.exp(tf.sub(joint, logQ));
    const wr = tf.mul(weights, r);
    const byLogit = tf.sub(tf.mul(weights, tf.exp(logShares)), wr);
    const slope = tf.mul(tf.reshape(wr, [K, 1, N]), spreadOver(tf, tf.transpose(rows), z));
    const byMean = tf.neg(spreadOver(tf, tf.transpose(columns), tf.mul(slope, u)));
    const byEntry = tf.mul(slope, spread);
    const byLogDiagonal = tf.sub(tf.mul(byEntry, u), tf.reshape(wr, [K, 1, N]));
    const byFactor = tf.where(diagonal, byLogDiagonal, byEntry);
    const gradient = tf.concat(
      [byLogit, tf.reshape(byMean, [K * D, N]), tf.reshape(byFactor, [K * E, N])],
      0,
    );
    return {
      loss: weightedLoss(tf, weights, logQ),
      gradient: tf.where(tf.equal(weights, 0), tf.zerosLike(gradient), gradient),
    };
  };
  return { score, constants: [rows, columns, diagonal] };
}

/** matrix [A, B] times every one of values [K, B, rows]: [K, A, rows]. */
function spreadOver(tf: TensorFlow, matrix: Tensor, values: Tensor): Tensor {
  const [K, B, N] = values.shape as [number, number, number];
  const A = matrix.shape[0]!;
  if (K === 1) return tf.reshape(tf.matMul(matrix, tf.reshape(values, [B, N])), [1, A, N]);
  return tf.matMul(tf.tile(tf.reshape(matrix, [1, A, B]), [K, 1, 1]), values);
}

/** For entry e = (i, j) of an upper triangle, row by row: rows[i, e] = 1, columns[e, j] = 1, diagonal[e] = (i = j). */
function triangle(D: number): { rows: Float32Array; columns: Float32Array; diagonal: Uint8Array } {
  const E = (D * (D + 1)) / 2;
  const rows = new Float32Array(D * E);
  const columns = new Float32Array(E * D);
  const diagonal = new Uint8Array(E);
  let entry = 0;
  for (let i = 0; i < D; i++) {
    for (let j = i; j < D; j++, entry++) {
      rows[i * E + entry] = 1;
      columns[entry * D + j] = 1;
      diagonal[entry] = i === j ? 1 : 0;
    }
  }
  return { rows, columns, diagonal };
}

/** scale Σ w [log(1 + e^y) − label·y]. */
function logisticOnTensors(tf: TensorFlow, { y, target, weights }: HeadTensors): TensorLoss {
  const loss = tf.sub(tf.softplus(y), tf.mul(target, y));
  return {
    loss: tf.sum(tf.mul(weights, loss)),
    gradient: tf.mul(weights, tf.sub(tf.sigmoid(y), target)),
  };
}
