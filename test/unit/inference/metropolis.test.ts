import { describe, expect, it } from 'vitest';
import { metropolis, someRows } from '../../../main/inference/metropolis.ts';
import { independentPrior } from '../../../main/model/prior.ts';
import { createRandom } from '../../../main/numeric/random.ts';

const prior = independentPrior([
  { name: 'a', unit: '', prior: { normal: [0, 1] } },
  { name: 'b', unit: '', prior: { uniform: [0, 1] } },
]);
/** The prior, cut to a > 0. */
const logTarget = (theta: Float64Array) =>
  Float64Array.from({ length: theta.length / 2 }, (_, i) =>
    theta[2 * i]! > 0 ? prior.logDensity(theta, 2 * i) : -Infinity,
  );
const column = (rows: Float64Array, i: number) =>
  Float64Array.from({ length: rows.length / 2 }, (_, s) => rows[2 * s + i]!);
const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Exact draws: a half-normal and a uniform. */
function exact(n: number): Float64Array {
  const random = createRandom(1);
  return Float64Array.from({ length: 2 * n }, (_, i) =>
    i % 2 === 0 ? Math.abs(random.normal()) : random.uniform(),
  );
}

describe('metropolis', () => {
  const archive = exact(500);

  it('leaves the target as it is and gives new values', () => {
    const start = someRows(2000, archive, 2, createRandom(2));
    const rows = metropolis(start, archive, 2, logTarget, createRandom(3), { steps: 50 });
    expect(logTarget(rows).every((value) => value > -Infinity)).toBe(true);
    // Half-normal: mean .798, sd .603; uniform: mean ½, sd .289. Four standard errors of 2,000 draws.
    expect(Math.abs(mean(column(rows, 0)) - 0.798)).toBeLessThan(0.054);
    expect(Math.abs(mean(column(rows, 0).map((value) => value ** 2)) - 1)).toBeLessThan(0.13);
    expect(Math.abs(mean(column(rows, 1)) - 0.5)).toBeLessThan(0.026);
    const known = new Set(archive);
    expect(column(rows, 0).filter((value) => known.has(value)).length / 2000).toBeLessThan(0.02);
  });

  it('finds the target from a single point', () => {
    const start = new Float64Array(4000).map((_, i) => (i % 2 === 0 ? 0.01 : 0.99));
    const rows = metropolis(start, archive, 2, logTarget, createRandom(4), { steps: 100 });
    expect(Math.abs(mean(column(rows, 0)) - 0.798)).toBeLessThan(0.054); // as above
    expect(Math.abs(mean(column(rows, 1)) - 0.5)).toBeLessThan(0.026);
  });

  it('moves the free columns alone', () => {
    const start = someRows(100, archive, 2, createRandom(5));
    const rows = metropolis(start, archive, 2, logTarget, createRandom(6), { steps: 20, free: [1] });
    expect(column(rows, 0)).toEqual(column(start, 0));
    expect(column(rows, 1)).not.toEqual(column(start, 1));
  });
});
