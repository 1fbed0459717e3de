import { describe, expect, it } from 'vitest';
import { withFirst } from '../../../../renderer/state/arriving.svelte.ts';

interface Row {
  key: number;
  of: string;
}
const rows = (of: string, ...keys: number[]): Row[] => keys.map((key) => ({ key, of }));
const first = (before: Row[], wanted: Row[], built: number) =>
  withFirst(before, wanted, built, ({ key }) => key).map(({ key, of }) => `${of}${key}`);

describe('rows that are arriving', () => {
  it('come from the first on, where nothing stood before', () => {
    expect(first([], rows('new', 0, 1, 2, 3), 2)).toEqual(['new0', 'new1']);
    expect(first(rows('new', 0, 1), rows('new', 0, 1, 2, 3), 4)).toEqual(['new0', 'new1', 'new2', 'new3']);
  });

  it('replace rows of the same things one after the other, and the table keeps its length', () => {
    expect(first(rows('old', 0, 1, 2), rows('new', 0, 1, 2), 1)).toEqual(['new0', 'old1', 'old2']);
  });

  it('never stand beside rows of something else: no row would be there twice', () => {
    expect(first(rows('old', 1, 2, 0), rows('new', 0, 1, 2), 1)).toEqual(['new0']);
    expect(first(rows('old', 0, 1, 2, 3), rows('new', 0, 1, 2), 2)).toEqual(['new0', 'new1', 'old2']);
  });
});
