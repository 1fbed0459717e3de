import { expect, it } from 'vitest';
import { asStated } from '../../../../main/contract/recording.ts';
import { factorText, readingWords } from '../../../../renderer/words/units.ts';

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
  expect(readingWords(asStated)).toBeNull();
  expect(readingWords({ voltageFactor: 0.001, currentFactor: null, givenStep: null, mapping: null })).toBe(
    'voltage × 0.001',
  );
});

it('says which step was given in place of a missing stimulus', () => {
  const givenStep = { startMs: 100, endMs: 600, amplitudePa: -50, incrementPa: 12.5 };
  expect(readingWords({ ...asStated, givenStep })).toBe('a step of −50 pA (+12.5 a sweep) at 100–600 ms');
});
