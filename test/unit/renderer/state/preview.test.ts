import { expect, it } from 'vitest';
import { fitConfigSchema } from '../../../../main/contract/config.ts';
import type { PriorPreview } from '../../../../main/contract/model.ts';
import { PreviewState } from '../../../../renderer/state/preview.svelte.ts';
import { FakeTransport } from '../fake-transport.ts';

const config = fitConfigSchema.parse({});

it('keeps the answer to the last question, whichever comes last', async () => {
  const slow = Promise.withResolvers<PriorPreview>();
  const answer = (observedSpikes: number) => ({ observedSpikes, draws: [] }) as unknown as PriorPreview;
  const preview = new PreviewState(
    new FakeTransport({ 'model.preview': ({ seed }) => (seed === 1 ? slow.promise : answer(seed)) }),
  );
  const first = preview.simulate(config, preview.seed);
  preview.redraw();
  await preview.simulate(config, preview.seed);
  slow.resolve(answer(1));
  await first;
  expect(preview.view?.observedSpikes).toBe(2);
  expect(preview.waiting).toBe(false);
});

it('says why draws cannot be simulated', async () => {
  const preview = new PreviewState(new FakeTransport());
  await preview.simulate(config, 1);
  expect(preview.error).not.toBeNull();
  expect(preview.waiting).toBe(false);
});
