import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../../main/history/database.ts';
import { History } from '../../../main/history/history.ts';
import { databaseVersion, migrate, migrations } from '../../../main/history/migrations.ts';
import { newRun, round, temporaryFolder } from './records.ts';

const unavailable = (words: RegExp) =>
  expect.objectContaining({
    code: 'history-unavailable',
    message: expect.stringMatching(words) as string,
    remedy: expect.stringMatching(/\w{3}/) as string,
  }) as Error;

describe('openDatabase', () => {
  it('makes the file and its folder, with a write-ahead log that reaches the disk', () => {
    using folder = temporaryFolder();
    const database = openDatabase(folder.file('a/b/history.sqlite'));
    expect(database.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(database.pragma('synchronous', { simple: true })).toBe(2); // FULL
    expect(database.pragma('foreign_keys', { simple: true })).toBe(1);
    expect(databaseVersion(database)).toBe(migrations.length);
    database.close();
  });

  it('refuses a history of a newer program and leaves it as it is', () => {
    using folder = temporaryFolder();
    const file = folder.file('history.sqlite');
    const newer = openDatabase(file);
    newer.pragma(`user_version = ${migrations.length + 1}`);
    newer.close();
    const before = readFileSync(file);
    expect(() => openDatabase(file)).toThrow(unavailable(/written by a newer Chronaxie/));
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it('refuses a database of another program and leaves it as it is', () => {
    using folder = temporaryFolder();
    const file = folder.file('bookmarks.sqlite');
    const other = new Database(file);
    other.exec('CREATE TABLE bookmarks (url TEXT)');
    other.close();
    const before = readFileSync(file);
    expect(() => openDatabase(file)).toThrow(unavailable(/of another program/));
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it('refuses what is not a database', () => {
    using folder = temporaryFolder();
    const file = folder.file('history.sqlite');
    writeFileSync(file, 'timeMs,v0\n0,-70\n'.repeat(500));
    expect(() => openDatabase(file)).toThrow(unavailable(/is not a database/));
  });

  it('refuses a folder, and a file in the place of a folder', () => {
    using folder = temporaryFolder();
    mkdirSync(folder.file('folder'));
    writeFileSync(folder.file('plain'), '');
    expect(() => openDatabase(folder.file('folder'))).toThrow(unavailable(/cannot be opened/));
    expect(() => openDatabase(folder.file('plain/history.sqlite'))).toThrow(unavailable(/cannot be opened/));
  });

  it.each([
    [
      'truncated in the middle',
      (file: string, size: number) => {
        truncateSync(file, Math.floor(size / 2));
      },
    ],
    [
      'overwritten behind its header',
      (file: string) => {
        const bytes = readFileSync(file);
        bytes.fill(0xa5, 4096, 12 * 4096);
        writeFileSync(file, bytes);
      },
    ],
  ])('says that a history is damaged when it is %s', (_, damage) => {
    using folder = temporaryFolder();
    const file = folder.file('history.sqlite');
    const whole = History.open(file);
    const { id } = whole.createRun(newRun);
    whole.saveRound(id, round(1, 500));
    whole.setState(id, 'finished');
    whole.close();
    damage(file, readFileSync(file).byteLength);
    expect(() => {
      const history = History.open(file);
      try {
        history.rounds(id);
      } finally {
        history.close();
      }
    }).toThrow(unavailable(/is damaged/));
  });
});

describe('migrate', () => {
  it('takes each step once, in order, and keeps the data', () => {
    const database = new Database(':memory:');
    const steps = ['CREATE TABLE a (n INTEGER)', 'INSERT INTO a VALUES (7)', 'ALTER TABLE a ADD COLUMN m'];
    migrate(database, steps.slice(0, 2));
    expect(databaseVersion(database)).toBe(2);
    migrate(database, steps);
    migrate(database, steps);
    expect(databaseVersion(database)).toBe(3);
    expect(database.prepare('SELECT * FROM a').all()).toEqual([{ n: 7, m: null }]);
  });
  it('leaves nothing of a step that fails', () => {
    const database = new Database(':memory:');
    expect(() => {
      migrate(database, ['CREATE TABLE a (n INTEGER)', 'CREATE TABLE b (n INTEGER); nonsense']);
    }).toThrow(/syntax error/);
    expect(databaseVersion(database)).toBe(1);
    expect(database.prepare('SELECT name FROM sqlite_schema').pluck().all()).toEqual(['a']);
  });
});

describe('migrations', () => {
  it('turn a run with the proposal truncated-prior into one of tsnpe, and leave the others as they were', () => {
    const database = new Database(':memory:');
    migrate(database, migrations.slice(0, 1));
    database.exec(`INSERT INTO projects (id, name, created_at) VALUES (1, 'p', '2026-01-01')`);
    database.exec(`INSERT INTO models (id, name, seen_at) VALUES (1, 'hh8', '2026-01-01')`);
    const columns = database.pragma('table_info(runs)') as { name: string; type: string; notnull: number }[];
    const insert = (id: string, kind: string) => {
      const config = { algorithm: 'snpe', proposal: { kind, epsilon: 0.002, studentT: 4 } };
      const values: Record<string, unknown> = {
        id,
        project_id: 1,
        model_id: 1,
        state: 'finished',
        config_json: JSON.stringify(config),
        prepared_json: JSON.stringify({ config }),
      };
      const used = columns.filter(({ name, notnull }) => name in values || notnull === 1);
      database
        .prepare(
          `INSERT INTO runs (${used.map(({ name }) => name).join()}) VALUES (${used.map(() => '?').join()})`,
        )
        .run(...used.map(({ name, type }) => values[name] ?? (type === 'TEXT' ? 'snpe' : 1)));
    };
    insert('a', 'truncated-prior');
    insert('b', 'estimate');
    migrate(database);
    const read = (id: string) =>
      database.prepare('SELECT algorithm, config_json, prepared_json FROM runs WHERE id = ?').get(id) as {
        algorithm: string;
        config_json: string;
        prepared_json: string;
      };
    const cut = { algorithm: 'tsnpe', proposal: { studentT: 4 }, truncation: { epsilon: 0.002 } };
    expect(read('a').algorithm).toBe('tsnpe');
    expect(JSON.parse(read('a').config_json)).toEqual(cut);
    expect(JSON.parse(read('a').prepared_json)).toEqual({ config: cut });
    expect(read('b').algorithm).toBe('snpe');
    expect(JSON.parse(read('b').config_json)).toEqual({ algorithm: 'snpe', proposal: { studentT: 4 } });
  });
});
