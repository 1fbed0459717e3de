import fc from 'fast-check';
import { expect, it } from 'vitest';
import { selectInPlace } from '../../../main/numeric/select.ts';
import { median, quantile } from '../../../main/numeric/statistics.ts';

const values = fc.array(
  fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e300, max: 1e300 }),
    fc.integer({ min: -3, max: 3 }),
  ),
  {
    minLength: 1,
    maxLength: 60,
  },
);

it('finds every order statistic, ties included, and parts the values around it', () => {
  fc.assert(
    fc.property(values, fc.nat(), (list, at) => {
      const k = at % list.length;
      const array = Float64Array.from(list);
      const sorted = Float64Array.from(list).sort();
      const found = selectInPlace(array, k);
      expect(found === sorted[k]).toBe(true);
      expect(array.subarray(0, k).every((value) => value <= found)).toBe(true);
      expect(array.subarray(k).every((value) => value >= found)).toBe(true);
    }),
  );
});

it('makes the median the same number as sorting does', () => {
  fc.assert(
    fc.property(values, (list) => {
      expect(median(list) === quantile(list, 0.5)).toBe(true);
    }),
  );
  expect(median([3, Number.NaN, 1])).toBeNaN();
  expect(median([])).toBeNaN();
});
