// Normal noise for the variational layers: xoshiro128++ (Blackman, Vigna 2021) in four lanes, seeded by the caller from a
// counter-based stream, and the Box–Muller transform.
#pragma once
#include "vector.h"

typedef uint32_t Words __attribute__((vector_size(16)));
static const int GENERATORS = 4;

struct Noise {
  Words s0, s1, s2, s3;
};

INLINE Words rotate(Words a, int k) { return (a << k) | (a >> (32 - k)); }

INLINE Words nextWords(Noise &g) {
  Words result = rotate(g.s0 + g.s3, 7) + g.s0;
  Words t = g.s1 << 9;
  g.s2 ^= g.s0;
  g.s3 ^= g.s1;
  g.s1 ^= g.s2;
  g.s0 ^= g.s3;
  g.s2 ^= t;
  g.s3 = rotate(g.s3, 11);
  return result;
}

/** Words for two vectors of normals: as many pairs of nextWords as fill them, or fewer where fewer are needed. */
INLINE void nextPairs(Noise &g, int pairs, WordVec &a, WordVec &b) {
  Words first[LANES / GENERATORS], second[LANES / GENERATORS];
  for (int i = 0; i < LANES / GENERATORS; i++) {
    first[i] = i < pairs ? nextWords(g) : Words{};
    second[i] = i < pairs ? nextWords(g) : Words{};
  }
  a = join(first);
  b = join(second);
}

/**
 * Two vectors of independent standard normals, in the same order whatever the lanes: four of the cosine, four of the sine, and
 * so on. pairs: of how many such groups are wanted; the rest of the vectors is then not defined. Radius √(−2 ln u) with u on 24 bits (so |z| ≤ 5.8); the angle is a
 * quadrant (2 bits) and x in ±π/4 (22 bits), with sine and cosine by their Taylor sums, absolute error below 4e-7.
 */
INLINE void normalPair(Noise &g, int pairs, Vec &first, Vec &second) {
  WordVec a, b;
  nextPairs(g, pairs, a, b);
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
  c = (Vec)((WordVec)(radius * c) ^ ((quadrant ^ (quadrant >> 1)) << 31));
  s = (Vec)((WordVec)(radius * s) ^ (b & 0x80000000u));
  interleave(c, s, first, second);
}

/** n: a multiple of 4. Writes whole vectors: up to LANES − 4 floats beyond. */
static void fillNormal(int n, Noise *noise, float *out) {
  Noise g = *noise;
  for (int i = 0; i < n; i += 2 * LANES) {
    Vec a, b;
    normalPair(g, (n - i + 7) / 8, a, b);
    store(out + i, a);
    if (i + LANES < n) store(out + i + LANES, b);
  }
  *noise = g;
}
