import { describe, expect, it } from 'vitest';
import { regressionStart } from '../../../main/inference/regression-start.ts';
import { correlation, mean, standardDeviation } from '../../../main/numeric/statistics.ts';
import { createRandom } from '../../../main/numeric/random.ts';

/** y = 2x + noise of sd 0.5, x standard normal; z apart. */
const random = createRandom(3);
const rows = Float64Array.from(
  Array.from({ length: 5000 }, () => {
    const x = random.normal();
    return [x, 2 * x + 0.5 * random.normal(), random.normal()];
  }).flat(),
);
const column = (matrix: Float64Array, i: number) => matrix.filter((_, at) => at % 3 === i);
const anywhere = () => true;

describe('regressionStart', () => {
  it('puts the rest where it lies given the held value, exactly so where all is linear', () => {
    const start = regressionStart(rows, Float64Array.of(1.2, 0, 0), [0], 1000, anywhere);
    expect(start).toHaveLength(3000);
    expect(new Set(column(start, 0))).toEqual(new Set([1.2]));
    // Mean 2.4 and sd 0.5 of 1,000 draws: four standard errors, and the slope's own of the draws nearby.
    expect(Math.abs(mean(column(start, 1)) - 2.4)).toBeLessThan(0.08);
    expect(Math.abs(standardDeviation(column(start, 1)) - 0.5)).toBeLessThan(0.05);
    expect(Math.abs(correlation(column(start, 1), column(start, 2)))).toBeLessThan(0.13);
  });

  it('keeps a row’s own values where the regression would leave the support', () => {
    const below = (row: Float64Array, at: number) => row[at + 1]! < 1;
    const start = regressionStart(rows, Float64Array.of(3, 0, 0), [0], 50, below);
    const own = new Set(column(rows, 1));
    expect(column(start, 1).every((y) => own.has(y))).toBe(true);
  });

  it('gives the draws themselves where nothing is held, and no more than there are', () => {
    expect(regressionStart(rows, new Float64Array(3), [], 10, anywhere)).toEqual(rows.slice(0, 30));
    expect(regressionStart(rows.slice(0, 6), new Float64Array(3), [], 10, anywhere)).toHaveLength(6);
  });

  it('survives columns that do not vary', () => {
    const flat = Float64Array.of(1, 5, 0, 1, 5, 1, 1, 5, 2);
    const start = regressionStart(flat, Float64Array.of(2, 0, 0), [0], 3, anywhere);
    expect([...column(start, 1)]).toEqual([5, 5, 5]);
    expect([...start].every(Number.isFinite)).toBe(true);
  });
});
