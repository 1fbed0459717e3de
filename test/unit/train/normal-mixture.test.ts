import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../main/numeric/random.ts';
import { NormalMixtureHead } from '../../../main/train/normal-mixture.ts';

// Three components of different weight: logits, means, logarithms of precisions; one with its mean outside the bounds.
const outputs = Float32Array.of(0.5, -1, 0, -0.5, 0.8, 2.5, 1, 2, 0.5);

describe.each([
  ['two bounds', -1, 1.5],
  ['a lower bound', -1, Infinity],
  ['no bounds', -Infinity, Infinity],
])('a one-dimensional mixture head with %s', (_, low, high) => {
  const head = new NormalMixtureHead(3);
  const [from, to] = [Math.max(low, -6), Math.min(high, 8)];
  const cells = 7000;
  const at = (i: number) => from + ((to - from) * i) / cells;
  const cumulative = new Float64Array(cells + 1);
  for (let i = 0; i < cells; i++) {
    const density = Math.exp(head.logDensity(outputs, 0, 1, (at(i) + at(i + 1)) / 2, low, high));
    cumulative[i + 1] = cumulative[i]! + (density * (to - from)) / cells;
  }

  it('has mass one', () => {
    // Midpoint rule with steps of 1/50 sd and less; 5 sds and more beyond the range are nothing.
    expect(cumulative[cells]).toBeCloseTo(1, 4);
  });

  it('draws by its distribution function', () => {
    const n = 20_000;
    const random = createRandom(1);
    const drawn = Float64Array.from({ length: n }, () =>
      head.draw(outputs, 0, 1, [random.uniform(), random.uniform()], low, high),
    ).sort();
    let distance = 0;
    drawn.forEach((t, i) => {
      const cell = Math.min(cells, Math.max(0, Math.round(((t - from) / (to - from)) * cells)));
      distance = Math.max(distance, Math.abs((i + 0.5) / n - cumulative[cell]!));
    });
    // Kolmogorov–Smirnov: 1.95/√n is exceeded once in a thousand times.
    expect(distance).toBeLessThan(1.95 / Math.sqrt(n));
    expect(drawn[0]).toBeGreaterThanOrEqual(low);
    expect(drawn[n - 1]).toBeLessThanOrEqual(high);
  });

  it('draws a number for the smallest and the largest uniform numbers', () => {
    for (const u of [0, 1 - 2 ** -53])
      for (const v of [0, 1 - 2 ** -53])
        expect(Number.isFinite(head.draw(outputs, 0, 1, [u, v], low, high))).toBe(true);
  });
});

describe('a head’s outputs', () => {
  it('are read with an offset and a stride', () => {
    const head = new NormalMixtureHead(3);
    const spread = new Float32Array(20).fill(NaN);
    outputs.forEach((value, i) => (spread[1 + 2 * i] = value));
    expect(head.logDensity(spread, 1, 2, 0.3, -1, 1.5)).toBe(head.logDensity(outputs, 0, 1, 0.3, -1, 1.5));
    expect(head.draw(spread, 1, 2, [0.6, 0.3], -1, 1.5)).toBe(head.draw(outputs, 0, 1, [0.6, 0.3], -1, 1.5));
  });
});
