import type Database from 'better-sqlite3';
import { calibrationSchema, type Calibration } from '../contract/calibration.ts';
import { toJson } from './blobs.ts';

/** The last calibration of each run. */
export class Calibrations {
  readonly #database: Database.Database;

  constructor(database: Database.Database) {
    this.#database = database;
  }

  /** A new one replaces the old. */
  save(record: Omit<Calibration, 'at'>, now: string): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO calibrations (run_id, finished_at, calibration_json) VALUES (?, ?, ?)')
      .run(record.id, now, toJson(record));
  }

  delete(id: string): void {
    this.#database.prepare('DELETE FROM calibrations WHERE run_id = ?').run(id);
  }

  find(id: string): Calibration | null {
    const row = this.#database
      .prepare<[string], { finished_at: string; calibration_json: string }>(
        'SELECT finished_at, calibration_json FROM calibrations WHERE run_id = ?',
      )
      .get(id);
    if (row === undefined) return null;
    return calibrationSchema.parse({ ...JSON.parse(row.calibration_json), at: row.finished_at });
  }
}
