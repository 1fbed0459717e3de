// The variational posterior's terms, the norm of the gradient, and Adam. All arrays are padded to whole vectors.
#pragma once
#include "vector.h"

/** variance = e^{2s}. */
static void variances(int n, const float *logSd, float *variance) {
  for (int i = 0; i < n; i += LANES) {
    Vec s = load(logSd + i);
    store(variance + i, exponential(s + s));
  }
}

/**
 * KL(N(m, e^{2s}) ‖ N(m₀, 1/P)) = Σ ½[V P + (m − m₀)² P − 1 − log(V P)], V = e^{2s}, and its gradient times `scale`.
 * On entry dlogSd holds the loss's gradient with respect to V; on return that with respect to s, plus the KL's.
 * Returns Σ ½[V P + (m − m₀)² P] − s: the caller adds the part that does not depend on the weights.
 */
static double gaussianKl(int n, float scale, const float *mean, const float *logSd, const float *variance, const float *priorMean,
                         const float *priorPrecision, float *dmean, float *dlogSd) {
  double kl = 0;
  // Sums of 64 vectors in float32 and their total in float64: the error stays near 1e-6 relative for any n.
  for (int start = 0; start < n; start += 64 * LANES) {
    Vec sum = splat(0.f);
    for (int i = start; i < n && i < start + 64 * LANES; i += LANES) {
      Vec p = load(priorPrecision + i), v = load(variance + i), vp = v * p;
      Vec away = load(mean + i) - load(priorMean + i), pull = away * p;
      sum = sum + madd(splat(0.5f), madd(away, pull, vp), -load(logSd + i));
      store(dmean + i, madd(splat(scale), pull, load(dmean + i)));
      store(dlogSd + i, madd(load(dlogSd + i) * 2.f, v, (vp - 1.f) * scale));
    }
    kl += (double)sumLanes(sum);
  }
  return kl;
}

// A gradient below this has no effect beside Adam's ε of 1e-8, and its square would be denormal.
static const float GRADIENT_FLOOR = 1e-15f;
static const float MOMENT_FLOOR = 1e-30f;

/** Σ g²; not finite where any g is not, or where the sum leaves float32. */
static double squaredNorm(int n, const float *g) {
  double norm = 0;
  for (int start = 0; start < n; start += 64 * LANES) {
    Vec sum = splat(0.f);
    for (int i = start; i < n && i < start + 64 * LANES; i += LANES) {
      Vec a = load(g + i);
      a = keep(~(IntVec)(absolute(a) < splat(GRADIENT_FLOOR)), a); // keeps NaN
      sum = madd(a, a, sum);
    }
    norm += (double)sumLanes(sum);
  }
  return norm;
}

/**
 * Adam (Kingma, Ba 2015) on gradient × gradientScale: m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², w ← w − rate·m/(√v + ε).
 * The bias corrections are in `rate` and `epsilon`. Moments are exactly 0 below 1e-30 (no denormals). Weights are first drawn
 * towards 0, w ← keep·w (decoupled decay: Loshchilov, Hutter 2019); keep = 1: not at all.
 */
static void adamStep(int n, float *w, const float *gradient, float *m, float *v, float rate, float gradientScale, float beta1,
                     float beta2, float epsilon, float keep) {
  const Vec keep1 = splat(beta1), keep2 = splat(beta2), add1 = splat(1.f - beta1), add2 = splat(1.f - beta2);
  for (int i = 0; i < n; i += LANES) {
    Vec g = flush(load(gradient + i) * gradientScale, GRADIENT_FLOOR);
    Vec first = flush(madd(keep1, load(m + i), add1 * g), MOMENT_FLOOR);
    Vec second = flush(madd(keep2, load(v + i), add2 * (g * g)), MOMENT_FLOOR);
    store(m + i, first);
    store(v + i, second);
    store(w + i, load(w + i) * keep - rate * first / (squareRoot(second) + epsilon));
  }
}

/** average ← average + share·(w − average): a running average of the weights (Polyak, Juditsky 1992). */
static void averageStep(int n, const float *w, float *average, float share) {
  for (int i = 0; i < n; i += LANES) {
    Vec a = load(average + i);
    store(average + i, madd(splat(share), load(w + i) - a, a));
  }
}
