// Head for one parameter with bounds: a mixture of normals, each restricted to the bounds and normalised there.
#pragma once
#include "heads.h"

/**
 * g(x) = φ(x)/Q(x) − x for x ≥ 0, Q the normal distribution's upper tail: 0.798 at 0, 1/x far out; Q/φ is 1/(x + g).
 * Rational fit with positive coefficients to 40-digit values of 1/(x + 2/(x + 3/(x + …))) (Laplace's continued fraction);
 * relative error of x + g below 3e-7.
 */
INLINE Vec tailExcess(Vec x) {
  x = smaller(x, splat(1e7f)); // beyond, x⁵ nears the end of float32, and g no longer shows beside x
  Vec p = x + 9.91397702155f, q = x + 9.91400735084f;
  p = madd(p, x, splat(48.2286871218f));
  q = madd(q, x, splat(50.2256072241f));
  p = madd(p, x, splat(130.299131204f));
  q = madd(q, x, splat(150.231386809f));
  p = madd(p, x, splat(173.763489226f));
  q = madd(q, x, splat(262.490215305f));
  q = madd(q, x, splat(217.780218618f));
  return p / q;
}

/** Bounds of a normal, four rows at once; without an upper one `high` is `low`, and the other way round. */
struct Bounds {
  Vec low, high;
  Vec middle; // of both
  Vec half;   // half the width; 0 with one bound
  bool two, upper;

  Bounds(int which, Vec lowest, Vec highest) {
    two = which == 3;
    upper = which == 2;
    low = upper ? highest : lowest;
    high = two || upper ? highest : lowest;
    half = 0.5f * (high - low);
    middle = low + half;
  }
  /**
   * Wider than four times the bounds a normal is even between them to 1 %, and Z would only lose digits. Bounds of equal
   * value are padding.
   */
  Vec leastPrecision() const { return keep(half > splat(0.f), splat(0.125f) / half); }
};

/**
 * log density of N(m, 1/γ²) restricted to the bounds, and its derivatives by m and by log γ. With z = (θ − m)γ and the
 * bounds at α < β in the same units, both mirrored so that m lies in the lower half or below:
 *   log p = log γ − ½z² − ½ log 2π − log Z,  Z = Q(α) − Q(β),  ∂m = γ(z − φ(α)/Z + φ(β)/Z),  ∂log γ = 1 − z² + (αφ(α) − βφ(β))/Z
 * For α ≥ 0 everything is relative to φ(α), in terms of u = z − α and g of tailExcess: nothing cancels or underflows
 * however far out m lies.
 */
INLINE Vec boundedNormal(const Bounds &bounds, Vec theta, Vec mean, Vec gamma, Vec &byMean, Vec &byLogGamma) {
  const Vec half = bounds.half, one = splat(1.f);
  Vec n = bounds.middle - mean;
  IntVec mirrored = bounds.two ? (IntVec)(n < splat(0.f)) : (IntVec){} - (int)bounds.upper;
  n = choose(mirrored, -n, n);
  Vec alpha = (n - half) * gamma, z = choose(mirrored, mean - theta, theta - mean) * gamma;
  Vec u = choose(mirrored, bounds.high - theta, theta - bounds.low) * gamma;
  IntVec far = alpha >= splat(0.f);
  Vec a = absolute(alpha), gA = tailExcess(a), ratioA = one / (a + gA);
  Vec densityA = 0.3989422804f * exponential(-0.5f * a * a);
  Vec mass = choose(far, ratioA, one - densityA * ratioA);
  Vec meanTerm = choose(far, -gA * ratioA, -densityA), scaleTerm = alpha * choose(far, gA * ratioA, densityA);
  if (bounds.two) {
    Vec beta = (n + half) * gamma, width = (half + half) * gamma;
    Vec gB = tailExcess(beta), ratioB = one / (beta + gB);
    Vec densityB = exponential(-0.5f * choose(far, width * (alpha + beta), beta * beta));
    densityB = densityB * choose(far, one, splat(0.3989422804f));
    mass = mass - densityB * ratioB;
    meanTerm = madd(densityB, choose(far, (width + gB) * ratioB, one), meanTerm);
    scaleTerm = scaleTerm - densityB * choose(far, madd(width, alpha + beta, beta * gB) * ratioB, beta);
  }
  Vec inverse = one / mass, bend = choose(far, u * (u + alpha + alpha), z * z);
  Vec slope = madd(meanTerm, inverse, choose(far, u, z)) * gamma;
  byMean = choose(mirrored, -slope, slope);
  byLogGamma = madd(scaleTerm, inverse, one - bend);
  return logarithm(gamma * inverse) - 0.5f * bend - choose(far, splat(0.f), splat(0.9189385332f));
}

/**
 * Mixture of K such normals; rows of y: [K] logits, [K] means, [K] logarithms of precisions ℓ, γ = e^ℓ + leastPrecision.
 *   log q = logsumexp_k [ log α_k + log p_k ];  loss = −scale Σ_n w_n log q_n
 * theta: [3][batch], the parameter and its bounds in every row; which: 1 = lower, 2 = upper, 3 = both (the other is not
 * read); scratch: 4 K vectors; dy as y, or null for the loss alone.
 */
static double boundedMixtureLoss(int components, int which, int batch, float scale, const float *y,
                                 const float *theta, const float *weights, float *scratch, float *dy) {
  const int K = components;
  const float *logits = y, *means = y + K * batch, *logPrecisions = y + 2 * K * batch;
  Vec *q = (Vec *)scratch, *prior = q + K, *byMean = prior + K, *byScale = byMean + K;
  double loss = 0;
  for (int b = 0; b < batch; b += LANES) {
    const Bounds bounds(which, load(theta + batch + b), load(theta + 2 * batch + b));
    const Vec least = bounds.leastPrecision();
    Vec top = load(logits + b);
    for (int k = 1; k < K; k++) top = larger(load(logits + k * batch + b), top);
    Vec total = splat(0.f);
    for (int k = 0; k < K; k++) total = total + (prior[k] = exponential(load(logits + k * batch + b) - top));
    Vec logTotal = top + logarithm(total), target = load(theta + b);
    Vec best = splat(-__builtin_inff());
    for (int k = 0; k < K; k++) {
      Vec free = exponential(load(logPrecisions + k * batch + b)), gamma = free + least;
      Vec logP = boundedNormal(bounds, target, load(means + k * batch + b), gamma, byMean[k], byScale[k]);
      byScale[k] = byScale[k] * (free / gamma);
      q[k] = load(logits + k * batch + b) - logTotal + logP;
      best = larger(q[k], best);
    }
    Vec sum = splat(0.f);
    for (int k = 0; k < K; k++) sum = sum + exponential(q[k] - best);
    Vec logQ = best + logarithm(sum), w = load(weights + b) * scale;
    IntVec counted = w != splat(0.f);
    loss -= (double)sumLanes(keep(counted, w * logQ));
    if (!dy) continue;
    for (int k = 0; k < K; k++) {
      Vec r = flush(exponential(q[k] - logQ), PROBABILITY_FLOOR), p = flush(prior[k] / total, PROBABILITY_FLOOR);
      IntVec active = (w * r) != splat(0.f);
      store(dy + k * batch + b, w * (p - r));
      store(dy + (K + k) * batch + b, -(w * r) * keep(active, byMean[k]));
      store(dy + (2 * K + k) * batch + b, -(w * r) * keep(active, byScale[k]));
    }
  }
  return loss;
}

/**
 * log q of every row, by the same formulas. which: also 0 = no bounds, where theta's second and third row are not read;
 * scratch: K vectors; logQ: [batch].
 */
static void mixtureLogDensity(int components, int which, int batch, const float *y, const float *theta, float *scratch,
                              float *logQ) {
  const int K = components;
  const float *logits = y, *means = y + K * batch, *logPrecisions = y + 2 * K * batch;
  Vec *q = (Vec *)scratch, byMean, byScale;
  for (int b = 0; b < batch; b += LANES) {
    const Vec none = splat(0.f), target = load(theta + b);
    const Bounds bounds(which, which ? load(theta + batch + b) : none, which ? load(theta + 2 * batch + b) : none);
    const Vec least = bounds.leastPrecision();
    Vec top = load(logits + b), best = splat(-__builtin_inff());
    for (int k = 1; k < K; k++) top = larger(load(logits + k * batch + b), top);
    Vec total = none, sum = none;
    for (int k = 0; k < K; k++) {
      const Vec mean = load(means + k * batch + b), logPrecision = load(logPrecisions + k * batch + b);
      const Vec logit = load(logits + k * batch + b) - top, gamma = exponential(logPrecision) + least;
      const Vec z = (target - mean) * gamma;
      q[k] = logit + (which ? boundedNormal(bounds, target, mean, gamma, byMean, byScale)
                            : logPrecision - 0.5f * z * z - splat(0.9189385332f));
      total = total + exponential(logit);
      best = larger(q[k], best);
    }
    for (int k = 0; k < K; k++) sum = sum + exponential(q[k] - best);
    store(logQ + b, best + logarithm(sum) - logarithm(total));
  }
}
