import { expect, it } from 'vitest';
import type { Transport } from '../../../../main/contract/api.ts';
import { EarlierRunsState } from '../../../../renderer/state/earlier-runs.svelte.ts';
import { FakeTransport } from '../fake-transport.ts';

it('keeps what is known of the recording that was looked for last', async () => {
  const answers = new Map<string, (found: { runs: { id: string }[]; before: [] }) => void>();
  const transport = {
    invoke: (_: string, { sha256 }: { sha256: string }) =>
      new Promise((resolve) => answers.set(sha256, resolve)),
  } as unknown as Transport;
  const earlier = new EarlierRunsState(transport);
  const [first, second] = ['a', 'b'].map((sha256) => earlier.look({ sha256, path: '/data/cell.nwb' }));
  answers.get('b')!({ runs: [{ id: 'of b' }], before: [] });
  answers.get('a')!({ runs: [{ id: 'of a' }], before: [] });
  await Promise.all([first, second]);
  expect(earlier.runs.map(({ id }) => id)).toEqual(['of b']);
});

it('knows of none where the history cannot be asked', async () => {
  const earlier = new EarlierRunsState(new FakeTransport({}));
  await earlier.look({ sha256: 'a', path: '/data/cell.nwb' });
  expect([earlier.runs, earlier.before]).toEqual([[], []]);
});
