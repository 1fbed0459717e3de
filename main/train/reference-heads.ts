import { logNormalInterval } from '../numeric/normal.ts';
import { logSumExp } from '../numeric/special.ts';

export interface HeadGradient {
  loss: number;
  /** As y */
  gradient: Float64Array;
}

/**
 * Loss −scale Σ_n w_n log q_n and its gradient, q a mixture of K Gaussians with precision factors; the layout of a row of
 * y is that of native/heads.h: [K] logits, [K, D] means, [K, D(D+1)/2] rows of U, log on the diagonal. Plain float64.
 *   ∂L/∂logit_k = w (α_k − r_k),  ∂L/∂m_k = −w r_k U_kᵀz_k,  ∂L/∂U_ij = w r_k z_i d_j,  ∂L/∂log U_ii = w r_k (z_i d_i U_ii − 1)
 * with d = θ − m_k, z = U_k d, responsibilities r_k = α_k q_k / q.
 */
export function mixtureLoss(
  y: Float64Array,
  theta: Float64Array,
  weights: Float64Array,
  dimension: number,
  components: number,
  scale: number,
): HeadGradient {
  const rows = weights.length;
  const [D, K, E] = [dimension, components, (dimension * (dimension + 1)) / 2];
  const width = K * (1 + D + E);
  const gradient = new Float64Array(y.length);
  const z = new Float64Array(K * D);
  const logQ = new Float64Array(K);
  let loss = 0;
  for (let n = 0; n < rows; n++) {
    const row = n * width;
    const logits = y.subarray(row, row + K);
    const logTotal = logSumExp(logits);
    for (let k = 0; k < K; k++) {
      let entry = row + K + K * D + k * E;
      let value = logits[k]! - logTotal - 0.5 * D * Math.log(2 * Math.PI);
      for (let i = 0; i < D; i++) {
        value += y[entry]!;
        let sum = 0;
        for (let j = i; j < D; j++, entry++) {
          const u = i === j ? Math.exp(y[entry]!) : y[entry]!;
          sum += u * (theta[n * D + j]! - y[row + K + k * D + j]!);
        }
        z[k * D + i] = sum;
        value -= 0.5 * sum * sum;
      }
      logQ[k] = value;
    }
    const total = logSumExp(logQ);
    const w = weights[n]! * scale;
    loss -= w * total;
    for (let k = 0; k < K; k++) {
      const r = Math.exp(logQ[k]! - total);
      gradient[row + k] = w * (Math.exp(logits[k]! - logTotal) - r);
      let entry = row + K + K * D + k * E;
      for (let i = 0; i < D; i++) {
        const slope = w * r * z[k * D + i]!;
        for (let j = i; j < D; j++, entry++) {
          const u = i === j ? Math.exp(y[entry]!) : y[entry]!;
          const d = theta[n * D + j]! - y[row + K + k * D + j]!;
          gradient[entry] = i === j ? slope * d * u - w * r : slope * d;
          gradient[row + K + k * D + j]! -= slope * u;
        }
      }
    }
  }
  return { loss, gradient };
}

/** Wider than four times its bounds a normal is even between them to 1 %; its precision stays above ¼ of 1/width. */
export function leastPrecision(low: number, high: number): number {
  return 0.25 / (high - low);
}

/**
 * As mixtureLoss for one parameter, each normal restricted to the row's bounds. A row of theta: the parameter, low, high,
 * infinite where there is no bound; of y:
 * [K] logits, [K] means, [K] ℓ with the precision γ = 1/sd = e^ℓ + leastPrecision. With z = (θ − m)γ, the bounds at α < β
 * in the same units, Z = Φ(β) − Φ(α), A = φ(α)/Z, B = φ(β)/Z:
 *   log p = log γ − ½z² − ½ log 2π − log Z,  ∂m = γ(z − A + B),  ∂ℓ = (1 − z² + αA − βB) e^ℓ/γ
 */
export function boundedMixtureLoss(
  y: Float64Array,
  theta: Float64Array,
  weights: Float64Array,
  components: number,
  scale: number,
): HeadGradient {
  const K = components;
  const gradient = new Float64Array(y.length);
  const logQ = new Float64Array(K);
  const byMean = new Float64Array(K);
  const byLogPrecision = new Float64Array(K);
  const logSqrt2Pi = 0.5 * Math.log(2 * Math.PI);
  let loss = 0;
  for (let n = 0; n < weights.length; n++) {
    const row = y.subarray(3 * K * n, 3 * K * (n + 1));
    const logTotal = logSumExp(row.subarray(0, K));
    const [value, low, high] = [theta[3 * n]!, theta[3 * n + 1]!, theta[3 * n + 2]!];
    for (let k = 0; k < K; k++) {
      const [mean, free] = [row[K + k]!, Math.exp(row[2 * K + k]!)];
      const gamma = free + leastPrecision(low, high);
      const [z, alpha, beta] = [value, low, high].map((v) => (v - mean) * gamma) as Triple;
      const logZ = logNormalInterval(alpha, beta);
      const [a, b] = [alpha, beta].map((bound) => Math.exp(-0.5 * bound * bound - logSqrt2Pi - logZ)) as Pair;
      logQ[k] = row[k]! - logTotal + Math.log(gamma) - 0.5 * z * z - logSqrt2Pi - logZ;
      byMean[k] = gamma * (z - a + b);
      const atBounds = (a > 0 ? alpha * a : 0) - (b > 0 ? beta * b : 0);
      byLogPrecision[k] = ((1 - z * z + atBounds) * free) / gamma;
    }
    const total = logSumExp(logQ);
    const w = weights[n]! * scale;
    loss -= w * total;
    for (let k = 0; k < K; k++) {
      const r = Math.exp(logQ[k]! - total);
      gradient[3 * K * n + k] = w * (Math.exp(row[k]! - logTotal) - r);
      gradient[3 * K * n + K + k] = -w * r * byMean[k]!;
      gradient[3 * K * n + 2 * K + k] = -w * r * byLogPrecision[k]!;
    }
  }
  return { loss, gradient };
}
type Pair = [number, number];
type Triple = [number, number, number];

/** scale Σ_n w_n [log(1 + e^y) − label·y]. */
export function logisticLoss(
  y: Float64Array,
  labels: Float64Array,
  weights: Float64Array,
  scale: number,
): HeadGradient {
  const gradient = new Float64Array(y.length);
  let loss = 0;
  for (let n = 0; n < y.length; n++) {
    const w = weights[n]! * scale;
    loss += w * (Math.max(y[n]!, 0) - labels[n]! * y[n]! + Math.log1p(Math.exp(-Math.abs(y[n]!))));
    gradient[n] = w * (1 / (1 + Math.exp(-y[n]!)) - labels[n]!);
  }
  return { loss, gradient };
}
