import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type Database from 'better-sqlite3';
import { decodeFrame, encodeRecord } from '../contract/codec.ts';
import type { ReplayRecord } from '../inference/fit-store.ts';

/** What the simulations of each run were given, packed: a step's current takes some bytes, a recorded sweep what its noise needs. */
export class Replays {
  readonly #database: Database.Database;

  constructor(database: Database.Database) {
    this.#database = database;
  }

  save(id: string, record: ReplayRecord): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO replays (run_id, replay) VALUES (?, ?)')
      .run(id, deflateRawSync(encodeRecord(record)));
  }

  find(id: string): ReplayRecord | null {
    const row = this.#database
      .prepare<[string], { replay: Buffer }>('SELECT replay FROM replays WHERE run_id = ?')
      .get(id);
    // Only this class writes what it reads here.
    return row === undefined ? null : (decodeFrame(inflateRawSync(row.replay)) as ReplayRecord);
  }
}
