import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../main/contract/errors.ts';
import type { ConditionalView } from '../../../../main/contract/posterior.ts';
import { ConditionalState } from '../../../../renderer/state/conditional.svelte.ts';
import { FakeTransport } from '../fake-transport.ts';

const answer = (fixed: Record<string, number>) => ({ fixed, marginals: [] }) as unknown as ConditionalView;
const turns = async () => {
  for (let i = 0; i < 10; i++) await Promise.resolve();
};

describe('held parameters', () => {
  it('asks one question at a time and passes over values between', async () => {
    const first = Promise.withResolvers<undefined>();
    const transport = new FakeTransport({
      'posterior.conditional': async ({ fixed }) => {
        if (fixed['0'] === 1) await first.promise;
        return answer(fixed);
      },
    });
    const state = new ConditionalState(transport);
    state.follow('r', 1);
    for (const value of [1, 2, 3]) state.hold(0, value);
    first.resolve(undefined);
    await turns();
    expect(transport.asked.map(({ input }) => (input as { fixed: unknown }).fixed)).toEqual([
      { 0: 1 },
      { 0: 3 },
    ]);
    expect(state.view).toMatchObject({ fixed: { 0: 3 } });
  });

  it('asks again for another round, and forgets everything with another run', async () => {
    const transport = new FakeTransport({ 'posterior.conditional': ({ fixed }) => answer(fixed) });
    const state = new ConditionalState(transport);
    state.follow('r', 1);
    state.hold(0, 1);
    await turns();
    state.follow('r', 2);
    await turns();
    expect(transport.asked.map(({ input }) => (input as { round: number }).round)).toEqual([1, 2]);
    state.follow('other', 2);
    expect(state.held.size).toBe(0);
    expect(state.view).toBeNull();
  });

  it('shows the posterior of all again once nothing is held, and says why a value is refused', async () => {
    const transport = new FakeTransport({
      'posterior.conditional': ({ fixed }) => {
        if (fixed['0'] === 9) throw new AppError('usage', 'gNa cannot be held at 9', { remedy: 'Inside.' });
        return answer(fixed);
      },
    });
    const state = new ConditionalState(transport);
    state.follow('r', 1);
    state.hold(0, 9);
    await turns();
    expect(state.error?.message).toBe('gNa cannot be held at 9');
    state.hold(0, 1);
    await turns();
    expect(state.error).toBeNull();
    state.release(0);
    await turns();
    expect(state.view).toBeNull();
  });
});
