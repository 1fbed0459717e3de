import { Reference, type Group } from 'h5wasm/node';
import { expect, it } from 'vitest';
import { Hdf5File } from '../../../main/recording/hdf5-file.ts';
import { writeNwb } from './nwb-fixture.ts';

it('finds nothing at the end of a reference to what was deleted', async () => {
  const file = await Hdf5File.open(await writeNwb('referring.nwb', []));
  expect(file.pathOf(new Reference(new Uint8Array(8).fill(7)))).toBeNull();
  file.close();
});

it('ends where links lead in a circle, within a file and between two', async () => {
  const link = (to: string, target: string) => (file: { get(path: string): unknown }) => {
    (file.get('/acquisition') as Group).create_external_link(to, target, 'a');
    (file.get('/acquisition') as Group).create_soft_link('/acquisition/s/s', 's');
  };
  await writeNwb('circle-2.nwb', [], '2.7.0', link('circle-1.nwb', '/acquisition/a'));
  const one = await writeNwb('circle-1.nwb', [], '2.7.0', link('circle-2.nwb', '/acquisition/a'));
  const file = await Hdf5File.open(one);
  expect(file.group('/acquisition/a')).toBeNull();
  expect(file.lostLink('/acquisition/a')).toEqual({ path: '/acquisition/a', file: 'circle-2.nwb' });
  expect(() => file.group('/acquisition/s')).toThrow(/symbolic link/);
  file.close();
});
