import { describe, expect, it } from 'vitest';
import { duration, number, percent, share } from '../../../main/diagnostics/words.ts';

describe('numbers in sentences', () => {
  it('group thousands and keep two digits of small ones', () => {
    expect([12345.6, 99.6, 10, 1.234, 0].map(number)).toEqual(['12,346', '100', '10', '1.2', '0']);
  });
  it('never round a share up to all or down to nothing', () => {
    expect([0.5, 0.9713, 0.996, 0.9998, 1].map(percent)).toEqual([
      '50 %',
      '97 %',
      '99.6 %',
      '99.98 %',
      '100 %',
    ]);
    expect([0.5, 0.0123, 0.0005, 1e-9].map(share)).toEqual(['50 %', '1.2 %', '0.050 %', 'less than 0.01 %']);
  });
  it('say durations as people do', () => {
    expect([0.4, 3.2, 89, 200, 5000, 200_000].map(duration)).toEqual([
      'less than 1 s',
      '3 s',
      '89 s',
      '3 min',
      '83 min',
      '2.3 days',
    ]);
    expect(duration(6000)).toBe('1 h 40 min');
  });
});
