// What WebAssembly has instructions for: 128-bit vectors, with fused multiply-add in the relaxed build.
#pragma once

INLINE Vec splat(float a) { return Vec{a, a, a, a}; }
/** a where the mask (all bits of a lane, or none) is set, else b. */
INLINE Vec choose(IntVec mask, Vec a, Vec b) {
#ifdef __wasm_relaxed_simd__
  return (Vec)__builtin_wasm_relaxed_laneselect_i32x4((IntVec)a, (IntVec)b, mask);
#else
  return (Vec)((mask & (IntVec)a) | (~mask & (IntVec)b));
#endif
}
/** The larger and the smaller; where one is NaN, the first. One instruction each. */
INLINE Vec larger(Vec a, Vec b) { return __builtin_wasm_pmax_f32x4(a, b); }
INLINE Vec smaller(Vec a, Vec b) { return __builtin_wasm_pmin_f32x4(a, b); }
INLINE Vec squareRoot(Vec a) { return __builtin_elementwise_sqrt(a); }
INLINE bool anySet(IntVec mask) { return __builtin_wasm_any_true_v128(mask); }

/** a·b + c; one rounding where the processor has it (relaxed build), two and the same everywhere in the strict build. */
INLINE Vec madd(Vec a, Vec b, Vec c) {
#ifdef __wasm_relaxed_simd__
  return __builtin_wasm_relaxed_madd_f32x4(a, b, c);
#else
  return a * b + c;
#endif
}

/** Vectors of four side by side in one of all lanes. */
INLINE WordVec join(const WordVec *parts) { return parts[0]; }
/** Groups of four lanes of a and of b in turn. */
INLINE void interleave(Vec a, Vec b, Vec &first, Vec &second) {
  first = a;
  second = b;
}
