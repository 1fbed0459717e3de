import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readBatch, writeBatch } from '../../../main/shell/batch-file.ts';
import { expandFolders } from '../../../main/shell/cli-fit-several.ts';
import { temporaryFolder } from '../history/records.ts';

describe('expandFolders', () => {
  it('takes the recordings of a folder in natural order, and leaves the rest', () => {
    using folder = temporaryFolder();
    for (const name of ['cell10.nwb', 'cell2.ABF', 'notes.txt', '.hidden.nwb'])
      writeFileSync(folder.file(name), '');
    mkdirSync(folder.file('more'));
    expect(expandFolders(['one.nwb', folder.path])).toEqual([
      'one.nwb',
      join(folder.path, 'cell2.ABF'),
      join(folder.path, 'cell10.nwb'),
    ]);
  });

  it('refuses a folder without a recording, and says where else they may be', () => {
    using folder = temporaryFolder();
    mkdirSync(folder.file('more'));
    expect(() => expandFolders([folder.path])).toThrow(
      expect.objectContaining({ code: 'usage', remedy: expect.stringContaining('name them') as string }),
    );
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
