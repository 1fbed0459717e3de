import type Database from 'better-sqlite3';

/** Models by the name or path under which runs used them. */
export class Models {
  readonly #upsert;
  readonly #removeUnused;

  constructor(database: Database.Database) {
    this.#upsert = database
      .prepare<[string, string], number>(
        `INSERT INTO models (name, seen_at) VALUES (?, ?)
         ON CONFLICT (name) DO UPDATE SET seen_at = excluded.seen_at RETURNING id`,
      )
      .pluck();
    this.#removeUnused = database.prepare('DELETE FROM models WHERE id NOT IN (SELECT model_id FROM runs)');
  }

  idOf(name: string, now: string): number {
    return this.#upsert.get(name, now)!;
  }

  removeUnused(): void {
    this.#removeUnused.run();
  }
}
