import { describe, expect, it } from 'vitest';
import { moreDraws } from '../../../main/inference/region-draws.ts';
import { independentPrior } from '../../../main/model/prior.ts';
import { createRandom } from '../../../main/numeric/random.ts';

const prior = independentPrior([
  { name: 'a', unit: '', prior: { normal: [0, 1] } },
  { name: 'b', unit: '', prior: { uniform: [0, 1] } },
]);
const inside = (theta: Float64Array) =>
  Uint8Array.from({ length: theta.length / 2 }, (_, i) =>
    Number(prior.contains(theta, 2 * i) && theta[2 * i]! > 0),
  );

/** Exact draws: a half-normal and a uniform. */
function archive(n: number): Float64Array {
  const random = createRandom(1);
  return Float64Array.from({ length: 2 * n }, (_, i) =>
    i % 2 === 0 ? Math.abs(random.normal()) : random.uniform(),
  );
}

describe('moreDraws', () => {
  const n = 2000;
  const drawn = moreDraws(n, archive(500), inside, prior, createRandom(2));
  const column = (i: number) => Float64Array.from({ length: n }, (_, s) => drawn[2 * s + i]!);
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;

  it('keeps to the region and to the prior inside it', () => {
    expect(inside(drawn).every((flag) => flag === 1)).toBe(true);
    // Half-normal: mean .798, sd .603; uniform: mean ½, sd .289. Four standard errors of 2,000 draws.
    expect(Math.abs(mean(column(0)) - 0.798)).toBeLessThan(0.054);
    expect(Math.abs(mean(column(0).map((value) => value ** 2)) - 1)).toBeLessThan(0.13);
    expect(Math.abs(mean(column(1)) - 0.5)).toBeLessThan(0.026);
  });

  it('gives new values, not those it started from', () => {
    const known = new Set(archive(500));
    const kept = [...column(0)].filter((value) => known.has(value)).length;
    expect(kept / n).toBeLessThan(0.02);
  });
});
