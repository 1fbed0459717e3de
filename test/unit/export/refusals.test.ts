import { writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { nwb } from '../../../main/export/nwb.ts';
import { refusals } from '../../../main/export/refusals.ts';
import { prepared, temporaryFolder } from '../history/records.ts';
import { run } from './run.ts';

describe('refusals', () => {
  const folder = temporaryFolder();
  afterAll(() => {
    folder[Symbol.dispose]();
  });
  const of = (recording: string) =>
    refusals({
      ...prepared,
      config: { ...prepared.config, source: { recording, sha256: null, sweep: 3, alsoSweeps: [] } },
    });

  it('writes no cell of a simulator module, and no copy of a recording that it never had', async () => {
    const source = { simulator: 'decay.mjs', observation: 'observed.csv' };
    const found = await refusals({ ...prepared, config: { ...prepared.config, source }, recording: null });
    expect(found.formats.neuron).toContain('no equations');
    expect(found.formats.csv).toBeUndefined();
    expect(found.intoCopy).toBe('This run has no recording.');
  });

  it('takes an NWB recording for a copy, and says why it takes no other', async () => {
    const [cell, abf] = [folder.file('cell.nwb'), folder.file('cell.abf')];
    writeFileSync(cell, await nwb(run, new Date()));
    writeFileSync(abf, 'ABF2');
    expect(await of(cell)).toEqual({ formats: {}, intoCopy: null });
    expect((await of(abf)).intoCopy).toBe('The recording is not an NWB file.');
    expect((await of(folder.file('gone.nwb'))).intoCopy).toBe('The recording is no longer in its place.');
  });
});
