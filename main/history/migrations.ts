import type Database from 'better-sqlite3';

/**
 * The database's history of shapes: migration i (counted from 1) leads from user_version i − 1 to i. One that has been
 * released is never edited; a change is a new one at the end.
 *
 * Times are ISO 8601 in UTC. Columns named *_json hold JSON; BLOB columns of doubles are little-endian float64, row-major,
 * with NaN for a missing feature (blobs.ts); `bad` is one byte a simulation, 0 or 1 + index into bad_reasons_json.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE projects (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    created_at TEXT NOT NULL
  ) STRICT;

  -- A recording is its content, not its path: the path is the one it was last seen at.
  CREATE TABLE recordings (
    sha256 TEXT PRIMARY KEY,
    file TEXT NOT NULL,
    seen_at TEXT NOT NULL
  ) STRICT;

  CREATE TABLE models (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    seen_at TEXT NOT NULL
  ) STRICT;

  -- algorithm, rounds, seed, sweep and model_id repeat the configuration, so that the list is read without parsing it.
  CREATE TABLE runs (
    id TEXT PRIMARY KEY,
    project_id INTEGER NOT NULL REFERENCES projects (id),
    recording_sha256 TEXT REFERENCES recordings (sha256),
    model_id INTEGER NOT NULL REFERENCES models (id),
    name TEXT NOT NULL,
    source TEXT NOT NULL,
    sweep INTEGER,
    algorithm TEXT NOT NULL,
    rounds INTEGER NOT NULL,
    seed INTEGER NOT NULL,
    config_json TEXT NOT NULL,
    prepared_json TEXT,
    state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'finished', 'cancelled', 'interrupted', 'failed')),
    error_json TEXT,
    seconds REAL NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    -- The process at work on it; NULL when none is.
    owner_host TEXT,
    owner_pid INTEGER,
    owner_start TEXT
  ) STRICT;
  CREATE INDEX runs_by_project ON runs (project_id);
  CREATE INDEX runs_by_recording ON runs (recording_sha256);
  CREATE INDEX runs_by_model ON runs (model_id);

  CREATE TABLE pilots (
    run_id TEXT PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
    theta BLOB NOT NULL,
    x BLOB NOT NULL,
    bad BLOB NOT NULL,
    bad_reasons_json TEXT NOT NULL,
    x_mean BLOB NOT NULL,
    x_sd BLOB NOT NULL
  ) STRICT;

  CREATE TABLE rounds (
    run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    round INTEGER NOT NULL CHECK (round >= 1),
    finished_at TEXT NOT NULL,
    report_json TEXT NOT NULL,
    -- NULL: the prior.
    proposal_json TEXT,
    posterior_json TEXT NOT NULL,
    bad_reasons_json TEXT NOT NULL,
    theta BLOB NOT NULL,
    x BLOB NOT NULL,
    bad BLOB NOT NULL,
    weights BLOB NOT NULL,
    losses BLOB NOT NULL,
    validation_losses BLOB NOT NULL,
    estimator BLOB NOT NULL,
    PRIMARY KEY (run_id, round)
  ) STRICT;

  CREATE TABLE results (
    run_id TEXT PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
    finished_at TEXT NOT NULL,
    summary_json TEXT NOT NULL,
    samples BLOB NOT NULL,
    predictive_theta BLOB NOT NULL,
    predictive_x BLOB NOT NULL,
    predictive_bad BLOB NOT NULL
  ) STRICT;
  `,
  `
  -- proposal.kind "truncated-prior" has become the algorithm tsnpe.
  UPDATE runs SET
    algorithm = 'tsnpe',
    config_json = json_set(config_json, '$.algorithm', 'tsnpe', '$.truncation', json_object('epsilon', json_extract(config_json, '$.proposal.epsilon'))),
    prepared_json = json_set(prepared_json, '$.config.algorithm', 'tsnpe', '$.config.truncation',
      json_object('epsilon', json_extract(config_json, '$.proposal.epsilon')))
    WHERE json_extract(config_json, '$.proposal.kind') = 'truncated-prior';
  UPDATE runs SET
    config_json = json_remove(config_json, '$.proposal.kind', '$.proposal.epsilon'),
    prepared_json = json_remove(prepared_json, '$.config.proposal.kind', '$.config.proposal.epsilon');
  `,
  `
  -- The last calibration of a run.
  CREATE TABLE calibrations (
    run_id TEXT PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
    finished_at TEXT NOT NULL,
    calibration_json TEXT NOT NULL
  ) STRICT;
  `,
  `
  -- When a run was put into the bin, from which it can be taken back for a day; NULL: it was not.
  ALTER TABLE runs ADD COLUMN discarded_at TEXT;
  `,
  `
  -- What a person knows of data that were simulated: {parameter: true value}; NULL: nothing.
  ALTER TABLE runs ADD COLUMN truth_json TEXT;
  `,
  `
  -- What the simulations of a run were given: model, currents, the fitted sweep.
  CREATE TABLE replays (
    run_id TEXT PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
    replay BLOB NOT NULL
  ) STRICT;
  `,
  `
  -- What a person said of columns that do not tell what they are, by their names (a JSON array).
  CREATE TABLE column_mappings (
    columns_json TEXT PRIMARY KEY,
    mapping_json TEXT NOT NULL,
    said_at TEXT NOT NULL
  ) STRICT;
  `,
];

export function databaseVersion(database: Database.Database): number {
  return Number(database.pragma('user_version', { simple: true }));
}

/** Brings the database to the last version, each step whole or not at all; safe when two programs start together. */
export function migrate(database: Database.Database, steps: readonly string[] = migrations): void {
  const step = database.transaction(() => {
    const version = databaseVersion(database); // read again under the write lock: the other program may have been faster
    if (version >= steps.length) return false;
    database.exec(steps[version]!);
    database.pragma(`user_version = ${version + 1}`);
    return true;
  });
  while (databaseVersion(database) < steps.length && step.immediate());
}
