import { expect, it } from 'vitest';
import { Undo } from '../../../../renderer/state/undo.svelte.ts';

it('brings back the last thing first, each once', async () => {
  const undo = new Undo();
  const back: string[] = [];
  for (const name of ['a', 'b'])
    undo.push({ words: `${name} was deleted.`, undo: () => void back.push(name) });
  expect(undo.last?.words).toBe('b was deleted.');
  expect(await undo.undo()).toBe(true);
  expect(await undo.undo()).toBe(true);
  expect(await undo.undo()).toBe(false);
  expect(back).toEqual(['b', 'a']);
});
