import type Database from 'better-sqlite3';
import { summarySchema, type Summary } from '../contract/run.ts';
import type { ResultRecord } from '../inference/fit-store.ts';
import { blobToBytes, blobToDoubles, doublesToBlob, toJson } from './blobs.ts';

interface ResultRow {
  summary_json: string;
  samples: Buffer;
  predictive_theta: Buffer;
  predictive_x: Buffer;
  predictive_bad: Buffer;
}

/** What a finished run came to. */
export class Results {
  readonly #database: Database.Database;

  constructor(database: Database.Database) {
    this.#database = database;
  }

  save(id: string, record: ResultRecord, now: string): void {
    this.#database
      .prepare(
        `INSERT OR REPLACE INTO results (run_id, finished_at, summary_json, samples, predictive_theta, predictive_x,
                                         predictive_bad) VALUES (?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        ...[id, now, toJson(record.summary), doublesToBlob(record.samples)],
        ...[doublesToBlob(record.predictiveTheta), doublesToBlob(record.predictiveX), record.predictiveBad],
      );
  }

  delete(id: string): void {
    this.#database.prepare('DELETE FROM results WHERE run_id = ?').run(id);
  }

  summary(id: string): Summary | null {
    const json = this.#database
      .prepare<[string], string>('SELECT summary_json FROM results WHERE run_id = ?')
      .pluck()
      .get(id);
    return json === undefined ? null : summarySchema.parse(JSON.parse(json));
  }

  find(id: string): ResultRecord | null {
    const row = this.#database.prepare<[string], ResultRow>('SELECT * FROM results WHERE run_id = ?').get(id);
    if (row === undefined) return null;
    return {
      summary: summarySchema.parse(JSON.parse(row.summary_json)),
      samples: blobToDoubles(row.samples),
      predictiveTheta: blobToDoubles(row.predictive_theta),
      predictiveX: blobToDoubles(row.predictive_x),
      predictiveBad: blobToBytes(row.predictive_bad),
    };
  }
}
