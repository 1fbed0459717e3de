import type { CallOutput, Transport } from '../../main/contract/api.ts';
import type { FitConfig } from '../../main/contract/config.ts';
import type { UnitFactors } from '../../main/contract/recording.ts';
import { unitWords } from '../words/units.ts';
import { CalibrationState } from './calibration.svelte.ts';
import { ComparisonState } from './comparison.svelte.ts';
import { documentOf, type KeptDocument, keepDocument } from './kept-document.ts';
import { FitState } from './fit.svelte.ts';
import { HistoryState } from './history.svelte.ts';
import { Notices } from './notices.svelte.ts';
import { PosteriorState } from './posterior.svelte.ts';
import type { Preferences, Store } from './preferences.svelte.ts';
import { Recents } from './recents.svelte.ts';
import { RecordingState } from './recording.svelte.ts';
import { RunState } from './run.svelte.ts';
import { Undo } from './undo.svelte.ts';

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
  #info = $state.raw<CallOutput<'app.info'> | null>(null);
  #place = $state<Place>('recording');
  /** How often something was opened or gone to. */
  #steps = 0;
  /** The name of a file on its way to main; null = none. */
  #receiving = $state<string | null>(null);

  readonly #store: Store;

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
  }

  get info(): CallOutput<'app.info'> | null {
    return this.#info;
  }
  get place(): Place {
    return this.#place;
  }
  get receiving(): string | null {
    return this.#receiving;
  }
  get isOpen(): boolean {
    return this.recording.path !== null || this.recording.error !== null || this.run.id !== null;
  }
  /** What the open run was fitted with where that was a simulator module; null = a recording. */
  get simulator(): { simulator: string; observation: string } | null {
    const source = this.run.detail?.config.source ?? null;
    return source !== null && 'simulator' in source ? source : null;
  }
  /** Where the open document's data come from, one source a run; none = there is nothing that could be fitted. */
  get sources(): NonNullable<FitConfig['source']>[] {
    if (this.simulator !== null) return [this.simulator];
    const { path, fitted } = this.recording;
    return path === null ? [] : fitted.map((sweep) => ({ recording: path, sha256: null, sweep }));
  }
  get source(): FitConfig['source'] {
    return this.sources[0] ?? null;
  }
  get canRun(): boolean {
    return this.fit.ready && this.fit.problemCount === 0 && this.source !== null && !this.run.isStarting;
  }
  get title(): string {
    const detail = this.run.detail;
    if (detail !== null) return detail.name;
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
      this.transport.on('file.opened', ({ paths }) => void this.#attempt(() => this.#openPaths(paths))),
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
    keepDocument(this.#store, {
      run: this.run.id,
      path: this.simulator === null ? this.recording.path : null,
      sweep: this.recording.chosen?.sweep ?? null,
      included: [...this.recording.included],
      place: this.#place,
      config: this.fit.toConfig(null),
    });
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
    if (fit === undefined) this.fit.reset();
    else {
      await this.fit.ensureModel(fit.config.model);
      this.fit.adopt(fit.config);
    }
    this.#place = 'recording';
    if (await this.recording.open(path, fit?.sweep, this.fit.units)) this.recents.add(path);
  }

  /** Reads the open recording anew, its values multiplied: the file states a wrong unit. */
  async readInUnits(units: UnitFactors): Promise<void> {
    const before = this.fit.units;
    this.undo.push({
      words: `The recording is read with ${unitWords(units) ?? 'the units that the file states'}.`,
      undo: () => this.#reread(before),
    });
    await this.#reread(units);
  }
  async #reread(units: UnitFactors): Promise<void> {
    const { path, chosen, included } = this.recording;
    this.fit.setUnits(units);
    if (path === null) return;
    const sweep = chosen?.usable === true ? chosen.sweep : null;
    if (await this.recording.open(path, sweep, units)) this.recording.includeOnly(included);
  }

  async openExample(): Promise<void> {
    await this.#attempt(async () => {
      const { path, config } = await this.transport.invoke('recording.example', undefined);
      const sweep = config.source !== null && 'recording' in config.source ? config.source.sweep : null;
      await this.openRecording(path, { config, sweep });
    });
  }

  /** The desktop's own dialog; where there is none the view offers a file input instead. */
  async chooseRecording(): Promise<void> {
    await this.#attempt(async () => {
      const chosen = await this.transport.invoke('file.choose', undefined);
      await this.#openPaths(chosen?.paths ?? []);
    });
  }

  /** The first is shown; all stand in the history's column. */
  async openFiles(files: readonly File[]): Promise<void> {
    const paths: string[] = [];
    await this.#attempt(async () => {
      for (const file of files) {
        this.#receiving = file.name;
        paths.push(await this.transport.pathOf(file));
      }
    });
    this.#receiving = null;
    await this.#attempt(() => this.#openPaths(paths));
  }

  /** Recordings, and models of one's own: a model is chosen for the recording that is open. */
  async #openPaths(all: readonly string[]): Promise<void> {
    const models = all.filter((path) => /\.json$/i.test(path));
    const paths = all.filter((path) => !models.includes(path));
    for (const path of models) {
      if ((await this.fit.addModel(path)) === null) this.fit.chooseModel(path);
      this.#place = 'model';
    }
    const [first] = paths;
    if (first === undefined) return;
    if (paths.length > 1) this.recents.add(...paths);
    await this.openRecording(first);
  }

  /** Looks at a run's set-up as a new document: nothing of it is changed, Run makes another. */
  async duplicateRun(id: string): Promise<void> {
    await this.#attempt(async () => {
      const { config } = await this.transport.invoke('history.show', { id });
      const { source } = config;
      if (source === null || !('recording' in source)) {
        await this.openRun(id); // a simulator's run is run again as it is
        this.#place = 'model';
        return;
      }
      await this.openRecording(source.recording, { config, sweep: source.sweep });
      this.#place = 'model';
    });
  }

  async openRun(id: string): Promise<void> {
    const steps = ++this.#steps;
    this.comparison.close();
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
      await this.recording.open(source.recording, source.sweep, this.fit.units);
    else this.recording.clear();
  }

  /** Runs what is on the screen as a new run; of several included sweeps each gets its own, and waits its turn. */
  async fitNow(): Promise<void> {
    const [first, ...others] = this.sources.flatMap((source) => this.fit.toConfig(source) ?? []);
    if (first === undefined) return;
    const truth = this.#truthFor(first);
    this.posterior.clear();
    this.#place = 'run';
    await this.run.start(first);
    if (truth !== null && this.run.error === null) await this.setTruth(truth);
    await this.#attempt(async () => {
      for (const config of others) await this.transport.invoke('fit.start', { config });
    });
    await this.history.load();
  }

  /** Main keeps them with the run; what cannot be kept is said. */
  async setTruth(truth: Record<string, number>): Promise<void> {
    await this.#attempt(() => this.run.setTruth(truth));
  }

  /** What is known of the data that the open run was fitted to holds for another run on the same data with the same model. */
  #truthFor(config: FitConfig): Record<string, number> | null {
    const { detail } = this.run;
    if (detail === null || detail.config.model !== config.model) return null;
    const data = ({ source }: FitConfig) => JSON.stringify({ ...source, sha256: null });
    const isKnown = Object.keys(detail.truth).length > 0 && data(detail.config) === data(config);
    return isKnown ? detail.truth : null;
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
    await this.#attempt(() => this.run.cancel(id));
  }

  async deleteRun(id: string): Promise<void> {
    await this.#attempt(async () => {
      const name = this.history.byId(id)?.name ?? id;
      const wasOpen = id === this.run.id;
      await this.history.discard(id);
      this.undo.push({
        words: `«${name}» was deleted.`,
        undo: () =>
          this.#attempt(async () => {
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
    await this.#attempt(async () => {
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

  async #attempt(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      this.notices.fail(thrown);
    }
  }
}
