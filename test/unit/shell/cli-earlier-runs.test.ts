import { describe, expect, it } from 'vitest';
import { History } from '../../../main/history/history.ts';
import { earlierRunsText } from '../../../main/shell/cli-earlier-runs.ts';
import { newRun, prepared, temporaryFolder } from '../history/records.ts';

const { sha256 } = prepared.recording!;
const { source } = newRun;

describe('earlierRunsText', () => {
  it('knows a recording by its content, and says where it lay', () => {
    using folder = temporaryFolder();
    const history = History.open(folder.file('history.sqlite'));
    expect(earlierRunsText(history, source, sha256)).toBeNull();
    const { id } = history.createRun(newRun);
    history.savePrepared(id, prepared);
    expect(earlierRunsText(history, source, sha256)).toBe(
      `Note: this recording was fitted before: ${id}, queued. “chronaxie runs show ${id}” prints the last.`,
    );
    expect(earlierRunsText(history, folder.file('renamed.nwb'), sha256)).toContain(`(then at ${source})`);
    history.close();
  });

  it('says that a file has changed since it was fitted', () => {
    using folder = temporaryFolder();
    const history = History.open(folder.file('history.sqlite'));
    const { id } = history.createRun(newRun);
    history.savePrepared(id, prepared);
    const text = earlierRunsText(history, source, 'cd'.repeat(32));
    expect(text).toBe(
      `Note: the file has changed since it was fitted (${id}, queued): that run is of other data.`,
    );
    expect(earlierRunsText(history, folder.file('another.nwb'), 'cd'.repeat(32))).toBeNull();
    history.close();
  });

  it('names three runs and counts the others; of what cannot be read it says nothing', () => {
    using folder = temporaryFolder();
    const history = History.open(folder.file('history.sqlite'));
    for (let i = 0; i < 5; i++) history.savePrepared(history.createRun(newRun).id, prepared);
    expect(earlierRunsText(history, source, sha256)).toContain('; and 2 more.');
    expect(earlierRunsText(history, source, '')).toBeNull();
    history.close();
  });
});
