// Layers: forward, and backward from the gradient of the loss with respect to the layer's output.
// x: [inputs][batch], y: [outputs][batch], weights: [outputs][ldw] with ldw = inputs padded to whole vectors; padding is zero.
// `batch` is the padded batch; lanes beyond the real rows carry a zero gradient.
#pragma once
#include "matrix.h"
#include "random.h"

/** y = x, NaN replaced by the feature's learned value. */
static void imputeForward(int features, int batch, const float *x, const float *values, float *y) {
  for (int f = 0; f < features; f++) {
    Vec value = splat(values[f]);
    for (int b = f * batch; b < (f + 1) * batch; b += LANES) {
      Vec a = load(x + b);
      store(y + b, choose(a == a, a, value));
    }
  }
}
static void imputeBackward(int features, int batch, const float *x, const float *dy, float *dvalues) {
  for (int f = 0; f < features; f++) {
    Vec sum = splat(0.f);
    for (int b = f * batch; b < (f + 1) * batch; b += LANES) {
      Vec a = load(x + b);
      sum = sum + keep(a != a, load(dy + b));
    }
    dvalues[f] = sumLanes(sum);
  }
}

/** One row: 1 where x is NaN, else 0. So a network can tell a missing feature from one that has the learned value. */
static void missingForward(int batch, const float *x, float *y) {
  for (int b = 0; b < batch; b += LANES) {
    Vec a = load(x + b);
    store(y + b, keep(a != a, splat(1.f)));
  }
}

/** y = W x + b. */
static void linearForward(int outputs, int inputs, int batch, const float *w, const float *bias, const float *x, float *y) {
  multiply<false>({inputs, w, padded(inputs), x, batch, y, batch, bias, false}, outputs, batch);
}

/** dW = dy xᵀ, db = Σ dy, dx = Wᵀ dy (dx may be null). xt: scratch [rows][ldw]. */
static void linearBackward(int outputs, int inputs, int rows, int batch, const float *w, const float *x, float *xt, const float *dy,
                           float *dw, float *dbias, float *dx) {
  const int ldw = padded(inputs);
  transposeMatrix(x, inputs, rows, batch, xt, ldw);
  multiply<false>({rows, dy, batch, xt, ldw, dw, ldw, nullptr, false}, outputs, ldw);
  rowSums(dy, outputs, batch, dbias);
  if (dx) multiply<true>({outputs, w, ldw, dy, batch, dx, batch, nullptr, false}, inputs, batch);
}

// x² below this is set to zero: it would be denormal for a nearly silent unit.
static const float SQUARE_FLOOR = 1e-30f;
static void squares(int n, const float *x, float *x2) {
  for (int i = 0; i < n; i += LANES) {
    Vec a = load(x + i);
    store(x2 + i, flush(a * a, SQUARE_FLOOR));
  }
}

/**
 * Linear layer with a factorised Gaussian over its weights, by local reparameterisation (Kingma, Salimans, Welling 2015):
 * y = W x + b + √(V x² + v_b) ε, ε ~ N(0, 1); V and v_b are variances. Keeps ratio = ε / (2√…) for the backward pass.
 * x2: scratch [inputs][batch]; ratio: [outputs][batch]; epsilon: scratch [outputs][batch] and a vector more.
 */
static void variationalForward(int outputs, int inputs, int rows, int batch, const float *w, const float *v, const float *bias,
                               const float *vbias, const float *x, float *x2, float *y, float *ratio, float *epsilon,
                               Noise *noise) {
  linearForward(outputs, inputs, batch, w, bias, x, y);
  squares(inputs * batch, x, x2);
  multiply<false>({inputs, v, padded(inputs), x2, batch, ratio, batch, vbias, false}, outputs, batch);
  // As many normals as rows padded to four need: the same ones in the same places whatever the lanes.
  const int width = (rows + 3) / 4 * 4;
  fillNormal(outputs * width, noise, epsilon);
  for (int o = 0; o < outputs; o++, epsilon += width, y += batch, ratio += batch)
    for (int b = 0; b < batch; b += LANES) {
      Vec e = load(epsilon + b), sd = squareRoot(load(ratio + b));
      store(y + b, madd(sd, e, load(y + b)));
      store(ratio + b, e * 0.5f / sd);
    }
}

/**
 * With e = dy ∘ ratio (the gradient of the variance): dW = dy xᵀ, dV = e (x²)ᵀ, dx = Wᵀ dy + 2x ∘ (Vᵀ e).
 * `ratio` is overwritten by e, `x2` by Vᵀ e. xt: scratch [rows][ldw].
 */
static void variationalBackward(int outputs, int inputs, int rows, int batch, const float *w, const float *v, const float *x,
                                float *x2, float *xt, const float *dy, float *ratio, float *dw, float *dv, float *dbias,
                                float *dvbias, float *dx) {
  const int ldw = padded(inputs);
  linearBackward(outputs, inputs, rows, batch, w, x, xt, dy, dw, dbias, dx);
  for (int i = 0; i < outputs * batch; i += LANES) store(ratio + i, load(dy + i) * load(ratio + i));
  squares(rows * ldw, xt, xt);
  multiply<false>({rows, ratio, batch, xt, ldw, dv, ldw, nullptr, false}, outputs, ldw);
  rowSums(ratio, outputs, batch, dvbias);
  if (!dx) return;
  multiply<true>({outputs, v, ldw, ratio, batch, x2, batch, nullptr, false}, inputs, batch);
  for (int i = 0; i < inputs * batch; i += LANES)
    store(dx + i, madd(load(x + i) * 2.f, load(x2 + i), load(dx + i)));
}

/** Activations work in place: y ← f(y), dy ← dy f′, from y alone. */
static void tanhForward(int n, float *y) {
  for (int i = 0; i < n; i += LANES) store(y + i, hyperbolicTangent(load(y + i)));
}
static void tanhBackward(int n, const float *y, float *dy) {
  for (int i = 0; i < n; i += LANES) {
    Vec a = load(y + i);
    store(dy + i, load(dy + i) * (1.f - a * a));
  }
}
static void reluForward(int n, float *y) {
  // Written so that NaN stays NaN.
  for (int i = 0; i < n; i += LANES) store(y + i, keep(~(IntVec)(load(y + i) < splat(0.f)), load(y + i)));
}
static void reluBackward(int n, const float *y, float *dy) {
  for (int i = 0; i < n; i += LANES) store(dy + i, keep(load(y + i) > splat(0.f), load(dy + i)));
}
