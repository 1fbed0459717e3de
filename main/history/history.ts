import { existsSync } from 'node:fs';
import type Database from 'better-sqlite3';
import type { Calibration } from '../contract/calibration.ts';
import { type FitConfig, fitConfigSchema } from '../contract/config.ts';
import { AppError, type WireError } from '../contract/errors.ts';
import type { TraceMapping } from '../contract/recording.ts';
import type { RoundLosses, RunDetail, RunState, RunSummary } from '../contract/run.ts';
import type {
  FitStore,
  PilotRecord,
  PreparedRecord,
  ReplayRecord,
  ResultRecord,
  RoundRecord,
} from '../inference/fit-store.ts';
import { comparison } from '../inference/comparison.ts';
import { Calibrations } from './calibrations.ts';
import { ColumnMappings } from './column-mappings.ts';
import { Replays } from './replays.ts';
import { guarded, openDatabase } from './database.ts';
import { Models } from './models.ts';
import { Pilots } from './pilots.ts';
import { isAlive, ownIdentity } from './process-identity.ts';
import { Projects } from './projects.ts';
import { Recordings } from './recordings.ts';
import { Results } from './results.ts';
import { Rounds } from './rounds.ts';
import { newRunId } from './run-id.ts';
import { Runs } from './runs.ts';

/** How long a discarded run can be restored. */
const keptInBinMs = 24 * 3_600_000;

/**
 * Every run, kept in one SQLite file that the application and the command line may use at the same time. Each method is
 * one transaction: a process killed at any moment leaves all of it or nothing.
 */
export class History implements FitStore {
  readonly file: string;
  readonly #database: Database.Database;
  readonly #clock: () => Date;
  readonly #projects: Projects;
  readonly #recordings: Recordings;
  readonly #models: Models;
  readonly #runs: Runs;
  readonly #pilots: Pilots;
  readonly #rounds: Rounds;
  readonly #results: Results;
  readonly #calibrations: Calibrations;
  readonly #replays: Replays;
  readonly #columnMappings: ColumnMappings;

  private constructor(file: string, clock: () => Date) {
    this.file = file;
    this.#clock = clock;
    this.#database = openDatabase(file);
    this.#projects = new Projects(this.#database);
    this.#recordings = new Recordings(this.#database);
    this.#models = new Models(this.#database);
    this.#runs = new Runs(this.#database);
    this.#pilots = new Pilots(this.#database);
    this.#rounds = new Rounds(this.#database);
    this.#results = new Results(this.#database);
    this.#calibrations = new Calibrations(this.#database);
    this.#replays = new Replays(this.#database);
    this.#columnMappings = new ColumnMappings(this.#database);
  }

  /**
   * Opens the history, making it where there is none, and marks runs that a dead process left behind as interrupted.
   * @param file absolute path, from historyFile()
   */
  static open(file: string, clock: () => Date = () => new Date()): History {
    const history = guarded(file, () => new History(file, clock));
    try {
      history.interruptAbandoned();
      history.emptyBin();
      return history;
    } catch (error) {
      history.close();
      throw error;
    }
  }

  close(): void {
    this.#database.close();
  }

  /** Records a new run in state «queued», owned by this process. Without an id it gets a new one. */
  createRun(run: {
    id?: string;
    name: string;
    project: string;
    source: string;
    config: FitConfig;
  }): RunSummary {
    return this.#write((now) => {
      const id = run.id ?? this.#freeId();
      const projectId = this.#projects.idOf(run.project, now);
      const modelId = this.#models.idOf(modelName(run.config), now);
      const { name, source, config } = run;
      this.#runs.insert({ id, name, projectId, modelId, source, config, owner: ownIdentity() }, now);
      return this.#summary(id);
    });
  }

  /** A name that no run has yet; createRun makes one itself where none is given. */
  newId(): string {
    return this.#read(() => this.#freeId());
  }

  /**
   * «queued» and «running» make this process the owner; every other state frees the run. A run that another living
   * process is at work on cannot be taken from it.
   */
  setState(id: string, state: RunState, error: WireError | null = null, seconds: number | null = null): void {
    this.#write((now) => {
      this.#mustExist(id);
      this.#mustNotBeElsewhere(id);
      const owner = state === 'queued' || state === 'running' ? ownIdentity() : null;
      this.#runs.setState(id, { state, error, seconds, owner }, now);
    });
  }

  /** Marks runs that a dead process left «queued» or «running» as interrupted; returns their ids. */
  interruptAbandoned(): string[] {
    const dead = this.#read(() => this.#runs.owned().filter((run) => !isAlive(run.owner)));
    if (dead.length === 0) return [];
    return this.#write((now) => {
      const interrupted: string[] = [];
      for (const { id, owner } of dead) {
        const current = this.#runs.ownerOf(id);
        // Somebody else may have resumed it since.
        if (current?.owner.pid !== owner.pid || current.owner.start !== owner.start) continue;
        this.#runs.setState(id, { state: 'interrupted', error: null, seconds: null, owner: null }, now);
        interrupted.push(id);
      }
      return interrupted;
    });
  }

  /** Newest first. */
  list(): RunSummary[] {
    return this.#read(() => this.#runs.summaries());
  }

  detail(id: string): RunDetail {
    return this.#read(() => {
      const summary = this.#summary(id);
      const { config, prepared } = this.#runs.documents(id)!;
      return {
        ...summary,
        config: this.#whereItLies(fitConfigSchema.parse(prepared?.config ?? config)),
        parameters: prepared?.parameters ?? [],
        features: prepared ? comparison(prepared).features : [],
        reports: this.#rounds.reports(id),
        summary: this.#results.summary(id),
        truth: this.#runs.truth(id),
      };
    });
  }

  /**
   * The runs of a recording's content, wherever its file lay, and those of this file when it held something else; the newest first.
   * Remembers where the content lies now, so that its runs find it.
   */
  ofRecording(sha256: string, file: string): { runs: RunSummary[]; before: RunSummary[] } {
    return this.#write((now) => {
      this.#recordings.located(sha256, file, now);
      return { runs: this.#runs.ofRecording(sha256), before: this.#runs.ofFileBefore(file, sha256) };
    });
  }

  /** With the path at which the recording was seen last, where it has left the one that the run was started with. */
  #whereItLies(config: FitConfig): FitConfig {
    const { source } = config;
    if (source === null || !('recording' in source) || source.sha256 === null) return config;
    if (existsSync(source.recording)) return config;
    const file = this.#recordings.fileOf(source.sha256);
    return file === null ? config : { ...config, source: { ...source, recording: file } };
  }

  /** The configuration as it was asked for, before anything was settled. */
  configuration(id: string): FitConfig {
    return this.#read(() => {
      this.#mustExist(id);
      return fitConfigSchema.parse(this.#runs.documents(id)!.config);
    });
  }

  /**
   * Gives a run another number of rounds. The result and the calibration of what it was go, since they are of the last round;
   * its rounds stay. A finished run remembers which round was its last, so that its configuration gives the same numbers again.
   * @param rounds as many as are finished, or more
   */
  setRounds(id: string, rounds: number): void {
    this.#write((now) => {
      this.#mustBeOurs(id);
      const done = this.#rounds.count(id);
      const { config, prepared } = this.#runs.documents(id)!;
      const before = (prepared?.config ?? config).roundsAddedAfter;
      const isLast = this.#results.summary(id) !== null && rounds > done;
      const roundsAddedAfter = isLast ? [...before, done] : before.filter((round) => round < rounds);
      this.#runs.setRounds(id, { rounds, roundsAddedAfter }, now);
      this.#results.delete(id);
      this.#calibrations.delete(id);
    });
  }

  rename(id: string, name: string): RunSummary {
    return this.#write((now) => {
      this.#mustExist(id);
      this.#runs.rename(id, name, now);
      return this.#summary(id);
    });
  }

  /** Keeps the values that the parameters are known to have, of data that were simulated; those left out are not known. */
  setTruth(id: string, truth: Record<string, number>): void {
    this.#write((now) => {
      this.#mustExist(id);
      // Before a run has started, its free parameters are not settled.
      const names = this.#runs.documents(id)!.prepared?.parameters.map(({ name }) => name) ?? null;
      const unknown = Object.keys(truth).filter((name) => names !== null && !names.includes(name));
      if (unknown.length > 0) {
        throw new AppError('input-invalid', `This run has no parameter ${unknown.join(', ')}.`, {
          remedy: `Its parameters are ${names!.join(', ')}.`,
        });
      }
      this.#runs.setTruth(id, truth, now);
    });
  }

  /** Puts a run into the bin: it is in no list, and can be restored for a day. False where there is no such run. */
  discard(id: string): boolean {
    return this.#write((now) => {
      if (!this.#runs.exists(id)) return false;
      this.#mustBeIdle(id);
      this.#runs.setDiscarded(id, now);
      return true;
    });
  }

  /** Takes a run out of the bin. */
  restore(id: string): RunSummary {
    return this.#write(() => {
      this.#mustExist(id);
      this.#runs.setDiscarded(id, null);
      return this.#summary(id);
    });
  }

  /** Deletes the runs that have been in the bin for longer than they can be taken out. */
  emptyBin(): number {
    const inBin = this.#read(() => this.#runs.discarded());
    const old = inBin.filter(({ at }) => this.#clock().getTime() - Date.parse(at) > keptInBinMs);
    for (const { id } of old) this.delete(id);
    return old.length;
  }

  /** Removes a run with all its rounds and gives the space back. False where there is no such run. */
  delete(id: string): boolean {
    const deleted = this.#write(() => {
      this.#mustBeIdle(id);
      const found = this.#runs.delete(id);
      this.#recordings.removeUnused();
      this.#models.removeUnused();
      return found;
    });
    if (deleted) guarded(this.file, () => this.#database.pragma('incremental_vacuum'));
    return deleted;
  }

  /** The one run whose id, or whose part after the dash, begins with what was typed; case does not matter. */
  resolveId(typed: string): string {
    const ids = this.#read(() => this.#runs.idsLike(typed.toLowerCase()));
    const exact = ids.find((id) => id === typed.toLowerCase());
    if (exact !== undefined && typed !== '') return exact;
    if (ids.length === 1 && typed !== '') return ids[0]!;
    const message =
      ids.length === 0 || typed === ''
        ? `There is no run ${typed === '' ? 'without a name' : `«${typed}»`} in the history ${this.file}.`
        : `«${typed}» is the beginning of ${ids.length} runs: ${ids.slice(0, 5).join(', ')}${ids.length > 5 ? ', …' : ''}.`;
    throw new AppError('not-found', message, {
      remedy: 'See the runs with «chronaxie runs list» and type enough of one id to tell it from the others.',
    });
  }

  prepared(id: string): PreparedRecord | null {
    return this.#read(() => this.#runs.documents(id)?.prepared ?? null);
  }

  savePrepared(id: string, record: PreparedRecord): void {
    this.#write((now) => {
      this.#mustBeOurs(id);
      if (record.recording !== null) {
        this.#recordings.seen(record.recording.sha256, record.recording.file, now);
      }
      this.#runs.setPrepared(id, record, this.#models.idOf(record.model, now), now);
      this.#models.removeUnused();
    });
  }

  replay(id: string): ReplayRecord | null {
    return this.#read(() => this.#replays.find(id));
  }

  saveReplay(id: string, record: ReplayRecord): void {
    this.#write(() => {
      this.#mustBeOurs(id);
      this.#replays.save(id, record);
    });
  }

  pilot(id: string): PilotRecord | null {
    return this.#read(() => this.#pilots.find(id));
  }

  savePilot(id: string, record: PilotRecord): void {
    this.#write(() => {
      this.#mustBeOurs(id);
      this.#pilots.save(id, record);
    });
  }

  rounds(id: string): RoundRecord[] {
    return this.#read(() => this.#rounds.all(id));
  }

  /** The loss curves of its finished rounds. */
  losses(id: string): RoundLosses[] {
    return this.#read(() => {
      this.#mustExist(id);
      return this.#rounds.losses(id);
    });
  }

  /** Rounds arrive in order, each once: resuming depends on it. */
  saveRound(id: string, record: RoundRecord): void {
    this.#write((now) => {
      this.#mustBeOurs(id);
      const next = this.#rounds.count(id) + 1;
      if (record.round !== next)
        throw new RangeError(`The next round of ${id} is ${next}, not ${record.round}.`);
      this.#rounds.insert(id, record, now);
    });
  }

  result(id: string): ResultRecord | null {
    return this.#read(() => this.#results.find(id));
  }

  saveResult(id: string, record: ResultRecord): void {
    this.#write((now) => {
      this.#mustBeOurs(id);
      this.#results.save(id, record, now);
    });
  }

  /** The last one of a run; null where there is none. */
  calibration(id: string): Calibration | null {
    return this.#read(() => this.#calibrations.find(id));
  }

  /** Replaces the run's earlier one. */
  saveCalibration(record: Omit<Calibration, 'at'>): Calibration {
    return this.#write((now) => {
      this.#mustExist(record.id);
      this.#calibrations.save(record, now);
      return { ...record, at: now };
    });
  }

  /** What was said of columns that do not tell what they are; null where nothing was. */
  columnMapping(columns: readonly string[]): TraceMapping | null {
    return this.#read(() => this.#columnMappings.find(columns));
  }

  /** Whether anything was said of any columns. */
  hasColumnMappings(): boolean {
    return this.#read(() => !this.#columnMappings.isEmpty());
  }

  /** @param mapping null = forget what was said */
  saveColumnMapping(columns: readonly string[], mapping: TraceMapping | null): void {
    this.#write((now) => {
      if (mapping === null) this.#columnMappings.delete(columns);
      else this.#columnMappings.save(columns, mapping, now);
    });
  }

  /** One consistent view of the database, however many statements. */
  #read<T>(work: () => T): T {
    return guarded(this.file, () => this.#database.transaction(work).deferred());
  }

  /** Takes the write lock at once: a lock that is upgraded midway fails instead of waiting. */
  #write<T>(work: (now: string) => T): T {
    const now = this.#clock().toISOString();
    return guarded(this.file, () => this.#database.transaction(() => work(now)).immediate());
  }

  #freeId(): string {
    return newRunId(this.#clock(), (id) => this.#runs.exists(id));
  }

  #summary(id: string): RunSummary {
    return this.#runs.summary(id) ?? this.#notFound(id);
  }

  #mustExist(id: string): void {
    if (!this.#runs.exists(id)) this.#notFound(id);
  }

  #notFound(id: string): never {
    throw new AppError('not-found', `There is no run ${id} in the history ${this.file}.`, {
      remedy: 'See the runs with «chronaxie runs list»; it may have been deleted.',
    });
  }

  #mustBeIdle(id: string): void {
    const work = this.#runs.ownerOf(id);
    if (work?.state !== 'running' || !isAlive(work.owner)) return;
    throw new AppError('usage', `The run ${id} is being worked on.`, {
      remedy: 'Cancel it first, then delete it.',
    });
  }

  #mustNotBeElsewhere(id: string): void {
    const work = this.#runs.ownerOf(id);
    const self = ownIdentity();
    if (work === null || (work.owner.pid === self.pid && work.owner.host === self.host)) return;
    if (!isAlive(work.owner)) return;
    throw new AppError(
      'usage',
      `The run ${id} is being worked on by another program (process ${work.owner.pid} on ${work.owner.host}).`,
      { remedy: 'Wait until it is done, or cancel it there.' },
    );
  }

  #mustBeOurs(id: string): void {
    this.#mustExist(id);
    this.#mustNotBeElsewhere(id);
  }
}

function modelName(config: FitConfig): string {
  return config.source !== null && 'simulator' in config.source ? config.source.simulator : config.model;
}
