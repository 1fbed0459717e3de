import type Database from 'better-sqlite3';
import { type TraceMapping, traceMappingSchema } from '../contract/recording.ts';

/** What a person said of columns that do not tell what they are, for the next file that has the same. */
export class ColumnMappings {
  readonly #database: Database.Database;

  constructor(database: Database.Database) {
    this.#database = database;
  }

  find(columns: readonly string[]): TraceMapping | null {
    const json = this.#database
      .prepare<[string], string>('SELECT mapping_json FROM column_mappings WHERE columns_json = ?')
      .pluck()
      .get(JSON.stringify(columns));
    return json === undefined ? null : traceMappingSchema.parse(JSON.parse(json));
  }

  isEmpty(): boolean {
    return this.#database.prepare('SELECT 1 FROM column_mappings').get() === undefined;
  }

  /** Replaces what was said of the same columns before. */
  save(columns: readonly string[], mapping: TraceMapping, now: string): void {
    this.#database
      .prepare(
        'INSERT OR REPLACE INTO column_mappings (columns_json, mapping_json, said_at) VALUES (?, ?, ?)',
      )
      .run(JSON.stringify(columns), JSON.stringify(mapping), now);
  }

  delete(columns: readonly string[]): void {
    this.#database.prepare('DELETE FROM column_mappings WHERE columns_json = ?').run(JSON.stringify(columns));
  }
}
