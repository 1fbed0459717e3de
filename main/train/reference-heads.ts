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
