import type { CallOutput, Transport } from '../../main/contract/api.ts';
import type { FitConfig } from '../../main/contract/config.ts';
import type { Reading, TraceMapping } from '../../main/contract/recording.ts';
import { unclearColumns } from '../../main/contract/unclear-columns.ts';
import { Arrivals } from './arrivals.svelte.ts';
import { CalibrationState } from './calibration.svelte.ts';
import { ComparisonState } from './comparison.svelte.ts';
import { simulatorOf, sourcesOf, truthFor } from './document-data.ts';
import { FitState } from './fit.svelte.ts';
import { HistoryState } from './history.svelte.ts';
import { documentOf, type KeptDocument, keepDocument } from './kept-document.ts';
import { Notices } from './notices.svelte.ts';
import { PosteriorState } from './posterior.svelte.ts';
import type { Preferences, Store } from './preferences.svelte.ts';
import { Recents } from './recents.svelte.ts';
import { RecordingState } from './recording.svelte.ts';
import { RunState } from './run.svelte.ts';
import { Setups } from './setups.ts';
import { type OpenSimulator, SimulatorState } from './simulator.svelte.ts';
import { Undo } from './undo.svelte.ts';
import { baseName } from '../words/file.ts';
import { readingWords } from '../words/units.ts';

export const places = ['recording', 'features', 'model', 'run', 'posterior', 'export'] as const;
export type Place = (typeof places)[number];

/** The window's whole state: the history, and one open document with its six places. */
export class Workspace {
  readonly transport: Transport;
  readonly preferences: Preferences;
  readonly notices = new Notices();
  readonly undo = new Undo();
  readonly recents: Recents;
  readonly comparison: ComparisonState;
  readonly history: HistoryState;
  readonly recording: RecordingState;
  readonly fit: FitState;
  readonly run: RunState;
  readonly posterior: PosteriorState;
  readonly calibration: CalibrationState;
  readonly module: SimulatorState;
  readonly arrivals: Arrivals;
  #info = $state.raw<CallOutput<'app.info'> | null>(null);
  #place = $state<Place>('recording');
  /** How often something was opened or gone to. */
  #steps = 0;

  readonly #store: Store;
  readonly #setups: Setups;

  constructor(transport: Transport, preferences: Preferences, store: Store) {
    this.transport = transport;
    this.preferences = preferences;
    this.#store = store;
    this.recents = new Recents(store);
    this.comparison = new ComparisonState(transport);
    this.history = new HistoryState(transport);
    this.recording = new RecordingState(transport);
    this.fit = new FitState(transport, (step) => this.undo.push(step));
    this.run = new RunState(transport);
    this.posterior = new PosteriorState(transport);
    this.calibration = new CalibrationState(transport);
    this.module = new SimulatorState(transport);
    this.arrivals = new Arrivals(this);
    this.#setups = new Setups(store);
  }

  get info(): CallOutput<'app.info'> | null {
    return this.#info;
  }
  get place(): Place {
    return this.#place;
  }
  get isOpen(): boolean {
    const { path, error } = this.recording;
    return [path, error, this.run.id, this.module.module].some((open) => open !== null);
  }
  /** The simulator module that the open document is fitted with, and what it declares; null = a recording. */
  get simulator(): OpenSimulator | null {
    return simulatorOf(this.run.detail, this.module.opened);
  }
  /** Where the open document's data come from, one source a run. */
  get sources(): NonNullable<FitConfig['source']>[] {
    return sourcesOf(this.simulator, this.recording);
  }
  get source(): FitConfig['source'] {
    return this.sources[0] ?? null;
  }
  get canRun(): boolean {
    return this.fit.ready && this.fit.problemCount === 0 && this.source !== null && !this.run.isStarting;
  }
  get title(): string {
    if (this.run.detail !== null) return this.run.detail.name;
    if (this.module.module !== null) return baseName(this.module.module);
    const sweep = this.recording.chosen;
    return sweep === null ? this.recording.file : `${this.recording.file} · sweep ${sweep.sweep}`;
  }

  /** Starts listening and loads what the first screen needs. Returns the function that stops listening. */
  async start(): Promise<() => void> {
    const stops = [
      this.transport.on('run.progress', (progress) => this.run.onProgress(progress)),
      this.transport.on('run.round', ({ id, report }) => {
        this.run.onRound(id, report);
        if (id === this.run.id) void this.#follow(report.round);
        void this.history.load();
      }),
      this.transport.on('run.warning', ({ id, warning }) => this.run.onWarning(id, warning)),
      this.transport.on('run.changed', ({ id }) => {
        void this.run.onChanged(id);
        void this.posterior.loadHalls();
        void this.history.load();
      }),
      this.transport.on('file.opened', ({ paths }) => void this.arrivals.open(paths)),
      this.transport.on('calibration.progress', (progress) => this.calibration.onProgress(progress)),
      this.transport.on('calibration.ended', (end) => void this.calibration.onEnded(end)),
    ];
    await Promise.all([
      this.history.load(),
      this.fit.load(),
      this.transport
        .invoke('app.info', undefined)
        .then((info) => (this.#info = info))
        .catch((thrown: unknown) => this.notices.fail(thrown)),
    ]);
    if (!this.isOpen && this.recording.opening === null) void this.#reopen();
    return () => stops.forEach((stop) => stop());
  }

  /** Keeps the open document for the next start; read by an effect, so that it follows every change. */
  keep(): void {
    const { path, chosen } = this.recording;
    const { module, files } = this.module;
    const config = this.fit.toConfig(null);
    const sweep = chosen?.sweep ?? null;
    const included = [...this.recording.included];
    keepDocument(this.#store, {
      run: this.run.id,
      path: this.simulator === null ? path : null,
      simulator: module === null ? null : { module, files: [...files] },
      ...{ sweep, included, config },
      place: this.#place,
    });
    if (path !== null && !this.recording.isReading && config !== null && this.fit.isEdited)
      this.#setups.keep(path, { config, sweep, included });
  }

  go(place: Place): void {
    this.#steps++;
    this.comparison.close();
    this.#place = place;
  }

  async openRecording(path: string, fit?: { config: FitConfig; sweep: number | null }): Promise<void> {
    this.#steps++;
    this.run.clear();
    this.posterior.clear();
    this.comparison.close();
    this.module.clear();
    const left = fit === undefined ? this.#setups.of(path) : null;
    const given = fit ?? left;
    if (given === null) this.fit.reset();
    else {
      await this.fit.ensureModel(given.config.model);
      this.fit.adopt(given.config);
    }
    this.#place = 'recording';
    if (!(await this.recording.open(path, given?.sweep, this.fit.reading))) {
      if (this.recording.refused === path) await this.attempt(() => this.#readRemembered(path));
      return;
    }
    this.recents.add(path);
    if (left === null) return;
    this.recording.includeOnly(left.included);
    this.undo.push({
      words: 'The set-up that you left here is back.',
      undo: async () => {
        this.#setups.forget(path);
        if (this.recording.path === path) await this.openRecording(path);
      },
    });
  }

  /** A simulator module with what came with it. It is not run before the person says so. */
  openModule(module: string, files: readonly string[]): void {
    this.#steps++;
    this.run.clear();
    this.posterior.clear();
    this.comparison.close();
    this.recording.clear();
    this.fit.reset();
    this.module.choose(module, files);
    this.#place = 'recording';
  }

  /** Reads the open recording anew, mended where the file is wrong or silent. */
  async readAs(reading: Reading): Promise<void> {
    const before = this.fit.reading;
    this.undo.push({
      words: `The recording is read ${readingWords(reading) === null ? 'as the file states it' : `with ${readingWords(reading)}`}.`,
      undo: () => this.#reread(before),
    });
    await this.#reread(reading);
  }
  /** Of a file whose columns did not tell what they are; remembered for the next one with the same columns. */
  async readColumns(mapping: TraceMapping): Promise<void> {
    const { error, refused } = this.recording;
    const unclear = error === null ? null : unclearColumns(error);
    if (refused === null || unclear === null) return;
    const { columns } = unclear;
    if (await this.#openWithColumns(refused, mapping))
      await this.attempt(() => this.transport.invoke('columns.remember', { columns, mapping }));
  }
  async #readRemembered(path: string): Promise<void> {
    const { error } = this.recording;
    const columns = (error === null ? null : unclearColumns(error))?.columns;
    if (columns === undefined) return;
    const { mapping } = await this.transport.invoke('columns.recall', { columns });
    const stillAsked = this.recording.refused === path;
    if (mapping === null || !stillAsked || !(await this.#openWithColumns(path, mapping))) return;
    this.undo.push({
      words: 'The columns are read as in the last file that had the same.',
      undo: async () => {
        await this.transport.invoke('columns.forget', { columns });
        this.#setups.forget(path);
        if (this.recording.path === path) await this.openRecording(path);
      },
    });
  }
  async #openWithColumns(path: string, mapping: TraceMapping): Promise<boolean> {
    const reading = { ...this.fit.reading, mapping };
    this.fit.setReading(reading);
    const isOpen = await this.recording.open(path, null, reading);
    if (isOpen) this.recents.add(path);
    return isOpen;
  }
  async #reread(reading: Reading): Promise<void> {
    const { path, chosen, included } = this.recording;
    this.fit.setReading(reading);
    if (path === null) return;
    const sweep = chosen?.usable === true ? chosen.sweep : null;
    if (await this.recording.open(path, sweep, reading)) this.recording.includeOnly(included);
  }

  /** Looks at a run's set-up as a new document: nothing of it is changed, Run makes another. */
  async duplicateRun(id: string): Promise<void> {
    await this.attempt(async () => {
      const { config } = await this.transport.invoke('history.show', { id });
      const { source } = config;
      if (source === null || !('recording' in source)) {
        await this.openRun(id); // a simulator's run is run again as it is
        this.#place = 'model';
        return;
      }
      await this.openRecording(source.recording, { config, sweep: source.sweep });
      if (source.sweep !== null && source.alsoSweeps) {
        this.recording.includeOnly([source.sweep, ...source.alsoSweeps]);
        this.recording.fitTogether(true);
      }
      this.#place = 'model';
    });
  }

  async openRun(id: string): Promise<void> {
    const steps = ++this.#steps;
    this.comparison.close();
    this.module.clear();
    this.posterior.clear();
    const detail = await this.run.show(id);
    if (detail === null) return;
    await this.fit.ensureModel(detail.config.model);
    if (this.run.id !== id) return;
    this.fit.adopt(detail.config);
    // Who went to a place while the run was being read stays there.
    if (this.#steps === steps) this.#place = detail.reports.length > 0 ? 'posterior' : 'run';
    const round = detail.reports.at(-1)?.round ?? 0;
    if (round > 0) void this.posterior.show(id, round);
    const source = detail.config.source;
    if (source !== null && 'recording' in source)
      await this.recording.open(source.recording, source.sweep, this.fit.reading);
    else this.recording.clear();
  }

  /** Runs what is on the screen as a new run; of several included sweeps each gets its own, and waits its turn. */
  async fitNow(): Promise<void> {
    const [first, ...others] = this.sources.flatMap((source) => this.fit.toConfig(source) ?? []);
    if (first === undefined) return;
    const truth = truthFor(first, this.run.detail);
    this.posterior.clear();
    this.#place = 'run';
    await this.run.start(first);
    this.fit.settle();
    if (truth !== null && this.run.error === null) await this.setTruth(truth);
    await this.attempt(async () => {
      for (const config of others) await this.transport.invoke('fit.start', { config });
    });
    await this.history.load();
  }

  /** Main keeps them with the run; what cannot be kept is said. */
  async setTruth(truth: Record<string, number>): Promise<void> {
    await this.attempt(() => this.run.setTruth(truth));
  }

  async resume(): Promise<void> {
    this.#place = 'run';
    await this.run.resume();
    await this.history.load();
  }

  /** The rounds so far stay to be looked at; the result is made anew after the last one. */
  async addRounds(rounds: number): Promise<void> {
    this.#place = 'run';
    await this.run.addRounds(rounds);
    await this.history.load();
  }

  async cancel(id: string): Promise<void> {
    await this.attempt(() => this.run.cancel(id));
  }

  async deleteRun(id: string): Promise<void> {
    await this.attempt(async () => {
      const name = this.history.byId(id)?.name ?? id;
      const wasOpen = id === this.run.id;
      await this.history.discard(id);
      this.undo.push({
        words: `«${name}» was deleted.`,
        undo: () =>
          this.attempt(async () => {
            await this.history.restore(id);
            if (wasOpen) await this.openRun(id);
          }),
      });
      if (!wasOpen) return;
      this.run.clear();
      this.posterior.clear();
      this.#place = 'recording';
    });
  }

  async renameRun(id: string, name: string): Promise<void> {
    await this.attempt(async () => {
      await this.history.rename(id, name);
      if (id === this.run.id) await this.run.show(id);
    });
  }

  /** What was open when the window was closed. */
  async #reopen(): Promise<void> {
    const kept: KeptDocument | null = documentOf(this.#store);
    if (kept === null) return;
    const steps = this.#steps + 1;
    if (kept.run !== null) {
      if (this.history.byId(kept.run) === null) return; // it was deleted meanwhile
      await this.openRun(kept.run);
    } else if (kept.simulator !== null) {
      this.openModule(kept.simulator.module, kept.simulator.files);
      if (kept.config !== null) this.fit.adopt(kept.config);
      return;
    } else if (kept.path !== null) {
      const { config, sweep, path } = kept;
      await this.openRecording(path, config === null ? undefined : { config, sweep });
      if (this.recording.path !== path) return;
    } else return;
    if (this.#steps !== steps) return; // a person went elsewhere while it was being read
    this.recording.includeOnly(kept.included);
    this.#place = kept.place;
  }

  /** A new round is shown at once, unless an earlier one was chosen to be looked at. */
  async #follow(round: number): Promise<void> {
    const id = this.run.id;
    const lookingBack = this.posterior.round > 0 && this.posterior.round < round - 1;
    if (id !== null && !lookingBack) await this.posterior.show(id, round);
  }

  /** Does something for the person; what fails is said in a notice. */
  async attempt(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      this.notices.fail(thrown);
    }
  }
}
