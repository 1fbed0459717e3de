import { describe, expect, it } from 'vitest';
import { mahalanobisRank } from '../../../main/diagnostics/mahalanobis-rank.ts';
import { createRandom } from '../../../main/numeric/random.ts';

const good = (n: number) => new Uint8Array(n);

/** n rows of F features that share a common part, so that they are correlated with √½. */
function correlated(n: number, features: number, seed: number): Float64Array {
  const random = createRandom(seed);
  const x = new Float64Array(n * features);
  for (let i = 0; i < n; i++) {
    const common = random.normal();
    for (let f = 0; f < features; f++) x[i * features + f] = common + random.normal();
  }
  return x;
}

describe('mahalanobisRank', () => {
  it.each([2, 40])('is uniform for an observation that is one more simulation (%d features)', (features) => {
    const n = 150;
    const trials = 400;
    let mean = 0;
    let extreme = 0;
    for (let t = 0; t < trials; t++) {
      const rows = correlated(n + 1, features, 100 + t);
      const rank = mahalanobisRank(rows.subarray(n * features), rows.slice(0, n * features), good(n))!;
      mean += rank / trials;
      if (rank > 0.9) extreme += 1;
    }
    // Uniform: mean ½ ± 1/√(12·400) = .014 and 40 ± 6 beyond 90 %; four standard errors.
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.06);
    expect(Math.abs(extreme - 40)).toBeLessThan(24);
  });

  it('finds a combination that no simulation makes, though each of its features is ordinary', () => {
    const x = correlated(500, 2, 1);
    for (let i = 0; i < x.length; i += 2) x[i + 1] = x[i]! + 0.1 * x[i + 1]!;
    expect(mahalanobisRank([1.5, -1.5], x, good(500))).toBe(1);
    expect(mahalanobisRank([1.5, 1.5], x, good(500))).toBeLessThan(0.9);
  });

  it('does not let heavy tails of the simulations hide an observation', () => {
    const random = createRandom(3);
    const x = Float64Array.from({ length: 300 }, () => Math.exp(6 * random.normal()));
    expect(mahalanobisRank([-1e9], x, good(300))).toBe(1);
  });

  it('leaves out what the observation lacks, what does not vary and what hardly any simulation has', () => {
    const n = 100;
    const x = correlated(n, 4, 5);
    for (let i = 0; i < n; i++) {
      x[4 * i + 1] = 7; // constant
      x[4 * i + 3] = i < 5 ? 1 : NaN; // rare
    }
    const alone = Float64Array.from({ length: n }, (_, i) => x[4 * i]!);
    expect(mahalanobisRank([1.3, 7, NaN, 1e6], x, good(n))).toBe(mahalanobisRank([1.3], alone, good(n)));
  });

  it('leaves out bad simulations', () => {
    const x = correlated(100, 1, 6);
    const bad = good(101);
    bad[100] = 1;
    expect(mahalanobisRank([2], Float64Array.of(...x, NaN), bad)).toBe(mahalanobisRank([2], x, good(100)));
  });

  it('is unknown where nothing can be compared', () => {
    expect(mahalanobisRank([NaN], correlated(100, 1, 7), good(100))).toBeNull();
    expect(mahalanobisRank([1], correlated(20, 1, 8), good(20))).toBeNull();
    expect(mahalanobisRank([7], new Float64Array(100).fill(7), good(100))).toBeNull();
  });
});
