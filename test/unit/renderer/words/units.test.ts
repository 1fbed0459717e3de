import { expect, it } from 'vitest';
import { unitsAsStated } from '../../../../main/contract/recording.ts';
import { factorText, unitWords } from '../../../../renderer/words/units.ts';

it('writes powers of a thousand as people do', () => {
  expect([1, 1000, 0.001, 1e6, 1e-12, 2.5, 0.07].map(factorText)).toEqual([
    '1',
    '1,000',
    '0.001',
    '10⁶',
    '10⁻¹²',
    '2.5',
    '0.07',
  ]);
});

it('says what is multiplied, and nothing where the file’s units are taken', () => {
  expect(unitWords(unitsAsStated)).toBeNull();
  expect(unitWords({ voltageFactor: 0.001, currentFactor: null })).toBe('voltage × 0.001');
});
