import { describe, expect, it } from 'vitest';
import { naturalCompare, trailingNumber } from '../../../main/recording/natural-sort.ts';
import { unitMeaning } from '../../../main/recording/units.ts';
import { fromTimestamps, tidyRate } from '../../../main/recording/time-base.ts';
import { sweepNames } from '../../../main/recording/warnings.ts';

describe('names', () => {
  it('sorts numbers inside names by their value', () => {
    expect(['s_10', 's_9', 's_1'].sort(naturalCompare)).toEqual(['s_1', 's_9', 's_10']);
  });

  it('finds the last number of a name', () => {
    expect(['ic__Step__12', 'Sweep_007', 'sweep_3_response', 'data'].map(trailingNumber)).toEqual([
      12,
      7,
      3,
      null,
    ]);
  });

  it('names sweeps in runs', () => {
    expect(sweepNames([{ sweep: 4 }])).toBe('Sweep 4');
    expect(sweepNames([{ sweep: 7 }, { sweep: 2 }, { sweep: 1 }, { sweep: 3 }])).toBe('Sweeps 1–3, 7');
  });
});

describe('unitMeaning', () => {
  it.each([
    ['volts', 'voltage', 1e3],
    ['V', 'voltage', 1e3],
    ['mV', 'voltage', 1],
    ['millivolts', 'voltage', 1],
    ['amperes', 'current', 1e12],
    ['A', 'current', 1e12],
    ['amps', 'current', 1e12],
    ['nA', 'current', 1e3],
    ['pA', 'current', 1],
  ])('understands %s', (unit, quantity, factor) => {
    const meaning = unitMeaning(unit);
    expect(meaning?.quantity).toBe(quantity);
    expect(meaning!.toInternal / factor).toBeCloseTo(1, 12);
  });

  it.each(['', 'ohm', 'MV', 'unknown', 'lux'])('does not guess what “%s” means', (unit) => {
    expect(unitMeaning(unit)).toBeNull();
  });
});

describe('time', () => {
  it('makes 49999.99999999999 Hz what it was, and leaves real fractions', () => {
    expect([tidyRate(49_999.99999999999), tidyRate(12_500.5)]).toEqual([50_000, 12_500.5]);
  });

  it('refuses timestamps that run backwards, are too few, or are not numbers', () => {
    expect(fromTimestamps(new Float64Array([3, 2, 1])).problem).toMatch(/do not increase/);
    expect(fromTimestamps(new Float64Array([3])).problem).toMatch(/fewer than two/);
    expect(fromTimestamps(new Float64Array([0, Number.NaN, 2])).problem).toMatch(/not numbers/);
    expect(fromTimestamps(new Float64Array([1, 1.1, 1.2]))).toMatchObject({
      problem: null,
      rateHz: 10,
      startS: 1,
    });
  });
});
