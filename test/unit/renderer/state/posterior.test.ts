import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../main/contract/errors.ts';
import type { PosteriorView, PredictiveView } from '../../../../main/contract/posterior.ts';
import { PosteriorState } from '../../../../renderer/state/posterior.svelte.ts';
import { FakeTransport } from '../fake-transport.ts';

describe('the posterior', () => {
  const view = (round: number): PosteriorView => ({
    run: 'r',
    round,
    acceptance: 1,
    marginals: [],
    pairs: [],
    hallOfFame: null,
  });
  const predictive = (round: number) =>
    ({ run: 'r', round, draws: [], features: [] }) as unknown as PredictiveView;

  it('shows the round asked for last, whatever answer comes last, and asks for no round twice', async () => {
    const slow = Promise.withResolvers<undefined>();
    const transport = new FakeTransport({
      'posterior.view': async ({ round }) => {
        if (round === 1) await slow.promise;
        return view(round);
      },
      'posterior.predictive': ({ round }) => predictive(round),
    });
    const posterior = new PosteriorState(transport);
    const first = posterior.show('r', 1);
    await posterior.show('r', 2);
    slow.resolve(undefined);
    await first;
    expect(posterior.view?.round).toBe(2);
    await posterior.show('r', 1);
    expect(posterior.view?.round).toBe(1);
    expect(transport.asked.filter((a) => a.name === 'posterior.view')).toHaveLength(2);
  });
  it('finds the searches on the same data, again when asked to, and shows none of another run’s', async () => {
    const hall = { id: 's', name: 'search', points: Float64Array.of(1, 2) };
    let halls = [hall];
    const posterior = new PosteriorState(
      new FakeTransport({
        'posterior.view': ({ round }) => view(round),
        'posterior.predictive': ({ round }) => predictive(round),
        'history.hallsOfFame': ({ id }) => (id === 'r' ? halls : []),
      }),
    );
    await posterior.show('r', 1);
    await posterior.loadHalls();
    expect(posterior.halls).toEqual([hall]);
    halls = [];
    await posterior.loadHalls();
    expect(posterior.halls).toEqual([]);
    halls = [hall];
    await posterior.loadHalls();
    await posterior.show('other', 1);
    expect(posterior.halls).toEqual([]);
  });
  it('keeps the density when only the prediction failed', async () => {
    const posterior = new PosteriorState(
      new FakeTransport({
        'posterior.view': ({ round }) => view(round),
        'posterior.predictive': () => {
          throw new AppError('file-not-found', 'The recording was moved.', { remedy: 'Put it back.' });
        },
      }),
    );
    await posterior.show('r', 1);
    expect(posterior.view?.round).toBe(1);
    expect(posterior.error).toBeNull();
    expect(posterior.predictiveError?.remedy).toBe('Put it back.');
    expect(posterior.predicting).toBe(false);
  });
});
