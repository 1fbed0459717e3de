import type { LossPoint } from '../../main/figures/loss-range.ts';
import type { Transport } from '../../main/contract/api.ts';
import type { FitConfig } from '../../main/contract/config.ts';
import { AppError } from '../../main/contract/errors.ts';
import { epochLosses } from '../../main/figures/losses.ts';
import { keyed, withEntries, without } from './keyed.ts';
import type { Warning } from '../../main/contract/recording.ts';
import type { Progress, RoundReport, RunDetail, RunState as State } from '../../main/contract/run.ts';

/** The run that the open document shows, and what is known of every run that is under way. */
export class RunState {
  readonly #transport: Transport;
  #id = $state<string | null>(null);
  #detail = $state.raw<RunDetail | null>(null);
  #error = $state.raw<AppError | null>(null);
  #live = $state.raw(keyed<string, Progress>());
  #losses = $state.raw<readonly LossPoint[]>([]);
  #reports = $state.raw<readonly RoundReport[]>([]);
  #warnings = $state.raw<readonly Warning[]>([]);
  #cancelling = $state<string | null>(null);
  #starting = $state(false);
  #newest = 0;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  get id(): string | null {
    return this.#id;
  }
  get detail(): RunDetail | null {
    return this.#detail;
  }
  get error(): AppError | null {
    return this.#error;
  }
  get state(): State | null {
    return this.#detail?.state ?? null;
  }
  get isActive(): boolean {
    return this.#starting || this.state === 'running' || this.state === 'queued';
  }
  get isStarting(): boolean {
    return this.#starting;
  }
  /** More rounds can be added once a run has stopped; npe has one alone. */
  get canAddRounds(): boolean {
    return this.state === 'finished' && !this.#starting && this.#detail?.algorithm !== 'npe';
  }
  get canResume(): boolean {
    return !this.#starting && ['cancelled', 'interrupted', 'failed'].includes(this.state ?? '');
  }
  get isCancelling(): boolean {
    return this.#cancelling !== null && this.#cancelling === this.#id;
  }
  /** The open run's live progress. */
  get progress(): Progress | null {
    return this.#id === null ? null : (this.#live.get(this.#id) ?? null);
  }
  /** The progress for the status line: the open run's, else that of any run under way. */
  get anyProgress(): Progress | null {
    return this.progress ?? [...this.#live.values()].at(-1) ?? null;
  }
  get losses(): readonly LossPoint[] {
    return this.#losses;
  }
  get reports(): readonly RoundReport[] {
    return this.#reports;
  }
  /** What should be known before the run under way is believed. */
  get warnings(): readonly Warning[] {
    return this.#warnings;
  }
  get roundsDone(): number {
    return this.#reports.at(-1)?.round ?? 0;
  }

  clear(): void {
    this.#newest++;
    this.#id = null;
    this.#detail = null;
    this.#error = null;
    this.#losses = [];
    this.#reports = [];
    this.#warnings = [];
  }

  /** Shows a run of the history. null = it could not be read, or another one was wanted meanwhile. */
  async show(id: string): Promise<RunDetail | null> {
    if (id !== this.#id) this.clear();
    const mine = ++this.#newest;
    this.#id = id;
    try {
      const detail = await this.#transport.invoke('history.show', { id });
      if (mine !== this.#newest) return null;
      this.#adopt(detail);
      if (detail.roundsDone > 0) void this.#loadLosses(id);
      return detail;
    } catch (thrown) {
      if (mine === this.#newest) this.#error = AppError.from(thrown);
      return null;
    }
  }

  async start(config: FitConfig, name?: string): Promise<string | null> {
    return this.#begin(() => {
      this.clear();
      return this.#transport.invoke('fit.start', name === undefined ? { config } : { config, name });
    });
  }

  async resume(): Promise<string | null> {
    const id = this.#id;
    return id === null ? null : this.#begin(() => this.#transport.invoke('fit.resume', { id }));
  }

  async addRounds(rounds: number): Promise<string | null> {
    const id = this.#id;
    return id === null ? null : this.#begin(() => this.#transport.invoke('fit.addRounds', { id, rounds }));
  }

  /** Keeps what the open run's parameters are known to be; main tells of the change, and the run is read anew. */
  async setTruth(truth: Record<string, number>): Promise<void> {
    const id = this.#id;
    if (id === null) return;
    await this.#transport.invoke('history.setTruth', { id, truth });
    await this.show(id);
  }

  async cancel(id: string): Promise<void> {
    this.#cancelling = id;
    try {
      await this.#transport.invoke('fit.cancel', { id });
    } finally {
      this.#cancelling = null;
    }
  }

  /** Main's event: counts of a run under way. */
  onProgress(progress: Progress): void {
    this.#live = withEntries(this.#live, [[progress.id, progress]]);
    // A search has its generations while it simulates; an inference has no epoch then.
    if (progress.id !== this.#id || !['train', 'simulate'].includes(progress.phase)) return;
    const { round, epoch, loss, validationLoss } = progress;
    if (epoch === null || loss === null) return;
    const earlier = this.#losses.filter((p) => p.round < round || (p.round === round && p.epoch < epoch));
    this.#losses = [...earlier, { round, epoch, loss, validationLoss }];
  }

  /** Main's event: a round is safely in the history. */
  onRound(id: string, report: RoundReport): void {
    if (id !== this.#id) return;
    this.#reports = [...this.#reports.filter((r) => r.round !== report.round), report].toSorted(
      (a, b) => a.round - b.round,
    );
    void this.#loadLosses(id);
  }

  /** Main's event: the pilot run found something. */
  onWarning(id: string, warning: Warning): void {
    if (id === this.#id) this.#warnings = [...this.#warnings, warning];
  }

  /** Main's event: a run was made, changed its state, or was deleted. */
  async onChanged(id: string): Promise<RunDetail | null> {
    if (id === this.#id) return this.show(id);
    try {
      const detail = await this.#transport.invoke('history.show', { id });
      if (!isUnderWay(detail.state)) this.#forget(id);
    } catch {
      this.#forget(id); // it was deleted
    }
    return null;
  }

  /** The curves of finished rounds in the place of the epochs that were watched, which a fast run does not tell all of. */
  async #loadLosses(id: string): Promise<void> {
    try {
      const finished = epochLosses(await this.#transport.invoke('history.losses', { id }));
      if (id !== this.#id) return;
      const last = finished.at(-1)?.round ?? 0;
      this.#losses = [...finished, ...this.#losses.filter((point) => point.round > last)];
    } catch {
      return; // each round's last values are drawn in their place
    }
  }

  async #begin(ask: () => Promise<{ id: string }>): Promise<string | null> {
    this.#starting = true;
    this.#error = null;
    try {
      const { id } = await ask();
      await this.show(id);
      return id;
    } catch (thrown) {
      this.#error = AppError.from(thrown);
      return null;
    } finally {
      this.#starting = false;
    }
  }

  #adopt(detail: RunDetail): void {
    this.#detail = detail;
    this.#reports = detail.reports;
    if (!isUnderWay(detail.state)) this.#forget(detail.id);
  }

  #forget(id: string): void {
    this.#live = without(this.#live, id);
  }
}

function isUnderWay(state: State): boolean {
  return state === 'running' || state === 'queued';
}
