import { expect, it } from 'vitest';
import { numberRanges } from '../../../main/contract/number-ranges.ts';

it('joins three and more neighbours, and leaves the others apart', () => {
  expect(numberRanges([0, 1, 2, 3, 4, 7, 9, 10])).toBe('0–4, 7, 9, 10');
  expect(numberRanges([5])).toBe('5');
  expect(numberRanges([])).toBe('');
});
