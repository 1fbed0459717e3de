import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { doublesToBlob } from '../../../main/history/blobs.ts';
import { History } from '../../../main/history/history.ts';
import type { RoundRecord } from '../../../main/inference/fit-store.ts';
import { createRandom } from '../../../main/numeric/random.ts';
import { startWriter } from './history-child.ts';
import { newRun, round, temporaryFolder } from './records.ts';

/** Equal bytes; vitest's own comparison of a million doubles takes seconds. */
function sameRound(a: RoundRecord, b: RoundRecord): boolean {
  const arrays = ['theta', 'x', 'weights', 'losses', 'validationLosses'] as const;
  return (
    arrays.every((name) => doublesToBlob(a[name]).equals(doublesToBlob(b[name]))) &&
    Buffer.from(a.bad).equals(b.bad) &&
    Buffer.from(a.estimator).equals(b.estimator) &&
    JSON.stringify([a.round, a.report, a.proposal, a.posterior, a.badReasons]) ===
      JSON.stringify([b.round, b.report, b.proposal, b.posterior, b.badReasons])
  );
}

function integrity(file: string): unknown {
  const database = new Database(file);
  try {
    return database.pragma('integrity_check', { simple: true });
  } finally {
    database.close();
  }
}

describe('a process killed by SIGKILL', () => {
  const kills = 10;
  const scale = 1000; // a round of 1 MB: its writing and syncing fills most of the time in which the kill falls

  it('leaves every round whole or absent, none that it has announced missing, and the run can go on', async () => {
    using folder = temporaryFolder();
    const file = folder.file('history.sqlite');
    const random = createRandom(20261123);
    const first = History.open(file);
    const { id } = first.createRun(newRun);
    first.setState(id, 'cancelled'); // frees it for the other program
    first.close();
    let known = 0;
    for (let kill = 0; kill < kills; kill++) {
      const writer = startWriter(file, 'write-rounds', id, String(scale));
      await writer.until('ready');
      await sleep(120 * random.uniform());
      await writer.kill();
      const announced = Math.max(known, ...writer.said.slice(1).map((line) => Number(line.split(' ')[1])));

      const history = History.open(file);
      expect(history.list()[0]).toMatchObject({ id, state: 'interrupted' });
      const found = history.rounds(id);
      history.close();
      expect(found.length === announced || found.length === announced + 1).toBe(true);
      for (const record of found.slice(known))
        expect(sameRound(record, round(record.round, scale))).toBe(true);
      expect(found.map((record) => record.round)).toEqual(found.map((_, i) => i + 1));
      expect(integrity(file)).toBe('ok');
      known = found.length;
    }
    expect(known).toBeGreaterThan(3); // the kills have not all come before the first round
  });

  it('leaves a history that opens, also when it is killed while making it', async () => {
    using folder = temporaryFolder();
    const random = createRandom(7);
    for (let kill = 0; kill < 5; kill++) {
      const writer = startWriter(folder.file(`history-${kill}`), 'make-histories');
      await writer.until('made 0');
      await sleep(60 * random.uniform());
      await writer.kill();
    }
    const files = readdirSync(folder.path).filter((name) => !/-(wal|shm|journal)$/.test(name));
    expect(files.length).toBeGreaterThan(5);
    for (const name of files) {
      const history = History.open(folder.file(name));
      history.createRun(newRun);
      expect(history.list().length).toBeGreaterThan(0);
      history.close();
    }
  });
});
