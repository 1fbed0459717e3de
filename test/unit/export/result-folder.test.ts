import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { AppError } from '../../../main/contract/errors.ts';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeResultFolder, writeSummaryTable } from '../../../main/export/result-folder.ts';
import { prepared, result, summary, temporaryFolder } from '../history/records.ts';

describe('writeResultFolder', () => {
  it('makes the folder, writes the four files whole and says where they are', async () => {
    using folder = temporaryFolder();
    const into = folder.file('fits/cell');
    const paths = await writeResultFolder(into, prepared, result('261123-h2k9v'));
    const names = ['config.json', 'posterior-samples.csv', 'predictive.csv', 'summary.json'];
    expect(paths.map((path) => basename(path)).toSorted()).toEqual(names);
    expect(basename(paths.at(-1)!)).toBe('summary.json');
    expect(readdirSync(into).toSorted()).toEqual(names);
    expect(JSON.parse(readFileSync(paths.at(-1)!, 'utf8'))).toEqual(summary('261123-h2k9v'));
  });

  it('replaces an earlier result', async () => {
    using folder = temporaryFolder();
    await writeResultFolder(folder.path, prepared, result('261123-h2k9v'));
    await writeResultFolder(folder.path, prepared, result('261124-00000'));
    expect(JSON.parse(readFileSync(folder.file('summary.json'), 'utf8'))).toMatchObject({
      id: '261124-00000',
    });
  });

  it('says what to do where it cannot write', async () => {
    using folder = temporaryFolder();
    writeFileSync(folder.file('plain'), '');
    await expect(writeResultFolder(folder.file('plain'), prepared, result('x'))).rejects.toThrow(
      expect.objectContaining({
        code: 'input-invalid',
        message: expect.stringContaining(folder.file('plain')) as string,
        remedy: expect.stringContaining('--out') as string,
      }),
    );
  });
});

describe('writeSummaryTable', () => {
  it('writes one row a recording, with empty cells for what one of them does not have', async () => {
    using folder = temporaryFolder();
    const one = summary('261123-h2k9v');
    const other = { ...summary('261123-h2m4a'), parameters: one.parameters.slice(1), recording: null };
    const error = new AppError('file-unreadable', 'It is cut off.', { remedy: '' });
    const [path] = await writeSummaryTable(folder.path, [
      { recording: '/data/cell.nwb', summary: one, out: '' },
      { recording: '/data/other.nwb', error },
      { recording: '/data/third.nwb', summary: other, out: '' },
      { recording: '/data/last.nwb', error: new AppError('cancelled', 'Not begun.', { remedy: '' }) },
    ]);
    expect(basename(path!)).toBe('summary.csv');
    expect(readFileSync(path!, 'utf8')).toBe(
      'id,file,status,sweep,gNa_median,gNa_q05,gNa_q95,gNa_map,gK_median,gK_q05,gK_q95,gK_map,verdict,seconds,networkOf,error\n' +
        '261123-h2k9v,/data/cell.nwb,fitted,3,50.5,40.1,60.9,51.25,50.5,40.1,60.9,51.25,trust,12.5,,\n' +
        ',/data/other.nwb,failed,,,,,,,,,,,,,It is cut off.\n' +
        '261123-h2m4a,,fitted,,,,,,50.5,40.1,60.9,51.25,trust,12.5,,\n' +
        ',/data/last.nwb,cancelled,,,,,,,,,,,,,Not begun.\n',
    );
  });
});
