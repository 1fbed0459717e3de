import { describe, expect, it } from 'vitest';
import type { ConditionalView, PosteriorView } from '../../../../main/contract/posterior.ts';
import { intervalLines, intervalText } from '../../../../renderer/words/intervals.ts';

const marginals = [
  { name: 'gNa', median: 50.25, q05: 40, q95: 60, map: 51 },
  { name: 'gK', median: 5, q05: 4, q95: 6, map: 5.5 },
];
const view = { marginals, hallOfFame: null } as unknown as PosteriorView;
const conditional = {
  fixed: [{ parameter: 0, value: 45 }],
  marginals: [{ parameter: 1, median: 4.5, q05: 4.25, q95: 4.75 }],
} as unknown as ConditionalView;
const symbols = [
  { symbol: 'g_Na', unit: 'mS/cm²' },
  { symbol: 'g_K', unit: 'mS/cm²' },
];

describe('the copied table', () => {
  it('names its last column by what it is: the MAP, or the best set of a search', () => {
    expect(intervalText(intervalLines(view, null), symbols, false).split('\n')).toEqual([
      'parameter\tunit\tmedian\tq05\tq95\tMAP',
      'g_Na\tmS/cm²\t50.25\t40\t60\t51',
      'g_K\tmS/cm²\t5\t4\t6\t5.5',
    ]);
    const search = intervalText(intervalLines(view, null), symbols, true);
    expect(search.split('\n')[0]).toBe('parameter\tunit\tmedian\tq05\tq95\tbest');
  });

  it('gives the others’ conditional intervals and the held value, and no MAP, where one is held', () => {
    expect(intervalText(intervalLines(view, conditional), symbols, false).split('\n')).toEqual([
      'parameter\tunit\tmedian\tq05\tq95\theld',
      'g_Na\tmS/cm²\t45\t\t\theld',
      'g_K\tmS/cm²\t4.5\t4.25\t4.75\t',
    ]);
  });

  it('ends with true values where any is known', () => {
    expect(intervalText(intervalLines(view, null, { gK: 4.8 }), symbols, false).split('\n')).toEqual([
      'parameter\tunit\tmedian\tq05\tq95\tMAP\ttrue',
      'g_Na\tmS/cm²\t50.25\t40\t60\t51\t',
      'g_K\tmS/cm²\t5\t4\t6\t5.5\t4.8',
    ]);
  });
});
