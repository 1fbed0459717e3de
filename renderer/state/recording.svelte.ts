import type { CallOutput, Transport } from '../../main/contract/api.ts';
import { AppError } from '../../main/contract/errors.ts';
import {
  type FamilyFeature,
  type Inspection,
  type LocatedFeature,
  type Membrane,
  type Outline,
  type SweepSummary,
  type TraceView,
  asStated,
  type Reading,
  type UnitFactors,
  unitsAsStated,
  type Warning,
} from '../../main/contract/recording.ts';
import { keyed, withEntries } from './keyed.ts';
import { baseName, named } from '../words/file.ts';
import { readingWords } from '../words/units.ts';

type Opened = CallOutput<'recording.inspect'>;

/** Sweeps asked for at once behind the chosen one: few, so that the picture grows while a large file is read. */
const sweepsAtOnce = 8;
/** The most sweeps that are drawn. */
const mostSweeps = 500;

/** The open recording: what is in the file, which sweep is chosen, and its features as observed. */
export class RecordingState {
  readonly #transport: Transport;
  #path = $state<string | null>(null);
  #reading = $state.raw<Reading>(asStated);
  #outline = $state.raw<Outline | null>(null);
  #opened = $state.raw<Opened | null>(null);
  #included = $state.raw<readonly number[]>([]);
  #together = $state(false);
  #chosen = $state<number | null>(null);
  #opening = $state<string | null>(null);
  #error = $state.raw<AppError | null>(null);
  /** The file that could not be opened; null = none was refused. */
  #refused = $state<string | null>(null);
  #traces = $state.raw(keyed<number, TraceView>());
  #traceError = $state.raw<AppError | null>(null);
  /** Sweeps whose traces are those of the window that was asked for last. */
  #fresh: { window: string; sweeps: number[] } = { window: '', sweeps: [] };
  #loadingTraces = $state(false);
  #dismissed = $state.raw<readonly string[]>([]);
  #features = $state.raw<LocatedFeature[] | null>(null);
  #featureError = $state.raw<AppError | null>(null);
  #family = $state.raw<FamilyFeature[] | null>(null);
  #newestOpen = 0;
  #newestTraces = 0;
  #newestFeatures = 0;
  #newestFamily = 0;
  readonly #sweeps: readonly SweepSummary[] = $derived(
    this.#opened?.inspection.sweeps ?? this.#outline?.sweeps.map((sweep) => unread(sweep)) ?? [],
  );

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  get path(): string | null {
    return this.#path;
  }
  /** What the file's values are multiplied by as they are read. */
  get reading(): Reading {
    return this.#reading;
  }
  /** Factors that would make implausible values those of a cell. */
  get likelyUnits(): UnitFactors {
    return this.#opened?.likelyUnits ?? unitsAsStated;
  }
  get file(): string {
    return this.#path === null ? '' : baseName(this.#opened?.inspection.file ?? this.#path);
  }
  get inspection(): Inspection | null {
    return this.#opened?.inspection ?? null;
  }
  get membrane(): Membrane | null {
    return this.#opened?.membrane ?? null;
  }
  get sweeps(): readonly SweepSummary[] {
    return this.#sweeps;
  }
  /** The sweeps are known, but their samples are still being looked at. */
  get isReading(): boolean {
    return this.#opening !== null && this.#outline !== null;
  }
  get chosen(): SweepSummary | null {
    return this.#sweeps.find((sweep) => sweep.sweep === this.#chosen) ?? null;
  }
  /** Sweeps that were included by hand, ascending; without any the chosen one is fitted. */
  get included(): readonly number[] {
    return this.#included;
  }
  /** The sweeps that a fit would be made of. */
  get fitted(): readonly number[] {
    if (this.#included.length > 0) return this.#included;
    return this.chosen?.usable ? [this.chosen.sweep] : [];
  }
  /** Whether several sweeps are fitted by one run; otherwise each has its own. */
  get together(): boolean {
    return this.#together;
  }
  fitTogether(wanted: boolean): void {
    this.#together = wanted;
  }
  /** What the file deserves to be warned of, but for what was dismissed. */
  get warnings(): readonly Warning[] {
    const all = this.#opened?.inspection.warnings ?? [];
    return all.filter(({ code }) => !this.#dismissed.includes(code));
  }
  /** The name of the file that is being read, while it is. */
  get opening(): string | null {
    return this.#opening;
  }
  get error(): AppError | null {
    return this.#error;
  }
  get refused(): string | null {
    return this.#refused;
  }
  get traces(): ReadonlyMap<number, TraceView> {
    return this.#traces;
  }
  /** Traces of the window that was asked for last are still on their way. */
  get isLoadingTraces(): boolean {
    return this.#loadingTraces;
  }
  get traceError(): AppError | null {
    return this.#traceError;
  }
  get features(): LocatedFeature[] | null {
    return this.#features;
  }
  /** What the sweeps say together; null until it was measured. */
  get family(): FamilyFeature[] | null {
    return this.#family;
  }
  get featureError(): AppError | null {
    return this.#featureError;
  }
  /** The longest sweep's length: how far the time axis reaches. */
  get durationMs(): number {
    return Math.max(0, ...this.#sweeps.filter((s) => s.mode !== 'voltage-clamp').map((s) => s.durationMs));
  }

  /** Reads a file's contents. true = it is open and is still the one that is wanted. */
  async open(path: string, sweep: number | null = null, reading: Reading = asStated): Promise<boolean> {
    const mine = ++this.#newestOpen;
    this.clear();
    this.#newestOpen = mine;
    this.#opening = baseName(path);
    this.#reading = reading;
    try {
      const outline = await this.#transport.invoke('recording.outline', { path, reading });
      if (mine !== this.#newestOpen) return false;
      this.#path = path;
      this.#outline = outline;
      const first = outline.sweeps.find((s) => s.mode !== 'voltage-clamp')?.sweep ?? null;
      const wanted = outline.sweeps.find((s) => s.sweep === sweep)?.sweep ?? null;
      this.#chosen = wanted ?? first;
      const opened = await this.#transport.invoke('recording.inspect', { path, reading });
      if (mine !== this.#newestOpen) return false;
      this.#opened = opened;
      const usable = opened.inspection.sweeps.find((s) => s.usable);
      // A sweep that was chosen meanwhile stays chosen.
      if (wanted === null && this.#chosen === first)
        this.#chosen = opened.suggestedSweep ?? usable?.sweep ?? null;
      return true;
    } catch (thrown) {
      if (mine !== this.#newestOpen) return false;
      this.#path = null;
      this.#outline = null;
      this.#chosen = null;
      this.#refused = path;
      this.#error = named(AppError.from(thrown), path);
      return false;
    } finally {
      if (mine === this.#newestOpen) this.#opening = null;
    }
  }

  clear(): void {
    this.#newestOpen++;
    this.#newestTraces++;
    this.#newestFeatures++;
    this.#newestFamily++;
    this.#path = null;
    this.#reading = asStated;
    this.#outline = null;
    this.#opened = null;
    this.#chosen = null;
    this.#included = [];
    this.#together = false;
    this.#dismissed = [];
    this.#fresh = { window: '', sweeps: [] };
    this.#opening = null;
    this.#error = null;
    this.#refused = null;
    this.#traces = keyed();
    this.#loadingTraces = false;
    this.#traceError = null;
    this.#features = null;
    this.#featureError = null;
    this.#family = null;
  }

  /** Takes a usable sweep into the fit, or out of it. */
  include(sweep: number, wanted = !this.#included.includes(sweep)): void {
    if (!this.#sweeps.some((s) => s.sweep === sweep && s.usable)) return;
    const others = this.#included.filter((s) => s !== sweep);
    this.#included = wanted ? [...others, sweep].toSorted((a, b) => a - b) : others;
  }
  includeOnly(sweeps: readonly number[]): void {
    this.#included = this.#sweeps.filter((s) => s.usable && sweeps.includes(s.sweep)).map((s) => s.sweep);
  }

  dismissWarning(code: string): void {
    this.#dismissed = [...this.#dismissed, code];
  }

  choose(sweep: number): void {
    if (this.#sweeps.some((s) => s.sweep === sweep)) this.#chosen = sweep;
  }

  /** The next (+1) or previous (−1) sweep; stays at the ends. */
  step(by: 1 | -1): void {
    const at = this.#sweeps.findIndex((s) => s.sweep === this.#chosen);
    const next = this.#sweeps[at + by];
    if (next !== undefined) this.#chosen = next.sweep;
  }

  /** Asks for the pixels of a time window: the chosen sweep first, then the others; an answer that came too late is dropped. */
  async loadTraces(startMs: number, endMs: number, columns: number): Promise<void> {
    const path = this.#path;
    const chosen = this.#chosen;
    if (path === null) return;
    const mine = ++this.#newestTraces;
    const drawable = this.#sweeps
      .filter((s) => (this.#opened === null || s.voltageMv !== null) && s.mode !== 'voltage-clamp')
      .map((s) => s.sweep);
    const asked = `${path} ${readingWords(this.#reading)} ${startMs} ${endMs} ${columns}`;
    // What was drawn for another window goes once something of this one is there.
    let views = this.#fresh.window === asked ? this.#traces : keyed<number, TraceView>();
    if (this.#fresh.window !== asked) this.#fresh = { window: asked, sweeps: [] };
    const { sweeps: fresh } = this.#fresh;
    const lacking = drawable.slice(0, mostSweeps).filter((s) => !fresh.includes(s));
    const others = lacking.filter((s) => s !== chosen);
    const batches = [drawable.filter((s) => s === chosen && !fresh.includes(s))];
    for (let i = 0; i < others.length; i += sweepsAtOnce) batches.push(others.slice(i, i + sweepsAtOnce));
    this.#loadingTraces = true;
    try {
      for (const sweeps of batches) {
        if (sweeps.length === 0) continue;
        const answer = await this.#transport.invoke('recording.traces', {
          path,
          reading: this.#reading,
          sweeps,
          startMs,
          endMs,
          columns,
        });
        if (mine !== this.#newestTraces) return;
        fresh.push(...sweeps);
        views = withEntries(
          views,
          answer.map((view) => [view.sweep, view] as const),
        );
        this.#traces = views;
      }
      this.#traceError = null;
    } catch (thrown) {
      // A sweep that cannot be decoded is told of once all have been looked at.
      if (mine === this.#newestTraces && this.#opened !== null) this.#traceError = AppError.from(thrown);
    } finally {
      if (mine === this.#newestTraces) this.#loadingTraces = false;
    }
  }

  /** The sample at a time of the chosen sweep; null outside it. */
  async sampleAt(timeMs: number): Promise<{ timeMs: number; voltageMv: number } | null> {
    const { path, chosen } = this;
    if (path === null || chosen === null) return null;
    const intervalMs = 1000 / chosen.rateHz;
    const startMs = Math.max(0, timeMs - intervalMs);
    const [view] = await this.#transport.invoke('recording.traces', {
      path,
      reading: this.#reading,
      sweeps: [chosen.sweep],
      startMs,
      endMs: timeMs + intervalMs,
      columns: 16,
    });
    const distance = (i: number) => Math.abs(view!.timeMs[i]! - timeMs);
    const all = Array.from(view?.timeMs ?? [], (_, i) => i);
    const nearest = all.toSorted((a, b) => distance(a) - distance(b))[0];
    if (view === undefined || nearest === undefined) return null;
    return { timeMs: view.timeMs[nearest]!, voltageMv: view.voltageMinMv[nearest]! };
  }

  /** The chosen sweep alone, in a window. */
  async chosenTrace(startMs: number, endMs: number, columns: number): Promise<TraceView | null> {
    const { path, chosen } = this;
    if (path === null || chosen === null) return null;
    const views = await this.#transport.invoke('recording.traces', {
      path,
      reading: this.#reading,
      sweeps: [chosen.sweep],
      startMs,
      endMs,
      columns,
    });
    return views[0] ?? null;
  }

  /** What a family of steps has beside the features of each. */
  async loadFamily(liquidJunctionMv: number): Promise<void> {
    const path = this.#path;
    const mine = ++this.#newestFamily;
    if (path === null || this.#opened === null || !this.#sweeps.some((s) => s.usable)) {
      this.#family = null;
      return;
    }
    try {
      const wanted = { path, reading: this.#reading, liquidJunctionMv };
      const family = await this.#transport.invoke('recording.family', wanted);
      if (mine === this.#newestFamily) this.#family = family;
    } catch (thrown) {
      if (mine !== this.#newestFamily) return;
      this.#family = null;
      this.#featureError = AppError.from(thrown);
    }
  }

  /** Of the set «trace» there is no list: the voltage itself is fitted. */
  async loadFeatures(set: string, liquidJunctionMv: number): Promise<void> {
    const path = this.#path;
    const chosen = this.chosen;
    const mine = ++this.#newestFeatures;
    this.#featureError = null;
    if (path === null || chosen === null || !chosen.usable || set === 'trace') {
      this.#features = null;
      return;
    }
    try {
      const values = await this.#transport.invoke('recording.features', {
        path,
        reading: this.#reading,
        sweep: chosen.sweep,
        set,
        liquidJunctionMv,
      });
      if (mine === this.#newestFeatures) this.#features = values;
    } catch (thrown) {
      if (mine !== this.#newestFeatures) return;
      this.#features = null;
      this.#featureError = AppError.from(thrown);
    }
  }
}

/** A sweep of which only the outline is known: not usable yet, for no reason. */
function unread(sweep: Outline['sweeps'][number]): SweepSummary {
  const current: SweepSummary['current'] = { kind: 'none', holdingPa: null, steps: [] };
  return { ...sweep, usable: false, reason: null, voltageMv: null, current, spikes: null };
}
