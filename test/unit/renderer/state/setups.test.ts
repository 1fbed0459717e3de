import { expect, it } from 'vitest';
import { fitConfigSchema } from '../../../../main/contract/config.ts';
import { Setups } from '../../../../renderer/state/setups.ts';
import { memoryStore } from './memory-store.ts';

const setup = (seed: number) => ({ config: fitConfigSchema.parse({ seed }), sweep: 3, included: [3, 5] });

it('keeps the set-up of each recording over a restart, and forgets it when told', () => {
  const store = memoryStore();
  const setups = new Setups(store);
  setups.keep('/a.nwb', setup(2));
  setups.keep('/b.nwb', setup(3));
  setups.keep('/a.nwb', setup(4));
  const again = new Setups(store);
  expect(again.of('/a.nwb')).toEqual(setup(4));
  expect(again.of('/b.nwb')).toEqual(setup(3));
  again.forget('/a.nwb');
  expect(new Setups(store).of('/a.nwb')).toBeNull();
});

it('keeps the last twenty, and takes what it cannot read for nothing', () => {
  const store = memoryStore();
  const setups = new Setups(store);
  for (let i = 0; i < 25; i++) setups.keep(`/${i}.nwb`, setup(i));
  expect(setups.of('/4.nwb')).toBeNull();
  expect(setups.of('/5.nwb')).toEqual(setup(5));
  store.setItem('chronaxie.setups', '[["/a.nwb", {"config": {"nothing": 1}}]]');
  expect(new Setups(store).of('/a.nwb')).toBeNull();
  store.setItem('chronaxie.setups', 'damaged');
  expect(new Setups(store).of('/a.nwb')).toBeNull();
});
