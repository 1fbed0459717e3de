// Layers over time: a gated recurrent unit and a one-dimensional convolution. A sequence is feature-major like every other
// activation, [channels][steps][batch]: one step of all channels is a matrix whose rows lie steps·batch apart, so that both layers are
// the matrix products of matrix.h, step by step. Gradients of weights are sums over steps: they are set to zero first.
#pragma once
#include "matrix.h"

INLINE void clear(float *a, int n) {
  for (int i = 0; i < n; i++) a[i] = 0.f;
}

/** 1/(1 + e^−x), absolute error below 2e-7. Beyond ±30 it is 0 or 1 within 1e-13, and the exponential stays in range. */
INLINE Vec logisticSigmoid(Vec x) {
  return 1.f / (exponentialInRange(-larger(smaller(x, splat(30.f)), splat(-30.f))) + 1.f);
}

/**
 * Gated recurrent unit (Cho et al. 2014, the reset gate after the recurrent product, as in cuDNN): from h₀ = 0, at every step
 *   z = σ(W_z x + U_z h + b_z),  r = σ(W_r x + U_r h + b_r),  a = U_n h + b_a,  n = tanh(W_n x + b_n + r a),  h ← n + z (h − n).
 * w: [3 units][ldw] rows z, r, n; u: [3 units][ldu] rows z, r, a; bias: [4 units] z, r, a, n; x: [channels][steps][batch].
 * h: [steps + 1][units][batch] all states; gates: [steps][4][units][batch] z, r, a, n, for the backward pass. y: the last state.
 */
static void gruForward(int units, int channels, int steps, int batch, const float *w, const float *u, const float *bias,
                       const float *x, float *h, float *gates, float *y) {
  const int size = units * batch, ldw = padded(channels), ldu = padded(units);
  clear(h, size);
  for (int t = 0; t < steps; t++, x += batch, gates += 4 * size, h += size) {
    float *a = gates + 2 * size, *candidate = gates + 3 * size, *next = h + size;
    multiply<false>({units, u, ldu, h, batch, gates, batch, bias, false}, 3 * units, batch);
    multiply<false>({channels, w, ldw, x, steps * batch, gates, batch, nullptr, true}, 2 * units, batch);
    multiply<false>({channels, w + 2 * units * ldw, ldw, x, steps * batch, candidate, batch, bias + 3 * units, false}, units, batch);
    for (int i = 0; i < size; i += LANES) {
      Vec z = logisticSigmoid(load(gates + i)), r = logisticSigmoid(load(gates + size + i));
      Vec n = hyperbolicTangent(madd(r, load(a + i), load(candidate + i)));
      store(gates + i, z);
      store(gates + size + i, r);
      store(candidate + i, n);
      store(next + i, madd(z, load(h + i) - n, n));
    }
  }
  for (int i = 0; i < size; i += LANES) store(y + i, load(h + i));
}

// Gradients fade on their way back through hundreds of steps; below this they have no effect beside Adam's ε of 1e-8, and their
// products with weights would soon be denormal.
static const float STATE_GRADIENT_FLOOR = 1e-20f;

/**
 * Back-propagation through time. dh: [units][batch] holds the gradient of the last state and is overwritten; with g = dh:
 *   dn = g (1−z)(1−n²),  dz = g (h−n) z (1−z),  da = dn r,  dr = dn a r (1−r);  g ← g z + Uᵀ[dz dr da].
 * dgates: scratch [4][units][batch]; ht: scratch [rows][ldu]; xt: scratch [rows][ldw]; dx may be null.
 */
static void gruBackward(int units, int channels, int steps, int rows, int batch, const float *w, const float *u, const float *x,
                        const float *h, const float *gates, float *dh, float *dgates, float *ht, float *xt, float *dw, float *du,
                        float *dbias, float *dx) {
  const int size = units * batch, ldw = padded(channels), ldu = padded(units), ldx = steps * batch;
  const float *wn = w + 2 * units * ldw, *dn = dgates + 3 * size;
  float *dwn = dw + 2 * units * ldw;
  clear(dw, 3 * units * ldw);
  clear(du, 3 * units * ldu);
  clear(dbias, 4 * units);
  for (int t = steps - 1; t >= 0; t--) {
    const float *state = h + t * size, *gate = gates + 4 * t * size, *input = x + t * batch;
    for (int unit = 0; unit < units; unit++) {
      Vec sums[4] = {splat(0.f), splat(0.f), splat(0.f), splat(0.f)};
      for (int i = unit * batch; i < (unit + 1) * batch; i += LANES) {
        Vec z = load(gate + i), r = load(gate + size + i), a = load(gate + 2 * size + i), n = load(gate + 3 * size + i);
        Vec g = flush(load(dh + i), STATE_GRADIENT_FLOOR), kept = g * z;
        Vec slope = (g - kept) * (1.f - n * n);
        Vec slopes[4] = {kept * (1.f - z) * (load(state + i) - n), slope * a * (r - r * r), slope * r, slope};
        for (int k = 0; k < 4; k++) {
          Vec d = flush(slopes[k], STATE_GRADIENT_FLOOR);
          store(dgates + k * size + i, d);
          sums[k] = sums[k] + d;
        }
        store(dh + i, kept);
      }
      for (int k = 0; k < 4; k++) dbias[k * units + unit] += sumLanes(sums[k]);
    }
    transposeMatrix(state, units, rows, batch, ht, ldu);
    transposeMatrix(input, channels, rows, ldx, xt, ldw);
    multiply<false>({rows, dgates, batch, ht, ldu, du, ldu, nullptr, true}, 3 * units, ldu);
    multiply<false>({rows, dgates, batch, xt, ldw, dw, ldw, nullptr, true}, 2 * units, ldw);
    multiply<false>({rows, dn, batch, xt, ldw, dwn, ldw, nullptr, true}, units, ldw);
    multiply<true>({3 * units, u, ldu, dgates, batch, dh, batch, nullptr, true}, units, batch);
    if (!dx) continue;
    multiply<true>({2 * units, w, ldw, dgates, batch, dx + t * batch, ldx, nullptr, false}, channels, batch);
    multiply<true>({units, wn, ldw, dn, batch, dx + t * batch, ldx, nullptr, true}, channels, batch);
  }
}

struct Convolution {
  int channels, steps, filters, kernel, stride;
};
INLINE int outputSteps(const Convolution &c) { return (c.steps - c.kernel) / c.stride + 1; }

/** y[f][t] = b_f + Σ_c Σ_k w[f][c·kernel + k] x[c][t·stride + k], only where the kernel fits whole. w: [filters][ldw]. */
static void convolutionForward(const Convolution &c, int batch, const float *w, const float *bias, const float *x, float *y) {
  const int ldw = padded(c.channels * c.kernel), out = outputSteps(c);
  for (int t = 0; t < out; t++)
    for (int channel = 0; channel < c.channels; channel++) {
      const float *window = x + (channel * c.steps + t * c.stride) * batch;
      multiply<false>({c.kernel, w + channel * c.kernel, ldw, window, batch, y + t * batch, out * batch, bias, channel > 0},
                      c.filters, batch);
    }
}

/** window: scratch [channels·kernel][batch]; windowT: scratch [rows][ldw]; dx may be null. */
static void convolutionBackward(const Convolution &c, int rows, int batch, const float *w, const float *x, float *window,
                                float *windowT, const float *dy, float *dw, float *dbias, float *dx) {
  const int taps = c.channels * c.kernel, ldw = padded(taps), out = outputSteps(c), ldy = out * batch;
  clear(dw, c.filters * ldw);
  if (dx) clear(dx, c.channels * c.steps * batch);
  rowSums(dy, c.filters, ldy, dbias);
  for (int t = 0; t < out; t++, dy += batch) {
    for (int channel = 0; channel < c.channels; channel++) {
      const int from = (channel * c.steps + t * c.stride) * batch, n = c.kernel * batch;
      for (int i = 0; i < n; i += LANES) store(window + channel * n + i, load(x + from + i));
      if (dx)
        multiply<true>({c.filters, w + channel * c.kernel, ldw, dy, ldy, dx + from, batch, nullptr, true}, c.kernel, batch);
    }
    transposeMatrix(window, taps, rows, batch, windowT, ldw);
    multiply<false>({rows, dy, ldy, windowT, ldw, dw, ldw, nullptr, true}, c.filters, ldw);
  }
}

/** y = x, then `constants` rows that are the same for the whole batch, such as the injected current. */
static void appendConstants(int features, int constants, int batch, const float *x, const float *values, float *y) {
  for (int i = 0; i < features * batch; i += LANES) store(y + i, load(x + i));
  y += features * batch;
  for (int f = 0; f < constants; f++)
    for (int b = 0; b < batch; b += LANES) store(y + f * batch + b, splat(values[f]));
}
