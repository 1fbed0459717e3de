// Vectors of float32 and the elementary functions that the kernels need. float32 throughout; no library, no allocation.
#pragma once
#include <stdint.h>

#define INLINE static inline __attribute__((always_inline))

// Four in WebAssembly; the addon's builds for wider processors say so (addon-kernels.cpp).
#ifndef VECTOR_LANES
#define VECTOR_LANES 4
#endif
static const int LANES = VECTOR_LANES;

typedef float Vec __attribute__((vector_size(4 * VECTOR_LANES)));
typedef int32_t IntVec __attribute__((vector_size(4 * VECTOR_LANES)));
typedef uint32_t WordVec __attribute__((vector_size(4 * VECTOR_LANES)));
/** In memory vectors need not lie on whole ones. */
typedef float LooseVec __attribute__((vector_size(4 * VECTOR_LANES), aligned(4)));

#ifdef __wasm__
#include "vector-wasm.h"
#else
#include "vector-native.h"
#endif

INLINE Vec load(const float *p) { return *(const LooseVec *)p; }
INLINE void store(float *p, Vec a) { *(LooseVec *)p = a; }
INLINE float sumLanes(Vec a) {
  for (int n = LANES / 2; n > 0; n /= 2)
    for (int i = 0; i < n; i++) a[i] = a[2 * i] + a[2 * i + 1];
  return a[0];
}
INLINE Vec keep(IntVec mask, Vec a) { return (Vec)(mask & (IntVec)a); }
INLINE Vec absolute(Vec a) { return (Vec)((IntVec)a & 0x7fffffff); }

/** Zero where |a| < floor: keeps products out of the denormal range, which costs a factor of 80 on many processors. */
INLINE Vec flush(Vec a, float floor) { return keep(absolute(a) >= splat(floor), a); }

/**
 * e^x for −87 ≤ x ≤ 88, relative error below 2e-7; NaN stays NaN. Degree-6 minimax polynomial on |r| ≤ ln2/2 after
 * r = x − n·ln2 in two parts (Cody, Waite 1980).
 */
INLINE Vec exponentialInRange(Vec x) {
  Vec magic = splat(0x1.8p23f);
  Vec shifted = madd(x, splat(1.44269504f), magic);
  Vec n = shifted - magic;
  Vec r = madd(n, splat(-0.693359375f), x);
  r = madd(n, splat(2.12194440e-4f), r);
  Vec p = splat(0.0013941119114f);
  p = madd(p, r, splat(0.0083751347735f));
  p = madd(p, r, splat(0.0416663527672f));
  p = madd(p, r, splat(0.1666641541406f));
  p = madd(p, r, splat(0.5000000047148f));
  p = madd(p, r, splat(1.0000000377389f));
  p = madd(p, r, splat(1.0f));
  return (Vec)((IntVec)p + ((IntVec)shifted << 23));
}

/**
 * e^x. Beyond 88 the result is +infinity (never a clipped number: the trainer must notice), below −87 it is 0, which is
 * where float32 would leave its normal range.
 */
INLINE Vec exponential(Vec x) {
  Vec value = choose(x > splat(88.f), splat(__builtin_inff()), exponentialInRange(x));
  return keep(~(IntVec)(x < splat(-87.f)), value);
}

/** ln x for normal positive x, absolute error below 2e-7 near 1. Polynomial of Cephes logf (Moshier 1992). */
INLINE Vec logarithm(Vec x) {
  IntVec bits = (IntVec)x;
  IntVec exponent = (bits >> 23) - 127;
  Vec m = (Vec)((bits & 0x7fffff) | 0x3f800000);
  IntVec upper = m > splat(1.41421356f);
  m = choose(upper, m * 0.5f, m);
  exponent = exponent - upper;
  Vec f = m - 1.f, z = f * f;
  Vec p = splat(7.0376836292e-2f);
  p = madd(p, f, splat(-1.1514610310e-1f));
  p = madd(p, f, splat(1.1676998740e-1f));
  p = madd(p, f, splat(-1.2420140846e-1f));
  p = madd(p, f, splat(1.4249322787e-1f));
  p = madd(p, f, splat(-1.6668057665e-1f));
  p = madd(p, f, splat(2.0000714765e-1f));
  p = madd(p, f, splat(-2.4999993993e-1f));
  p = madd(p, f, splat(3.3333331174e-1f));
  Vec tail = madd(splat(-0.5f), z, f * z * p);
  return madd(__builtin_convertvector(exponent, Vec), splat(0.69314718056f), f + tail);
}

/** tanh x = 1 − 2/(e^{2x} + 1), absolute error below 2e-7. From 10 on it is 1 to the last bit of float32. */
INLINE Vec hyperbolicTangent(Vec x) {
  Vec bounded = larger(smaller(x, splat(10.f)), splat(-10.f));
  return 1.f - 2.f / (exponentialInRange(bounded + bounded) + 1.f);
}
