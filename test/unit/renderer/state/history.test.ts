import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../main/contract/errors.ts';
import { HistoryState } from '../../../../renderer/state/history.svelte.ts';
import { FakeTransport } from '../fake-transport.ts';
import { run } from './fixtures.ts';

describe('the history', () => {
  it('lists the newest first, by project, and finds by several words', async () => {
    const runs = [run('1'), run('3', { name: 'wide prior' }), run('2', { project: 'other' })];
    const history = new HistoryState(new FakeTransport({ 'history.list': () => runs }));
    await history.load();
    expect(history.found.map((g) => [g.project, g.runs.map((r) => r.id)])).toEqual([['cells', ['3', '1']], ['other', ['2']]]); // prettier-ignore
    history.search('wide HH8');
    expect(history.found.flatMap((g) => g.runs.map((r) => r.id))).toEqual(['3']);
  });
  it('does not ask for a rename that changes nothing', async () => {
    const transport = new FakeTransport({ 'history.list': () => [run('1')] });
    const history = new HistoryState(transport);
    await history.load();
    await history.rename('1', '  run 1 ');
    await history.rename('1', '   ');
    expect(transport.asked.map((a) => a.name)).toEqual(['history.list']);
  });
  it('says when the history cannot be read', async () => {
    const history = new HistoryState(
      new FakeTransport({
        'history.list': () => {
          throw new AppError('history-unavailable', 'The history cannot be opened.', {
            remedy: 'Free the disk.',
          });
        },
      }),
    );
    await history.load();
    expect(history.error?.remedy).toBe('Free the disk.');
    expect(history.loaded).toBe(true);
  });
});
