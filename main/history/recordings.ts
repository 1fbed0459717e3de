import type Database from 'better-sqlite3';

/** Recordings by their content: one that was moved or renamed is still the same recording. */
export class Recordings {
  readonly #upsert;
  readonly #locate;
  readonly #fileOf;
  readonly #removeUnused;

  constructor(database: Database.Database) {
    this.#upsert = database.prepare<[string, string, string]>(
      `INSERT INTO recordings (sha256, file, seen_at) VALUES (?, ?, ?)
       ON CONFLICT (sha256) DO UPDATE SET file = excluded.file, seen_at = excluded.seen_at`,
    );
    this.#locate = database.prepare<[string, string, string]>(
      'UPDATE recordings SET file = ?, seen_at = ? WHERE sha256 = ?',
    );
    this.#fileOf = database.prepare<[string], string>('SELECT file FROM recordings WHERE sha256 = ?').pluck();
    this.#removeUnused = database.prepare(
      'DELETE FROM recordings WHERE sha256 NOT IN (SELECT recording_sha256 FROM runs WHERE recording_sha256 IS NOT NULL)',
    );
  }

  seen(sha256: string, file: string, now: string): void {
    this.#upsert.run(sha256, file, now);
  }

  /** A known recording lies here now; one that no run has used is not remembered. */
  located(sha256: string, file: string, now: string): void {
    this.#locate.run(file, now, sha256);
  }

  /** Where a recording was seen last; null where it is not known. */
  fileOf(sha256: string): string | null {
    return this.#fileOf.get(sha256) ?? null;
  }

  /** A deleted run leaves no trace of the recording that only it used. */
  removeUnused(): void {
    this.#removeUnused.run();
  }
}
