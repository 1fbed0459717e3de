import { describe, expect, it } from 'vitest';
import { jointCheck } from '../../../main/diagnostics/joint-check.ts';
import { createRandom } from '../../../main/numeric/random.ts';

const random = createRandom(5);
const table = (n: number, draw: () => number[]) => ({
  x: Float64Array.from(Array.from({ length: n }, draw).flat()),
  bad: new Uint8Array(n),
});
const prior = table(500, () => [10 * random.normal(), 10 * random.normal()]);
const observed = Float64Array.of(0, 0);

describe('jointCheck', () => {
  it('is near 0 where simulations at the posterior resemble the observation', () => {
    expect(
      jointCheck(
        observed,
        prior,
        table(200, () => [random.normal(), random.normal()]),
      ),
    ).toBeLessThan(0.02);
  });
  it('sees simulations on both sides of the observation with none near it', () => {
    const split = table(200, () => {
      const side = random.uniform() < 0.5 ? -10 : 10;
      return [side + random.normal(), side + random.normal()];
    });
    // In either feature alone the observation is the very median.
    expect(jointCheck(observed, prior, split)).toBeGreaterThan(0.4);
  });
  it('is about a half where the posterior is the prior', () => {
    const same = table(500, () => [10 * random.normal(), 10 * random.normal()]);
    // Two medians of 500: a standard error of .03.
    expect(Math.abs(jointCheck(observed, prior, same)! - 0.5)).toBeLessThan(0.1);
  });
  it('leaves bad simulations and missing features out, and does not let a wild feature hide the rest', () => {
    const bad = new Uint8Array(200).fill(1, 0, 100);
    const mixed = table(200, () => [random.normal(), NaN]);
    mixed.x.fill(1e9, 0, 200);
    expect(jointCheck(Float64Array.of(0, 5), prior, { x: mixed.x, bad })).toBeLessThan(0.1);
    expect(jointCheck(Float64Array.of(NaN, NaN), prior, mixed)).toBe(1);
    expect(jointCheck(observed, prior, { x: mixed.x, bad: new Uint8Array(200).fill(1) })).toBeNull();
  });
});
