import type Database from 'better-sqlite3';
import { type RoundLosses, roundReportSchema, type RoundReport } from '../contract/run.ts';
import type { RoundRecord } from '../inference/fit-store.ts';
import { blobToBytes, blobToDoubles, doublesToBlob, toJson } from './blobs.ts';

interface RoundRow {
  round: number;
  report_json: string;
  proposal_json: string | null;
  posterior_json: string;
  bad_reasons_json: string;
  theta: Buffer;
  x: Buffer;
  bad: Buffer;
  weights: Buffer;
  losses: Buffer;
  validation_losses: Buffer;
  estimator: Buffer;
}

type LossRow = Pick<RoundRow, 'round' | 'losses' | 'validation_losses'>;

/** Finished rounds, each one row: it is there whole, or not at all. */
export class Rounds {
  readonly #database: Database.Database;

  constructor(database: Database.Database) {
    this.#database = database;
  }

  insert(id: string, record: RoundRecord, now: string): void {
    this.#database
      .prepare(
        `INSERT INTO rounds (run_id, round, finished_at, report_json, proposal_json, posterior_json, bad_reasons_json,
                             theta, x, bad, weights, losses, validation_losses, estimator)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        ...[id, record.round, now, toJson(record.report), record.proposal, record.posterior],
        ...[toJson(record.badReasons), doublesToBlob(record.theta), doublesToBlob(record.x), record.bad],
        ...[record.weights, record.losses, record.validationLosses].map(doublesToBlob),
        record.estimator,
      );
  }

  /** How many rounds are finished; they are 1 … this number. */
  count(id: string): number {
    return this.#database
      .prepare<[string], number>('SELECT count(*) FROM rounds WHERE run_id = ?')
      .pluck()
      .get(id)!;
  }

  reports(id: string): RoundReport[] {
    return this.#database
      .prepare<[string], string>('SELECT report_json FROM rounds WHERE run_id = ? ORDER BY round')
      .pluck()
      .all(id)
      .map((json) => roundReportSchema.parse(JSON.parse(json)));
  }

  /** The loss curves alone: a round's simulations are large. */
  losses(id: string): RoundLosses[] {
    return this.#database
      .prepare<[string], LossRow>(
        'SELECT round, losses, validation_losses FROM rounds WHERE run_id = ? ORDER BY round',
      )
      .all(id)
      .map((row) => ({
        round: row.round,
        losses: blobToDoubles(row.losses),
        validationLosses: blobToDoubles(row.validation_losses),
      }));
  }

  all(id: string): RoundRecord[] {
    return this.#database
      .prepare<[string], RoundRow>('SELECT * FROM rounds WHERE run_id = ? ORDER BY round')
      .all(id)
      .map((row) => ({
        round: row.round,
        report: roundReportSchema.parse(JSON.parse(row.report_json)),
        proposal: row.proposal_json,
        theta: blobToDoubles(row.theta),
        x: blobToDoubles(row.x),
        bad: blobToBytes(row.bad),
        badReasons: JSON.parse(row.bad_reasons_json) as string[],
        weights: blobToDoubles(row.weights),
        losses: blobToDoubles(row.losses),
        validationLosses: blobToDoubles(row.validation_losses),
        estimator: blobToBytes(row.estimator),
        posterior: row.posterior_json,
      }));
  }
}
