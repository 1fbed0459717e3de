import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { History } from '../../../main/history/history.ts';
import { startWriter } from './history-child.ts';
import { newRun, round, temporaryFolder } from './records.ts';

describe('two programs with one history', () => {
  it('may make it at the same moment and write into it side by side', async () => {
    using folder = temporaryFolder();
    const file = folder.file('history.sqlite');
    const writers = [startWriter(file, 'write-runs', '15'), startWriter(file, 'write-runs', '15')];
    await Promise.all(writers.map((writer) => writer.until('ready')));
    for (const writer of writers) writer.start();
    expect(await Promise.all(writers.map((writer) => writer.exitCode()))).toEqual([0, 0]);
    const history = History.open(file);
    const runs = history.list();
    expect(runs).toHaveLength(30);
    expect(runs.every((run) => run.state === 'finished' && run.roundsDone === 2)).toBe(true);
    history.close();
  });

  it('leave each other’s runs alone until the other one dies', async () => {
    using folder = temporaryFolder();
    const file = folder.file('history.sqlite');
    const other = startWriter(file, 'hold-run');
    const id = (await other.until('holding')).split(' ')[1]!;
    const history = History.open(file);
    expect(history.list()[0]).toMatchObject({ id, state: 'running' });
    expect(history.interruptAbandoned()).toEqual([]);
    for (const misuse of [
      () => {
        history.setState(id, 'running');
      },
      () => {
        history.saveRound(id, round(1));
      },
      () => history.delete(id),
    ])
      expect(misuse).toThrow(expect.objectContaining({ code: 'usage' }));

    await other.kill();
    expect(history.interruptAbandoned()).toEqual([id]);
    expect(history.list()[0]).toMatchObject({ id, state: 'interrupted' });
    history.setState(id, 'running');
    history.saveRound(id, round(1));
    expect(history.rounds(id)).toHaveLength(1);
    history.close();
  });

  it('knows a process from another that later got the same number', () => {
    using folder = temporaryFolder();
    const file = folder.file('history.sqlite');
    const before = History.open(file);
    const { id } = before.createRun(newRun);
    before.setState(id, 'running');
    before.close();
    const database = new Database(file);
    database.prepare("UPDATE runs SET owner_start = 'long ago'").run();
    database.close();
    const after = History.open(file);
    expect(after.list()[0]?.state).toBe('interrupted');
    after.close();
  });

  it('waits for the other’s write instead of failing', async () => {
    using folder = temporaryFolder();
    const file = folder.file('history.sqlite');
    const history = History.open(file);
    const writer = startWriter(file, 'write-runs', '1');
    await writer.until('ready');
    const blocker = new Database(file);
    blocker.exec('BEGIN IMMEDIATE');
    writer.start();
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(writer.said).not.toContain('done');
    expect(history.list()).toEqual([]); // reading does not wait
    blocker.exec('COMMIT');
    expect(await writer.exitCode()).toBe(0);
    expect(history.list()).toHaveLength(1);
    blocker.close();
    history.close();
  });
});
