import type { HeadDescription } from './network.ts';
import { logTotals, weightedLoss, type HeadTensors, type TensorLoss } from './tensor-heads.ts';
import type { Tensor, TensorFlow } from './tensor-layers.ts';

type Sides = Extract<HeadDescription, { kind: 'bounded-mixture' }>['bounds'];

/**
 * Mixture of K normals of one parameter, each restricted to the row's bounds, as native/bounded-head.h computes it in
 * float32: relative to φ(α) where the mean lies outside its bounds, mirrored so that the nearer bound is the lower one.
 * target: [3, rows] the parameter and its bounds; y: [3K, rows] logits, means, logarithms of precisions.
 */
export function boundedMixtureOnTensors(
  tf: TensorFlow,
  components: number,
  sides: Sides,
  { y, target, weights }: HeadTensors,
): TensorLoss {
  const K = components;
  const [logits, means, logPrecisions] = tf.split(y, [K, K, K]) as [Tensor, Tensor, Tensor];
  const [theta, lowest, highest] = tf.split(target, [1, 1, 1]) as [Tensor, Tensor, Tensor];
  const low = sides === 'upper' ? highest : lowest;
  const high = sides === 'lower' ? lowest : highest;
  const free = tf.exp(logPrecisions);
  const gamma = sides === 'both' ? tf.add(free, tf.div(0.25, tf.sub(high, low))) : free;
  const own = boundedNormal(tf, sides, { theta, low, high, mean: means, gamma });
  const logShares = tf.sub(logits, logTotals(tf, logits));
  const joint = tf.add(logShares, own.logP);
  const logQ = logTotals(tf, joint);
  const wr = tf.mul(weights, tf.exp(tf.sub(joint, logQ)));
  // Where a component has no part in a row its derivatives may be infinite.
  const none = tf.equal(wr, 0);
  const part = (slope: Tensor) => tf.where(none, tf.zerosLike(wr), tf.neg(tf.mul(wr, slope)));
  const byLogit = tf.sub(tf.mul(weights, tf.exp(logShares)), wr);
  const gradient = tf.concat(
    [byLogit, part(own.byMean), part(tf.div(tf.mul(own.byLogGamma, free), gamma))],
    0,
  );
  return {
    loss: weightedLoss(tf, weights, logQ),
    gradient: tf.where(tf.equal(weights, 0), tf.zerosLike(gradient), gradient),
  };
}

interface Normals {
  /** [1, rows] */
  theta: Tensor;
  low: Tensor;
  high: Tensor;
  /** [K, rows] */
  mean: Tensor;
  gamma: Tensor;
}

/** log density of the restricted normals and its derivatives by m and by log γ, [K, rows]; see boundedNormal of the kernels. */
function boundedNormal(
  tf: TensorFlow,
  sides: Sides,
  { theta, low, high, mean, gamma }: Normals,
): { logP: Tensor; byMean: Tensor; byLogGamma: Tensor } {
  const two = sides === 'both';
  const half = tf.mul(tf.sub(high, low), 0.5);
  const toMiddle = tf.sub(tf.add(low, half), mean);
  // +1, or −1 where everything is mirrored.
  const side = two
    ? tf.where(tf.less(toMiddle, 0), tf.fill(toMiddle.shape, -1), tf.onesLike(toMiddle))
    : tf.scalar(sides === 'upper' ? -1 : 1);
  const n = tf.mul(side, toMiddle);
  const alpha = tf.mul(tf.sub(n, half), gamma);
  const z = tf.mul(tf.mul(side, tf.sub(theta, mean)), gamma);
  const above = tf.sub(theta, low);
  const below = tf.sub(high, theta);
  const nearer = two ? tf.where(tf.greater(side, 0), above, below) : sides === 'upper' ? below : above;
  const u = tf.mul(nearer, gamma);
  const far = tf.greaterEqual(alpha, 0);
  const one = tf.onesLike(alpha);
  const zero = tf.zerosLike(alpha);
  const a = tf.abs(alpha);
  const gA = tailExcess(tf, a);
  const ratioA = tf.div(1, tf.add(a, gA));
  const densityA = tf.mul(inverseRoot2Pi, tf.exp(tf.mul(-0.5, tf.square(a))));
  let mass = tf.where(far, ratioA, tf.sub(1, tf.mul(densityA, ratioA)));
  let meanTerm = tf.where(far, tf.neg(tf.mul(gA, ratioA)), tf.neg(densityA));
  let scaleTerm = tf.mul(alpha, tf.where(far, tf.mul(gA, ratioA), densityA));
  if (two) {
    const beta = tf.mul(tf.add(n, half), gamma);
    const width = tf.mul(tf.mul(half, 2), gamma);
    const gB = tailExcess(tf, beta);
    const ratioB = tf.div(1, tf.add(beta, gB));
    const exponent = tf.where(far, tf.mul(width, tf.add(alpha, beta)), tf.square(beta));
    const scale = tf.where(far, one, tf.fill(alpha.shape, inverseRoot2Pi));
    const densityB = tf.mul(tf.exp(tf.mul(-0.5, exponent)), scale);
    mass = tf.sub(mass, tf.mul(densityB, ratioB));
    const reach = tf.where(far, tf.mul(tf.add(width, gB), ratioB), one);
    meanTerm = tf.add(tf.mul(densityB, reach), meanTerm);
    const bend = tf.where(
      far,
      tf.mul(tf.add(tf.mul(width, tf.add(alpha, beta)), tf.mul(beta, gB)), ratioB),
      beta,
    );
    scaleTerm = tf.sub(scaleTerm, tf.mul(densityB, bend));
  }
  const inverse = tf.div(1, mass);
  const bend = tf.where(far, tf.mul(u, tf.add(u, tf.mul(alpha, 2))), tf.square(z));
  const slope = tf.mul(tf.add(tf.mul(meanTerm, inverse), tf.where(far, u, z)), gamma);
  return {
    logP: tf.sub(
      tf.sub(tf.log(tf.mul(gamma, inverse)), tf.mul(bend, 0.5)),
      tf.where(far, zero, tf.fill(alpha.shape, 0.5 * Math.log(2 * Math.PI))),
    ),
    byMean: tf.mul(side, slope),
    byLogGamma: tf.sub(tf.add(tf.mul(scaleTerm, inverse), 1), bend),
  };
}

const inverseRoot2Pi = 1 / Math.sqrt(2 * Math.PI);

/** g(x) = φ(x)/Q(x) − x for x ≥ 0: the rational fit of native/bounded-head.h, relative error of x + g below 3e-7. */
function tailExcess(tf: TensorFlow, value: Tensor): Tensor {
  const x = tf.minimum(value, 1e7);
  const horner = (coefficients: readonly number[]) =>
    coefficients.slice(1).reduce<Tensor>((sum, c) => tf.add(tf.mul(sum, x), c), tf.add(x, coefficients[0]!));
  const over = horner([9.91397702155, 48.2286871218, 130.299131204, 173.763489226]);
  const under = horner([9.91400735084, 50.2256072241, 150.231386809, 262.490215305, 217.780218618]);
  return tf.div(over, under);
}
