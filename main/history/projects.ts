import type Database from 'better-sqlite3';

/** Projects: named folders of runs. */
export class Projects {
  readonly #insert;
  readonly #find;

  constructor(database: Database.Database) {
    this.#insert = database.prepare<[string, string]>(
      'INSERT INTO projects (name, created_at) VALUES (?, ?) ON CONFLICT (name) DO NOTHING',
    );
    this.#find = database.prepare<[string], number>('SELECT id FROM projects WHERE name = ?').pluck();
  }

  /** The project's key; makes it where it is new. A project stays when its last run is deleted. */
  idOf(name: string, now: string): number {
    this.#insert.run(name, now);
    return this.#find.get(name)!;
  }
}
