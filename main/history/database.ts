import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { AppError } from '../contract/errors.ts';
import { makeFolder } from './make-folder.ts';
import { databaseVersion, migrate, migrations } from './migrations.ts';

/** "Chro" in the file's header: this SQLite file is ours. */
const applicationId = 0x4368726f;

/** How long to wait for another program's write before giving up. Our longest transaction writes one round: < 1 s. */
const busyTimeoutMs = 10_000;

/**
 * Opens or makes the database.
 *
 * WAL: readers and the one writer do not wait for each other, so the application can show the history while a command
 * line fits beside it, and a process killed at any moment leaves either the whole transaction or nothing of it.
 * synchronous = FULL: a commit returns when the log is on the disk. NORMAL would be as safe against `kill -9` (the
 * operating system keeps what was written) but after a power loss could lose the last commits, hence a round that the
 * user has been told is safe. A run commits a few times a minute; the price, some milliseconds each, is not felt.
 */
export function openDatabase(file: string): Database.Database {
  // better-sqlite3 13 is built for Node-API 10; an older Node does not refuse it but dies of a segmentation fault.
  if (Number(process.versions['napi']) < 10) {
    throw new AppError('history-unavailable', `The history needs Node 24, and this is ${process.version}.`, {
      remedy: 'Start Chronaxie by «npx chronaxie», which brings its own Node.',
    });
  }
  return guarded(file, () => {
    makeFolder(dirname(file));
    const database = new Database(file, { timeout: busyTimeoutMs });
    try {
      prepareDatabase(database, file);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  });
}

function prepareDatabase(database: Database.Database, file: string): void {
  refuseForeign(database, file); // before anything is written into a file that may not be ours
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  if (databaseVersion(database) === 0) initialise(database);
  migrate(database);
}

/** Settings that live in the file itself. */
function initialise(database: Database.Database): void {
  database.pragma('auto_vacuum = INCREMENTAL'); // a deleted run gives its space back; only before the first table
  switchToWal(database);
  database.pragma(`application_id = ${applicationId}`);
}

/** SQLite does not always wait for the lock that this switch needs, so two programs that start together may collide. */
function switchToWal(database: Database.Database): void {
  const deadline = Date.now() + busyTimeoutMs;
  for (;;) {
    try {
      database.pragma('journal_mode = WAL');
      return;
    } catch (error) {
      if (!(error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY'))) throw error;
      if (Date.now() > deadline) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
}

function refuseForeign(database: Database.Database, file: string): void {
  // Tables first: another program that is just making this file marks it as ours before it makes the tables.
  const tables = Number(database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get());
  const id = Number(database.pragma('application_id', { simple: true }));
  if (id !== applicationId && (id !== 0 || tables > 0)) {
    throw new AppError('history-unavailable', `${file} is a database of another program.`, {
      remedy: 'Choose another file for the history (--history, or CHRONAXIE_HISTORY).',
    });
  }
  const version = databaseVersion(database);
  if (version > migrations.length) {
    throw new AppError(
      'history-unavailable',
      `The history ${file} was written by a newer Chronaxie (its format is ${version}, this program knows ${migrations.length}).`,
      {
        remedy: 'Update Chronaxie, or choose another file for the history (--history, or CHRONAXIE_HISTORY).',
      },
    );
  }
}

/** What SQLite's refusals mean for a person, by the start of the result code's name. */
const explanations: [prefix: string, sentence: string, remedy: string][] = [
  [
    'SQLITE_NOTADB',
    'is not a database',
    'If it is your history, restore it from a backup; otherwise choose another file (--history, or CHRONAXIE_HISTORY).',
  ],
  [
    'SQLITE_CORRUPT',
    'is damaged',
    'Restore it from a backup, or move it away to begin a new one; sqlite3’s «.recover» command saves what is readable.',
  ],
  ['SQLITE_BUSY', 'is locked by another program', 'Close the other program that uses it, then try again.'],
  ['SQLITE_FULL', 'cannot grow: the disk is full', 'Free some space, then resume the run.'],
  ['SQLITE_READONLY', 'may not be written', 'Give yourself the right to write it and its folder.'],
  ['SQLITE_CANTOPEN', 'cannot be opened', 'See that it is a file in a folder that you may write.'],
  ['SQLITE_IOERR', 'cannot be read or written: the disk reports an error', 'Check the disk, then try again.'],
  ['EACCES', 'cannot be opened', 'See that it lies in a folder that you may write.'],
  ['ENOENT', 'cannot be made', 'See that it lies in a folder that you may write.'],
  ['ENOTDIR', 'cannot be opened', 'See that it lies in a folder.'],
  ['EEXIST', 'cannot be opened', 'See that it lies in a folder.'],
  [
    'EROFS',
    'cannot be written: the disk is read-only',
    'Choose another file (--history, or CHRONAXIE_HISTORY).',
  ],
];

/** Runs work on the database; a refusal of SQLite or the file system becomes an error that says what to do. */
export function guarded<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const found = explanations.find(([prefix]) => code.startsWith(prefix));
    if (error instanceof AppError || found === undefined) throw error;
    throw new AppError('history-unavailable', `The history ${file} ${found[1]}.`, {
      remedy: found[2],
      cause: error,
      details: { file, code },
    });
  }
}
