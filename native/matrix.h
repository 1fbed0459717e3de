// Matrix product and transposition. Activations are feature-major, [features][batch padded to whole vectors]: the batch is the
// vector dimension, so that every layer and activation works on whole vectors whatever the layer sizes.
#pragma once
#include "vector.h"

// Rows and vectors of the register block: 3×3 accumulators, 3 operands and 1 broadcast fit the 16 registers of x64, of
// which WebAssembly's compiler keeps some for itself.
#ifndef BLOCK_ROWS
#define BLOCK_ROWS 3
#endif
#ifndef BLOCK_VECTORS
#define BLOCK_VECTORS 3
#endif
// Longest inner sum held at once: 192 × 3 vectors × 16 bytes stay in the first-level cache.
static const int BLOCK_DEPTH = 192;

struct Product {
  int depth;      // length of the inner sum
  const float *a; // [m][depth], or [depth][m] where transposed
  int lda;
  const float *b; // [depth][n]
  int ldb;
  float *c; // [m][n]
  int ldc;
  const float *bias; // [m] starts the sum, or null
  bool accumulate;   // add to what c holds
};

template <bool TRANSPOSED, int ROWS, int VECTORS> INLINE void block(const Product &p, int m, int n) {
  const int lda = p.lda, ldb = p.ldb, ldc = p.ldc, depth = p.depth;
  const float *a = p.a + (TRANSPOSED ? m : m * lda), *b = p.b + n;
  float *c = p.c + m * ldc + n;
  Vec sum[ROWS][VECTORS];
  for (int i = 0; i < ROWS; i++)
    for (int j = 0; j < VECTORS; j++)
      sum[i][j] = p.accumulate ? load(c + i * ldc + j * LANES) : splat(p.bias ? p.bias[m + i] : 0.f);
  for (int k = 0; k < depth; k++) {
    Vec operand[VECTORS];
    for (int j = 0; j < VECTORS; j++) operand[j] = load(b + j * LANES);
    for (int i = 0; i < ROWS; i++) {
      Vec factor = splat(TRANSPOSED ? a[i] : a[i * lda]);
      for (int j = 0; j < VECTORS; j++) sum[i][j] = madd(factor, operand[j], sum[i][j]);
    }
    a += TRANSPOSED ? lda : 1;
    b += ldb;
  }
  for (int i = 0; i < ROWS; i++)
    for (int j = 0; j < VECTORS; j++) store(c + i * ldc + j * LANES, sum[i][j]);
}

template <bool TRANSPOSED, int VECTORS> __attribute__((noinline)) void panel(const Product &p, int rows, int n) {
  int m = 0;
  for (; m + BLOCK_ROWS <= rows; m += BLOCK_ROWS) block<TRANSPOSED, BLOCK_ROWS, VECTORS>(p, m, n);
  if (BLOCK_ROWS > 2)
    for (; m + 2 <= rows; m += 2) block<TRANSPOSED, 2, VECTORS>(p, m, n);
  for (; m < rows; m++) block<TRANSPOSED, 1, VECTORS>(p, m, n);
}

/** The panel of `width` vectors, 1 … VECTORS. */
template <bool TRANSPOSED, int VECTORS> INLINE void panelOf(int width, const Product &p, int rows, int n) {
  if constexpr (VECTORS > 0) {
    if (width == VECTORS) panel<TRANSPOSED, VECTORS>(p, rows, n);
    else panelOf<TRANSPOSED, VECTORS - 1>(width, p, rows, n);
  }
}

template <bool TRANSPOSED> static void panels(const Product &p, int rows, int vectors) {
  for (int j = 0; j < vectors;) {
    int left = vectors - j;
    // One vector alone cannot hide the latency of the additions: share the last two blocks out evenly.
    int width = left <= BLOCK_VECTORS ? left : left == BLOCK_VECTORS + 1 ? (left + 1) / 2 : BLOCK_VECTORS;
    panelOf<TRANSPOSED, BLOCK_VECTORS>(width, p, rows, j * LANES);
    j += width;
  }
}

/** c[m][n] = (accumulate ? c : bias) + Σ_k a(m, k)·b[k][n]; columns a multiple of LANES. */
template <bool TRANSPOSED> static void multiply(Product p, int rows, int columns) {
  const int depth = p.depth;
  const float *a = p.a, *b = p.b;
  for (int k = 0; k < depth; k += BLOCK_DEPTH) {
    p.depth = depth - k < BLOCK_DEPTH ? depth - k : BLOCK_DEPTH;
    p.a = a + (TRANSPOSED ? k * p.lda : k);
    p.b = b + k * p.ldb;
    panels<TRANSPOSED>(p, rows, columns / LANES);
    p.accumulate = true;
  }
}

/** Four floats whatever the lanes: what transposition works in. */
typedef float Quad __attribute__((vector_size(16)));
typedef float LooseQuad __attribute__((vector_size(16), aligned(4)));
static const int QUAD = 4;
INLINE Quad loadQuad(const float *p) { return *(const LooseQuad *)p; }
INLINE void storeQuad(float *p, Quad a) { *(LooseQuad *)p = a; }

/** target[column][row] = source[row][column]; target rows are `ldTarget` long (a multiple of 4), zero beyond `rows`. */
static void transposeMatrix(const float *source, int rows, int columns, int ldSource, float *target, int ldTarget) {
  for (int r = 0; r < ldTarget; r += QUAD) {
    const float *row = source + r * ldSource;
    int c = 0;
    if (r + QUAD <= rows && ldSource % QUAD == 0)
      for (; c + QUAD <= columns; c += QUAD) {
        Quad a = loadQuad(row + c), b = loadQuad(row + ldSource + c);
        Quad d = loadQuad(row + 2 * ldSource + c), e = loadQuad(row + 3 * ldSource + c);
        Quad ab = __builtin_shufflevector(a, b, 0, 4, 1, 5), de = __builtin_shufflevector(d, e, 0, 4, 1, 5);
        Quad ab2 = __builtin_shufflevector(a, b, 2, 6, 3, 7), de2 = __builtin_shufflevector(d, e, 2, 6, 3, 7);
        float *t = target + c * ldTarget + r;
        storeQuad(t, __builtin_shufflevector(ab, de, 0, 1, 4, 5));
        storeQuad(t + ldTarget, __builtin_shufflevector(ab, de, 2, 3, 6, 7));
        storeQuad(t + 2 * ldTarget, __builtin_shufflevector(ab2, de2, 0, 1, 4, 5));
        storeQuad(t + 3 * ldTarget, __builtin_shufflevector(ab2, de2, 2, 3, 6, 7));
      }
    for (; c < columns; c++)
      for (int i = 0; i < QUAD; i++) target[c * ldTarget + r + i] = r + i < rows ? row[i * ldSource + c] : 0.f;
  }
}

/** sums[m] = Σ_n a[m][n] over whole vectors. */
static void rowSums(const float *a, int rows, int columns, float *sums) {
  for (int m = 0; m < rows; m++) {
    Vec sum = splat(0.f);
    for (int n = 0; n < columns; n += LANES) sum = sum + load(a + m * columns + n);
    sums[m] = sumLanes(sum);
  }
}

INLINE int padded(int n) { return (n + LANES - 1) / LANES * LANES; }
