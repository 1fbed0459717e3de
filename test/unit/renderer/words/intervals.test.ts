import { expect, it } from 'vitest';
import type { PosteriorView } from '../../../../main/contract/posterior.ts';
import { intervalText } from '../../../../renderer/words/intervals.ts';

it('names the last column of the copied table by what it is: the MAP, or the best set of a search', () => {
  const marginal = { name: 'gNa', median: 50.25, q05: 40, q95: 60, map: 51 };
  const view = { marginals: [marginal], hallOfFame: null } as unknown as PosteriorView;
  const symbols = [{ symbol: 'g_Na', unit: 'mS/cm²' }];
  expect(intervalText(view, symbols).split('\n')).toEqual([
    'parameter\tunit\tmedian\tq05\tq95\tMAP',
    'g_Na\tmS/cm²\t50.25\t40\t60\t51',
  ]);
  const search = { ...view, hallOfFame: Float64Array.of(51) };
  expect(intervalText(search, symbols).split('\n')[0]).toBe('parameter\tunit\tmedian\tq05\tq95\tbest');
});
