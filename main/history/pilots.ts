import type Database from 'better-sqlite3';
import type { PilotRecord } from '../inference/fit-store.ts';
import { blobToBytes, blobToDoubles, doublesToBlob, toJson } from './blobs.ts';

interface PilotRow {
  theta: Buffer;
  x: Buffer;
  bad: Buffer;
  bad_reasons_json: string;
  x_mean: Buffer;
  x_sd: Buffer;
}

/** The prior simulations that set a run's z-scores. */
export class Pilots {
  readonly #database: Database.Database;

  constructor(database: Database.Database) {
    this.#database = database;
  }

  /** A pilot run that was interrupted and done again replaces itself. */
  save(id: string, record: PilotRecord): void {
    this.#database
      .prepare(
        `INSERT OR REPLACE INTO pilots (run_id, theta, x, bad, bad_reasons_json, x_mean, x_sd)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        ...[id, doublesToBlob(record.theta), doublesToBlob(record.x), record.bad],
        ...[toJson(record.badReasons), doublesToBlob(record.xMean), doublesToBlob(record.xSd)],
      );
  }

  find(id: string): PilotRecord | null {
    const row = this.#database.prepare<[string], PilotRow>('SELECT * FROM pilots WHERE run_id = ?').get(id);
    if (row === undefined) return null;
    return {
      theta: blobToDoubles(row.theta),
      x: blobToDoubles(row.x),
      bad: blobToBytes(row.bad),
      badReasons: JSON.parse(row.bad_reasons_json) as string[],
      xMean: blobToDoubles(row.x_mean),
      xSd: blobToDoubles(row.x_sd),
    };
  }
}
