import { expect, it } from 'vitest';
import { fitConfigSchema } from '../../../../main/contract/config.ts';
import type { PosteriorView } from '../../../../main/contract/posterior.ts';
import { ComparisonState } from '../../../../renderer/state/comparison.svelte.ts';
import { FakeTransport } from '../fake-transport.ts';
import { report, run } from './fixtures.ts';

it('reads both runs at their last rounds; one without a round has no posterior', async () => {
  const transport = new FakeTransport({
    'history.show': ({ id }) => ({
      ...run(id),
      config: fitConfigSchema.parse({}),
      parameters: [],
      features: [],
      reports: id === '1' ? [report(1), report(2)] : [],
      summary: null,
      truth: {},
    }),
    'posterior.view': ({ id, round }) => ({ run: id, round }) as unknown as PosteriorView,
  });
  const comparison = new ComparisonState(transport);
  await comparison.show('1', '2');
  expect(comparison.runs?.map(({ view }) => view?.round ?? null)).toEqual([2, null]);
  comparison.close();
  expect(comparison.isOpen).toBe(false);
});

it('keeps why a run cannot be read', async () => {
  const comparison = new ComparisonState(new FakeTransport());
  await comparison.show('1', '2');
  expect(comparison.error).not.toBeNull();
  expect(comparison.runs).toBeNull();
});
