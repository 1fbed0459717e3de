// Normal noise for the variational layers: xoshiro128++ (Blackman, Vigna 2021) in four lanes, seeded by the caller from a
// counter-based stream, and the Box–Muller transform.
#pragma once
#include "vector.h"

struct Noise {
  WordVec s0, s1, s2, s3;
};

INLINE WordVec rotate(WordVec a, int k) { return (a << k) | (a >> (32 - k)); }

INLINE WordVec nextWords(Noise &g) {
  WordVec result = rotate(g.s0 + g.s3, 7) + g.s0;
  WordVec t = g.s1 << 9;
  g.s2 ^= g.s0;
  g.s3 ^= g.s1;
  g.s1 ^= g.s2;
  g.s0 ^= g.s3;
  g.s2 ^= t;
  g.s3 = rotate(g.s3, 11);
  return result;
}

/**
 * Two vectors of independent standard normals. Radius √(−2 ln u) with u on 24 bits (so |z| ≤ 5.8); the angle is a
 * quadrant (2 bits) and x in ±π/4 (22 bits), with sine and cosine by their Taylor sums, absolute error below 4e-7.
 */
INLINE void normalPair(Noise &g, Vec &first, Vec &second) {
  WordVec a = nextWords(g), b = nextWords(g);
  Vec u = (__builtin_convertvector((IntVec)(a >> 8), Vec) + 1.f) * 0x1p-24f;
  // u = 1 may give a logarithm of −1e-9 … +1e-9: the larger of it and 0 keeps the root real.
  Vec radius = squareRoot(larger(logarithm(u) * -2.f, splat(0.f)));
  Vec x = (__builtin_convertvector((IntVec)((b >> 2) & 0x3fffff), Vec) * 0x1p-22f - 0.5f) * 1.57079632679f;
  Vec y = x * x;
  Vec sine = madd(y, splat(-1.f / 5040), splat(1.f / 120));
  sine = madd(y, madd(y, sine, splat(-1.f / 6)), splat(1.f)) * x;
  Vec cosine = madd(y, splat(1.f / 40320), splat(-1.f / 720));
  cosine = madd(y, madd(y, madd(y, cosine, splat(1.f / 24)), splat(-0.5f)), splat(1.f));
  WordVec quadrant = b >> 30;
  IntVec odd = (IntVec)(quadrant & 1) != 0;
  Vec c = choose(odd, sine, cosine), s = choose(odd, cosine, sine);
  first = (Vec)((WordVec)(radius * c) ^ ((quadrant ^ (quadrant >> 1)) << 31));
  second = (Vec)((WordVec)(radius * s) ^ (b & 0x80000000u));
}

static void fillNormal(int n, Noise *noise, float *out) {
  Noise g = *noise;
  for (int i = 0; i < n; i += 2 * LANES) {
    Vec a, b;
    normalPair(g, a, b);
    store(out + i, a);
    if (i + LANES < n) store(out + i + LANES, b);
  }
  *noise = g;
}
