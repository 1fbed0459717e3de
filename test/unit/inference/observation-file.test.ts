import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readObservation } from '../../../main/inference/observation-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'chronaxie-observation-'));
function file(text: string): string {
  const path = join(folder, `${Math.abs(hash(text))}.csv`);
  writeFileSync(path, text);
  return path;
}
function hash(text: string): number {
  return [...text].reduce((sum, c) => (Math.imul(sum, 31) + c.charCodeAt(0)) | 0, 7);
}

describe('readObservation', () => {
  it('puts the columns into the simulator’s order and keeps missing values missing', async () => {
    const observed = await readObservation(file('b,a,c\n2,1,\n'), ['a', 'b', 'c']);
    expect([...observed]).toEqual([1, 2, NaN]);
  });
  it('reads NaN in any case and a file with a byte-order mark', async () => {
    expect([...(await readObservation(file('\ufeffa,b\nnan,3e-2\n'), ['a', 'b']))]).toEqual([NaN, 0.03]);
  });
  it.each([
    ['a,b\n1,2\n3,4\n', /2 rows/],
    ['a,b\n', /0 rows/],
    ['a,c\n1,2\n', /unknown features c; no column for b/],
    ['a,a\n1,2\n', /no column for b; a feature named twice/],
    ['a,b\n1,two\n', /line 2, column b: “two” is not a number/],
    ['a,b\n1,Infinity\n', /not a number/],
    ['a,b\n,\n', /every feature is missing/],
    ['a,b\n1\n', /not a CSV file/],
  ])('refuses %j and says why', async (text, message) => {
    await expect(readObservation(file(text), ['a', 'b'])).rejects.toMatchObject({
      code: 'input-invalid',
      message: expect.stringMatching(message),
    });
  });
  it('names a file that is not there', async () => {
    await expect(readObservation(join(folder, 'none.csv'), ['a'])).rejects.toMatchObject({
      code: 'file-not-found',
    });
  });
});
