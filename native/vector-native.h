// The same for processors: AVX2 with 8 lanes, AVX-512 with 16, NEON with 4. Meanings as in vector-wasm.h.
#pragma once

typedef uint32_t FourWords __attribute__((vector_size(16)));
INLINE Vec choose(IntVec mask, Vec a, Vec b) { return mask ? a : b; }

#if VECTOR_LANES == 16
INLINE Vec splat(float a) { return _mm512_set1_ps(a); }
INLINE Vec larger(Vec a, Vec b) { return _mm512_max_ps(b, a); }
INLINE Vec smaller(Vec a, Vec b) { return _mm512_min_ps(b, a); }
INLINE Vec squareRoot(Vec a) { return _mm512_sqrt_ps(a); }
INLINE bool anySet(IntVec mask) { return _mm512_test_epi32_mask((__m512i)mask, (__m512i)mask) != 0; }
INLINE Vec madd(Vec a, Vec b, Vec c) { return _mm512_fmadd_ps(a, b, c); }
INLINE WordVec join(const FourWords *parts) {
  auto low = __builtin_shufflevector(parts[0], parts[1], 0, 1, 2, 3, 4, 5, 6, 7);
  auto high = __builtin_shufflevector(parts[2], parts[3], 0, 1, 2, 3, 4, 5, 6, 7);
  return __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}
INLINE void interleave(Vec a, Vec b, Vec &first, Vec &second) {
  first = __builtin_shufflevector(a, b, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
  second = __builtin_shufflevector(a, b, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
}
#elif VECTOR_LANES == 8
INLINE Vec splat(float a) { return _mm256_set1_ps(a); }
INLINE Vec larger(Vec a, Vec b) { return _mm256_max_ps(b, a); }
INLINE Vec smaller(Vec a, Vec b) { return _mm256_min_ps(b, a); }
INLINE Vec squareRoot(Vec a) { return _mm256_sqrt_ps(a); }
INLINE bool anySet(IntVec mask) { return !_mm256_testz_si256((__m256i)mask, (__m256i)mask); }
INLINE Vec madd(Vec a, Vec b, Vec c) { return _mm256_fmadd_ps(a, b, c); }
INLINE WordVec join(const FourWords *parts) {
  return __builtin_shufflevector(parts[0], parts[1], 0, 1, 2, 3, 4, 5, 6, 7);
}
INLINE void interleave(Vec a, Vec b, Vec &first, Vec &second) {
  first = __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11);
  second = __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15);
}
#else
INLINE Vec splat(float a) { return vdupq_n_f32(a); }
INLINE Vec larger(Vec a, Vec b) { return a < b ? b : a; }
INLINE Vec smaller(Vec a, Vec b) { return b < a ? b : a; }
INLINE Vec squareRoot(Vec a) { return vsqrtq_f32(a); }
INLINE bool anySet(IntVec mask) { return vmaxvq_u32((uint32x4_t)mask) != 0; }
INLINE Vec madd(Vec a, Vec b, Vec c) { return vfmaq_f32(c, a, b); }
INLINE WordVec join(const FourWords *parts) { return parts[0]; }
INLINE void interleave(Vec a, Vec b, Vec &first, Vec &second) {
  first = a;
  second = b;
}
#endif
