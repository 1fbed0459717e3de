import { describe, expect, it } from 'vitest';
import {
  columnDecimals,
  count,
  fixed,
  inColumn,
  observed,
  parseNumber,
  plain,
  quantity,
  significant,
  tickLabel,
} from '../../../main/figures/number.ts';

describe('numbers as physiologists print them', () => {
  it('writes a true minus and never a negative zero', () => {
    expect(fixed(-66.7, 1)).toBe('\u221266.7');
    expect(fixed(-0.04, 1)).toBe('0.0');
    expect(count(-0.2)).toBe('0');
  });
  it('keeps the labels of ticks short, whatever unit a file claims', () => {
    expect(tickLabel(-50, 0)).toBe('\u221250');
    expect(tickLabel(-50_000, 0)).toBe('\u221250K');
    expect(tickLabel(2e14, 0)).toBe('200T');
  });
  it('separates thousands by commas', () => {
    expect(count(2140)).toBe('2,140');
    expect(count(18_300.4)).toBe('18,300');
  });
  it('keeps significant digits on either side of rounding up', () => {
    expect(significant(0.04561)).toBe('0.0456');
    expect(significant(9.996)).toBe('10.0');
    expect(significant(1746)).toBe('1,746');
    expect(significant(0)).toBe('0');
  });
  it('writes the very small and the very large as powers of ten', () => {
    expect(significant(0.0000123)).toBe('1.23\u2009×\u200910⁻⁵');
    expect(significant(-1e8)).toBe('\u221210⁸');
    expect(plain(1e-5)).toBe('10⁻⁵');
  });
  it('puts a thin space before the unit, and none where there is no unit', () => {
    expect(quantity('45.3', 'pF')).toBe('45.3\u2009pF');
    expect(quantity('3.7', '')).toBe('3.7');
  });
  it('names what is not a number and what has no end', () => {
    expect(significant(NaN)).toBe('missing');
    expect(fixed(-Infinity, 2)).toBe('\u2212∞');
  });
  it('leaves counts whole and gives measurements four digits', () => {
    expect(observed(6)).toBe('6');
    expect(observed(-31.6149)).toBe('\u221231.61');
  });
  it('chooses a column’s decimals by its largest value, and lets no value vanish', () => {
    expect(columnDecimals([0.084, 0.215])).toBe(3);
    expect(columnDecimals([1746, 458])).toBe(0);
    expect(columnDecimals([])).toBe(0);
    expect(inColumn(0.0001, 3)).toBe('0.0001');
    expect(inColumn(0.0841, 3)).toBe('0.084');
  });
});

describe('numbers as people type them', () => {
  it.each([
    ['−14', -14],
    [' 5,000 ', 5000],
    ['1e-4', 1e-4],
    ['.5', 0.5],
    ['+3.', 3],
  ])('reads «%s»', (text, value) => expect(parseNumber(text)).toBe(value));
  it.each(['', 'many', '1,2', '1e', '0x10', 'Infinity', '1e999', '3 4x'])('does not read «%s»', (text) =>
    expect(parseNumber(text)).toBeNull(),
  );
});
