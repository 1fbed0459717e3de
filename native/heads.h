// Heads: the loss of a batch and its gradient with respect to the network's outputs. weights: [batch], 0 in padding lanes.
#pragma once
#include "vector.h"

// Probabilities below this are exactly 0: their products with gradients would be denormal on a well-fitted batch.
static const float PROBABILITY_FLOOR = 1e-20f;

/**
 * Mixture of Gaussians with full covariance (Bishop 1994; Papamakarios, Murray 2016): precision P = UᵀU, U upper triangular
 * with exponential diagonal. Rows of y: [K] logits, [K][D] means, [K][D(D+1)/2] rows of U with the logarithm on the diagonal.
 *   log q = logsumexp_k [ log α_k − ½‖U_k(θ − m_k)‖² + Σ_i log U_k,ii ] − (D/2) log 2π;  loss = −scale Σ_n w_n log q_n
 * theta: [D][batch]; scratch: 2KD + 2K + 2D vectors; dy as y, or null for the loss alone.
 */
static double mixtureLoss(int dimension, int components, int batch, float scale, const float *y, const float *theta,
                          const float *weights, float *scratch, float *dy) {
  const int D = dimension, K = components, E = D * (D + 1) / 2;
  const float *logits = y, *means = y + K * batch, *factors = y + (K + K * D) * batch;
  float *dlogits = dy, *dmeans = dy + K * batch, *dfactors = dy + (K + K * D) * batch;
  Vec *z = (Vec *)scratch, *diagonal = z + K * D, *q = diagonal + K * D, *prior = q + K, *d = prior + K, *g = d + D;
  const float constant = -0.5f * D * 1.8378770664093453f;
  double loss = 0;
  for (int b = 0; b < batch; b += LANES) {
    Vec top = load(logits + b);
    for (int k = 1; k < K; k++) top = larger(load(logits + k * batch + b), top);
    Vec total = splat(0.f);
    for (int k = 0; k < K; k++) total = total + (prior[k] = exponential(load(logits + k * batch + b) - top));
    Vec logTotal = top + logarithm(total);
    Vec best = splat(-__builtin_inff());
    for (int k = 0; k < K; k++) {
      const float *u = factors + k * E * batch + b;
      for (int j = 0; j < D; j++) d[j] = load(theta + j * batch + b) - load(means + (k * D + j) * batch + b);
      Vec square = splat(0.f), logDeterminant = splat(0.f);
      for (int i = 0; i < D; i++) {
        Vec logDiagonal = load(u), value = exponential(logDiagonal), sum = value * d[i];
        u += batch;
        for (int j = i + 1; j < D; j++, u += batch) sum = madd(load(u), d[j], sum);
        logDeterminant = logDeterminant + logDiagonal;
        z[k * D + i] = sum;
        diagonal[k * D + i] = value;
        square = madd(sum, sum, square);
      }
      q[k] = load(logits + k * batch + b) - logTotal + logDeterminant - 0.5f * square + constant;
      best = larger(q[k], best);
    }
    Vec sum = splat(0.f);
    for (int k = 0; k < K; k++) sum = sum + exponential(q[k] - best);
    Vec logQ = best + logarithm(sum), w = load(weights + b) * scale;
    Vec term = w * logQ;
    loss -= (double)sumLanes(keep(w != splat(0.f), term));
    if (!dy) continue;
    for (int k = 0; k < K; k++) {
      Vec r = flush(exponential(q[k] - logQ), PROBABILITY_FLOOR), p = flush(prior[k] / total, PROBABILITY_FLOOR);
      store(dlogits + k * batch + b, w * (p - r));
      IntVec active = (w * r) != splat(0.f);
      r = keep(active, w * r);
      float *du = dfactors + k * E * batch + b;
      if (!anySet(active)) {
        for (int j = 0; j < D; j++) store(dmeans + (k * D + j) * batch + b, splat(0.f));
        for (int e = 0; e < E; e++) store(du + e * batch, splat(0.f));
        continue;
      }
      const float *u = factors + k * E * batch + b;
      for (int j = 0; j < D; j++) {
        d[j] = load(theta + j * batch + b) - load(means + (k * D + j) * batch + b);
        g[j] = splat(0.f);
      }
      for (int i = 0; i < D; i++) {
        Vec rz = r * keep(active, z[k * D + i]), value = diagonal[k * D + i];
        g[i] = madd(rz, value, g[i]);
        store(du, madd(rz * d[i], value, -r));
        u += batch;
        du += batch;
        for (int j = i + 1; j < D; j++, u += batch, du += batch) {
          store(du, rz * d[j]);
          g[j] = madd(rz, load(u), g[j]);
        }
      }
      for (int j = 0; j < D; j++) store(dmeans + (k * D + j) * batch + b, -g[j]);
    }
  }
  return loss;
}

/**
 * Logistic head: y is one row of log-odds, labels 0 or 1; loss = scale Σ_n w_n [ log(1 + e^{y}) − label·y ], evaluated as
 * max(y, 0) − label·y + log(1 + e^{−|y|}), which cannot overflow.
 */
static double logisticLoss(int batch, float scale, const float *y, const float *labels, const float *weights, float *dy) {
  double loss = 0;
  for (int b = 0; b < batch; b += LANES) {
    Vec a = load(y + b), label = load(labels + b), w = load(weights + b) * scale;
    Vec small = exponential(-absolute(a)), one = splat(1.f);
    Vec term = larger(a, splat(0.f)) - label * a + logarithm(one + small);
    loss += (double)sumLanes(keep(w != splat(0.f), w * term));
    if (!dy) continue;
    Vec p = choose(a > splat(0.f), one, small) / (one + small);
    store(dy + b, w * flush(p - label, PROBABILITY_FLOOR));
  }
  return loss;
}
