import { describe, expect, it } from 'vitest';
import { pastedTrueValues, readTrueValues } from '../../../../renderer/words/true-values.ts';

describe('true values', () => {
  it('are read as typed, a true minus and empty fields included', () => {
    expect(readTrueValues({ gNa: '50', negVT: '−0.5', gK: ' ' })).toEqual({
      truth: { gNa: 50, negVT: -0.5 },
      problems: [],
    });
  });

  it('name the field that is no number', () => {
    expect(readTrueValues({ gNa: 'five', gK: '5' })).toEqual({
      truth: { gK: 5 },
      problems: ['gNa: «five» is not a number.'],
    });
  });

  it('are taken from a pasted header and row, whatever separates them and whatever else stands there', () => {
    const names = ['gNa', 'gK'];
    expect(pastedTrueValues('gK,gNa,other\n5,50,1\n', names)).toEqual({ gK: '5', gNa: '50' });
    expect(pastedTrueValues('"gNa"\tgK\r\n50\t', names)).toEqual({ gNa: '50', gK: '' });
  });

  it('are not taken from a single number or another table', () => {
    expect(pastedTrueValues('50', ['gNa'])).toBeNull();
    expect(pastedTrueValues('a,b\n1,2', ['gNa'])).toBeNull();
  });
});
