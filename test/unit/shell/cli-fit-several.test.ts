import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readBatch, writeBatch } from '../../../main/shell/batch-file.ts';
import { expandFolders } from '../../../main/shell/cli-fit-several.ts';
import { temporaryFolder } from '../history/records.ts';

describe('expandFolders', () => {
  it('takes the recordings of a folder in natural order, and leaves the rest', async () => {
    using folder = temporaryFolder();
    for (const name of ['cell10.nwb', 'cell2.ABF', 'notes.txt', '.hidden.nwb'])
      writeFileSync(folder.file(name), '');
    mkdirSync(folder.file('more'));
    expect(await expandFolders(['one.nwb', folder.path])).toEqual([
      'one.nwb',
      join(folder.path, 'cell2.ABF'),
      join(folder.path, 'cell10.nwb'),
    ]);
  });

  it('takes tables whose columns are a recording’s, and no results that lie beside them', async () => {
    using folder = temporaryFolder();
    const write = (name: string, text: string) => writeFileSync(folder.file(name), text);
    write('cell1.csv', 'time (ms),Vm (mV)\n0,-70\n0.1,-70\n');
    write('bare.tsv', '0\t-70\n0.1\t-70\n');
    write('posterior-samples.csv', 'gNa,gK,gl,gM\n50,5,0.1,0.07\n51,5,0.1,0.07\n');
    write('predictive.csv', 'spikeCount,restMean\n7,-70\n8,-71\n');
    write('simulated.csv', 'timeMs,v0,v1\n0,-70,-70\n0.1,-70,-70\n');
    expect(await expandFolders([folder.path])).toEqual([join(folder.path, 'cell1.csv')]);
    const mapping = {
      ...{ time: { column: '1', unit: 'ms' as const }, rateHz: null },
      ...{ voltage: { columns: ['9'], unit: 'mV' }, current: null },
    };
    await expect(expandFolders([folder.path], mapping)).rejects.toMatchObject({ code: 'usage' });
  });

  it('refuses a folder without a recording, and says where else they may be', async () => {
    using folder = temporaryFolder();
    mkdirSync(folder.file('more'));
    await expect(expandFolders([folder.path])).rejects.toMatchObject({
      code: 'usage',
      remedy: expect.stringContaining('name them') as string,
    });
  });
});

describe('batch.json', () => {
  it('gives back what was written, and nothing where nothing was', () => {
    using folder = temporaryFolder();
    expect(readBatch(folder.path)).toEqual([]);
    const entry = { recording: '/data/a.nwb', sha256: 'ab', id: '261124-abcde' };
    writeBatch(folder.path, [entry]);
    expect(readBatch(folder.path)).toEqual([entry]);
  });

  it('refuses what it did not write, and says what to do', () => {
    using folder = temporaryFolder();
    for (const text of ['{', '{"runs": [{}]}']) {
      writeFileSync(folder.file('batch.json'), text);
      expect(() => readBatch(folder.path)).toThrow(
        expect.objectContaining({
          code: 'input-invalid',
          remedy: expect.stringContaining('--out') as string,
        }),
      );
    }
  });
});
