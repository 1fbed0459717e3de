import type Database from 'better-sqlite3';
import { fitConfigSchema, type FitConfig } from '../contract/config.ts';
import type { WireError } from '../contract/errors.ts';
import type { RunState, RunSummary } from '../contract/run.ts';
import type { PreparedRecord } from '../inference/fit-store.ts';
import { toJson } from './blobs.ts';
import type { ProcessIdentity } from './process-identity.ts';

export interface NewRun {
  id: string;
  name: string;
  projectId: number;
  modelId: number;
  /** Path of the recording or of the simulator. */
  source: string;
  config: FitConfig;
  owner: ProcessIdentity;
}

interface RunRow {
  id: string;
  name: string;
  project: string;
  state: RunState;
  created_at: string;
  source: string;
  sweep: number | null;
  model: string;
  algorithm: string;
  rounds_done: number;
  rounds: number;
  seconds: number;
  error_json: string | null;
}

interface OwnerRow {
  id: string;
  state: RunState;
  owner_host: string | null;
  owner_pid: number | null;
  owner_start: string | null;
}

const summaryColumns = `
  SELECT runs.id, runs.name, projects.name AS project, runs.state, runs.created_at, runs.source, runs.sweep,
         models.name AS model, runs.algorithm, runs.rounds, runs.seconds, runs.error_json,
         (SELECT count(*) FROM rounds WHERE rounds.run_id = runs.id) AS rounds_done
  FROM runs JOIN projects ON projects.id = runs.project_id JOIN models ON models.id = runs.model_id`;

/** The rows of `runs`. Times are handed in. */
export class Runs {
  readonly #database: Database.Database;

  constructor(database: Database.Database) {
    this.#database = database;
  }

  exists(id: string): boolean {
    return this.#database.prepare<[string]>('SELECT 1 FROM runs WHERE id = ?').get(id) !== undefined;
  }

  insert(run: NewRun, now: string): void {
    const { config, owner } = run;
    this.#database
      .prepare(
        `INSERT INTO runs (id, project_id, model_id, name, source, sweep, algorithm, rounds, seed, config_json, state,
                           created_at, changed_at, owner_host, owner_pid, owner_start)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?, ?, ?, ?, ?)`,
      )
      .run(
        ...[run.id, run.projectId, run.modelId, run.name, run.source],
        ...[configuredSweep(config), config.algorithm, configuredRounds(config), config.seed, toJson(config)],
        ...[now, now, owner.host, owner.pid, owner.start],
      );
  }

  /** A null owner: nobody works on it any more. Seconds are kept where none are given. */
  setState(
    id: string,
    change: {
      state: RunState;
      error: WireError | null;
      seconds: number | null;
      owner: ProcessIdentity | null;
    },
    now: string,
  ): void {
    const { state, error, seconds, owner } = change;
    this.#database
      .prepare(
        `UPDATE runs SET state = ?, error_json = ?, seconds = coalesce(?, seconds), changed_at = ?,
                         owner_host = ?, owner_pid = ?, owner_start = ? WHERE id = ?`,
      )
      .run(
        ...[state, error === null ? null : toJson(error), seconds, now],
        ...[owner?.host ?? null, owner?.pid ?? null, owner?.start ?? null, id],
      );
  }

  setPrepared(id: string, record: PreparedRecord, modelId: number, now: string): void {
    const { config, recording } = record;
    this.#database
      .prepare(
        `UPDATE runs SET prepared_json = ?, model_id = ?, recording_sha256 = ?, sweep = ?, rounds = ?, changed_at = ?
         WHERE id = ?`,
      )
      .run(
        ...[toJson(record), modelId, recording?.sha256 ?? null],
        ...[recording?.sweeps[0] ?? configuredSweep(config), configuredRounds(config), now, id],
      );
  }

  /** Both documents, as asked for and as settled, for another number of rounds. */
  setRounds(id: string, change: { rounds: number; roundsAddedAfter: number[] }, now: string): void {
    const { config, prepared } = this.documents(id)!;
    const settled = prepared && { ...prepared, config: { ...prepared.config, ...change } };
    this.#database
      .prepare('UPDATE runs SET config_json = ?, prepared_json = ?, rounds = ?, changed_at = ? WHERE id = ?')
      .run(toJson({ ...config, ...change }), settled && toJson(settled), change.rounds, now, id);
  }

  rename(id: string, name: string, now: string): void {
    this.#database.prepare('UPDATE runs SET name = ?, changed_at = ? WHERE id = ?').run(name, now, id);
  }

  setTruth(id: string, truth: Record<string, number>, now: string): void {
    this.#database
      .prepare('UPDATE runs SET truth_json = ?, changed_at = ? WHERE id = ?')
      .run(toJson(truth), now, id);
  }

  truth(id: string): Record<string, number> {
    const text = this.#database
      .prepare<[string], string | null>('SELECT truth_json FROM runs WHERE id = ?')
      .pluck()
      .get(id);
    return JSON.parse(text ?? '{}') as Record<string, number>;
  }

  delete(id: string): boolean {
    return this.#database.prepare('DELETE FROM runs WHERE id = ?').run(id).changes > 0;
  }

  /** Puts a run into the bin, or takes it out (null). */
  setDiscarded(id: string, at: string | null): void {
    this.#database.prepare('UPDATE runs SET discarded_at = ? WHERE id = ?').run(at, id);
  }

  /** The runs in the bin, and since when. */
  discarded(): { id: string; at: string }[] {
    return this.#database
      .prepare<[], { id: string; at: string }>(
        'SELECT id, discarded_at AS at FROM runs WHERE discarded_at IS NOT NULL',
      )
      .all();
  }

  /** Newest first, without those in the bin. */
  summaries(): RunSummary[] {
    return this.#summariesWhere('TRUE');
  }

  /** Runs of a recording's content. */
  ofRecording(sha256: string): RunSummary[] {
    return this.#summariesWhere('runs.recording_sha256 = ?', sha256);
  }

  /** Runs of a file that held something else. */
  ofFileBefore(file: string, sha256: string): RunSummary[] {
    return this.#summariesWhere('runs.source = ? AND runs.recording_sha256 <> ?', file, sha256);
  }

  /** The newest first. */
  #summariesWhere(condition: string, ...values: string[]): RunSummary[] {
    const text = `${summaryColumns} WHERE runs.discarded_at IS NULL AND ${condition} ORDER BY runs.id DESC`;
    return this.#database
      .prepare<string[], RunRow>(text)
      .all(...values)
      .map(toSummary);
  }

  summary(id: string): RunSummary | null {
    const row = this.#database.prepare<[string], RunRow>(`${summaryColumns} WHERE runs.id = ?`).get(id);
    return row === undefined ? null : toSummary(row);
  }

  /** The configuration as it was asked for, and what it was settled to; null before that. */
  documents(id: string): { config: FitConfig; prepared: PreparedRecord | null } | null {
    const row = this.#database
      .prepare<[string], { config_json: string; prepared_json: string | null }>(
        'SELECT config_json, prepared_json FROM runs WHERE id = ?',
      )
      .get(id);
    if (row === undefined) return null;
    const prepared = row.prepared_json === null ? null : (JSON.parse(row.prepared_json) as PreparedRecord);
    // Settings that came after the run was stored take their defaults.
    return {
      config: fitConfigSchema.parse(JSON.parse(row.config_json)),
      prepared: prepared && { ...prepared, config: fitConfigSchema.parse(prepared.config) },
    };
  }

  /** Ids whose beginning, or whose part after the dash begins, with what was typed. */
  idsLike(typed: string): string[] {
    return this.#database
      .prepare<[{ typed: string; length: number }], string>(
        `SELECT id FROM runs
         WHERE discarded_at IS NULL
           AND (substr(id, 1, @length) = @typed OR substr(id, instr(id, '-') + 1, @length) = @typed) ORDER BY id`,
      )
      .pluck()
      .all({ typed, length: typed.length });
  }

  /** Runs that some process is at work on, or says it is. */
  owned(): { id: string; state: RunState; owner: ProcessIdentity }[] {
    return this.#owners("state IN ('queued', 'running')");
  }

  ownerOf(id: string): { state: RunState; owner: ProcessIdentity } | null {
    return this.#owners('id = ?', id)[0] ?? null;
  }

  #owners(where: string, ...values: string[]): { id: string; state: RunState; owner: ProcessIdentity }[] {
    return this.#database
      .prepare<string[], OwnerRow>(
        `SELECT id, state, owner_host, owner_pid, owner_start FROM runs WHERE owner_pid IS NOT NULL AND ${where}`,
      )
      .all(...values)
      .map((row) => ({
        id: row.id,
        state: row.state,
        owner: { host: row.owner_host!, pid: row.owner_pid!, start: row.owner_start },
      }));
  }
}

function configuredSweep(config: FitConfig): number | null {
  return config.source !== null && 'recording' in config.source ? config.source.sweep : null;
}

function configuredRounds(config: FitConfig): number {
  return config.algorithm === 'npe' ? 1 : config.rounds;
}

function toSummary(row: RunRow): RunSummary {
  return {
    id: row.id,
    name: row.name,
    project: row.project,
    state: row.state,
    createdAt: row.created_at,
    source: row.source,
    sweep: row.sweep,
    model: row.model,
    algorithm: row.algorithm,
    roundsDone: row.rounds_done,
    rounds: row.rounds,
    seconds: row.seconds,
    error: row.error_json === null ? null : (JSON.parse(row.error_json) as RunSummary['error']),
  };
}
