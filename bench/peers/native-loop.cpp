// The scheme of our simulator as a native loop: hh8 in float32, AVX2 and FMA through the compiler's vectors, four vectors
// of eight parameter sets at once, each exponential shared as in the compiled model. Voltages of every step are kept.
// Usage: native-loop THETA.bin SETS STEPS DT CURRENT.bin OUT.bin; prints the processor time of five repetitions.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

typedef float Vec __attribute__((vector_size(32), aligned(4)));
typedef int IntVec __attribute__((vector_size(32)));
static const int LANES = 8, VECTORS = 4, GROUP = LANES * VECTORS;

static inline Vec splat(float x) { return Vec{} + x; }

static inline Vec exponential(Vec x) {
  x = x < -87.f ? splat(-87.f) : x;
  x = x > 87.f ? splat(87.f) : x;
  const float round = 12582912.f; // 1.5·2²³: adding it rounds to a whole number
  Vec whole = x * 1.44269504f + round;
  IntVec bits = (IntVec)whole;
  whole -= round;
  Vec r = x - whole * 0.693145752f - whole * 1.42860677e-6f;
  Vec p = splat(0.0013941119f);
  p = p * r + 0.0083751348f;
  p = p * r + 0.0416663528f;
  p = p * r + 0.1666641554f;
  p = p * r + 0.5f;
  p = p * r + 1.f;
  p = p * r + 1.f;
  return (Vec)((IntVec)p + (bits << 23));
}

/** z/(e^z − 1), from e = e^z */
static inline Vec rateOver(Vec z, Vec e) {
  IntVec small = (z < 1e-3f) & (z > -1e-3f);
  return small ? 1.f - z * 0.5f : z / (e - 1.f);
}

static inline Vec power(Vec x, int n) {
  Vec y = x;
  for (int i = 1; i < n; i++) y = y * x;
  return y;
}

struct Cells {
  Vec v, m, h, n, p, gNa, gK, gl, gM, perTau, negVT, eL;

  template <bool STEADY> inline void gates(float dt) {
    Vec x = v + negVT;
    Vec e40 = exponential(x * (1.f / 40)); // e^{x/40}: of it are the powers 1, 8 and 10
    Vec e8 = power(power(power(e40, 2), 2), 2), e10 = e8 * e40 * e40;
    Vec z1 = -0.25f * (x - 13.f), z2 = 0.2f * (x - 40.f), z3 = -0.2f * (x - 15.f);
    Vec inverse = 1.f / e40, down10 = 1.f / e10, down8 = 1.f / e8;
    Vec am = 1.28f * rateOver(z1, down10 * 25.7903399f), bm = 1.4f * rateOver(z2, e8 * 3.35462628e-4f);
    Vec ah = 0.128f * exponential((17.f - x) * (1.f / 18)), bh = 4.f / (1.f + down8 * 2980.95799f);
    Vec an = 0.16f * rateOver(z3, down8 * 20.0855369f), bn = 0.5f * 1.28402542f * inverse;
    Vec half = exponential(0.05f * (v + 35.f)), down = 1.f / half;
    Vec pInf = 1.f / (1.f + down * down), perP = perTau * (3.3f * half + down);
    advance<STEADY>(m, am / (am + bm), am + bm, dt);
    advance<STEADY>(h, ah / (ah + bh), ah + bh, dt);
    advance<STEADY>(n, an / (an + bn), an + bn, dt);
    advance<STEADY>(p, pInf, perP, dt);
  }
  template <bool STEADY> static inline void advance(Vec &y, Vec steady, Vec perMs, float dt) {
    y = STEADY ? steady : steady + (y - steady) * exponential(-dt * perMs);
  }
  inline void step(float current, float dt) {
    Vec na = gNa * m * m * m * h, k = gK * power(power(n, 2), 2) + gM * p, g = na + k + gl;
    Vec target = (na * 53.f + k * -107.f + gl * eL + current) / g;
    v = target + (v - target) * exponential(-dt * g);
    gates<false>(dt);
  }
};

static std::vector<float> read(const char *path, size_t count) {
  std::vector<float> values(count);
  FILE *file = fopen(path, "rb");
  if (!file || fread(values.data(), 4, count, file) != count) exit(1);
  fclose(file);
  return values;
}

int main(int, char **argv) {
  const int sets = atoi(argv[2]), steps = atoi(argv[3]), rows = (sets + GROUP - 1) / GROUP * GROUP;
  const float dt = atof(argv[4]);
  std::vector<float> theta = read(argv[1], sets * 7), current = read(argv[5], steps), out((size_t)rows * steps);
  for (int repeat = 0; repeat <= 5; repeat++) {
    clock_t before = clock();
    for (int first = 0; first < rows; first += GROUP) {
      Cells cells[VECTORS];
      for (int lane = 0; lane < GROUP; lane++) {
        const float *t = &theta[7 * (first + lane < sets ? first + lane : sets - 1)];
        Cells &c = cells[lane / LANES];
        int l = lane % LANES;
        c.gNa[l] = t[0], c.gK[l] = t[1], c.gl[l] = t[2], c.gM[l] = t[3];
        c.perTau[l] = 1 / t[4], c.negVT[l] = t[5], c.eL[l] = -t[6], c.v[l] = -70;
      }
      for (Cells &c : cells) c.gates<true>(dt);
      float *voltage = &out[(size_t)first * steps];
      for (int i = 0; i < steps; i++)
        for (int j = 0; j < VECTORS; j++) {
          *(Vec *)(voltage + i * GROUP + j * LANES) = cells[j].v;
          cells[j].step(current[i], dt);
        }
    }
    if (repeat > 0) printf("%.6f\n", double(clock() - before) / CLOCKS_PER_SEC);
  }
  FILE *file = fopen(argv[6], "wb"); // [group][step][lane]
  fwrite(out.data(), 4, out.size(), file);
  return fclose(file);
}
