import { expect, it } from 'vitest';
import { sized } from '../../../main/recording/sized.ts';

it('writes a value with three digits, whatever its size', () => {
  expect([0, -65.24, 52_345, 0.06521, 2.9e14, -1.234e-10].map(sized)).toEqual([
    '0',
    '−65.2',
    '52,300',
    '0.0652',
    '2.9 × 10¹⁴',
    '−1.23 × 10⁻¹⁰',
  ]);
});

it('writes what a damaged scale makes of a number', () => {
  expect([Infinity, -Infinity].map(sized)).toEqual(['∞', '−∞']);
});
