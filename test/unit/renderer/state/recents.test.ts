import { expect, it } from 'vitest';
import { Recents } from '../../../../renderer/state/recents.svelte.ts';
import { memoryStore } from './memory-store.ts';

it('keeps the last recording first, each once, and at most eight, from one start to the next', () => {
  const store = memoryStore();
  const recents = new Recents(store);
  for (let i = 0; i < 10; i++) recents.add(`/data/cell${i}.nwb`);
  recents.add('/data/cell5.nwb');
  recents.remove('/data/cell9.nwb');
  const names = new Recents(store).list.map(({ name }) => name);
  expect(names).toEqual([5, 8, 7, 6, 4, 3, 2].map((i) => `cell${i}.nwb`));
});

it('keeps all of many that were dropped at once', () => {
  const recents = new Recents(memoryStore());
  recents.add(...Array.from({ length: 12 }, (_, i) => `/data/${i}.nwb`));
  expect(recents.list).toHaveLength(12);
});

it('begins anew where what was stored is not a list of paths', () => {
  expect(new Recents(memoryStore({ 'chronaxie.recordings': '{"a":1}' })).list).toEqual([]);
  expect(new Recents(memoryStore({ 'chronaxie.recordings': '[' })).list).toEqual([]);
});
