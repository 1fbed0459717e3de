import type { CallOutput, Transport } from '../../main/contract/api.ts';
import { AppError } from '../../main/contract/errors.ts';
import type {
  FeatureValue,
  Inspection,
  Membrane,
  SweepSummary,
  TraceView,
} from '../../main/contract/recording.ts';
import { keyed, withEntries } from './keyed.ts';
import { baseName } from '../words/file.ts';

type Opened = CallOutput<'recording.inspect'>;

/** The open recording: what is in the file, which sweep is chosen, and its features as observed. */
export class RecordingState {
  readonly #transport: Transport;
  #path = $state<string | null>(null);
  #opened = $state.raw<Opened | null>(null);
  #chosen = $state<number | null>(null);
  #opening = $state<string | null>(null);
  #error = $state.raw<AppError | null>(null);
  #traces = $state.raw(keyed<number, TraceView>());
  #traceError = $state.raw<AppError | null>(null);
  #features = $state.raw<FeatureValue[] | null>(null);
  #featureError = $state.raw<AppError | null>(null);
  #newestOpen = 0;
  #newestTraces = 0;
  #newestFeatures = 0;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  get path(): string | null {
    return this.#path;
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
    return this.#opened?.inspection.sweeps ?? [];
  }
  get chosen(): SweepSummary | null {
    return this.sweeps.find((sweep) => sweep.sweep === this.#chosen) ?? null;
  }
  /** The name of the file that is being read, while it is. */
  get opening(): string | null {
    return this.#opening;
  }
  get error(): AppError | null {
    return this.#error;
  }
  get traces(): ReadonlyMap<number, TraceView> {
    return this.#traces;
  }
  get traceError(): AppError | null {
    return this.#traceError;
  }
  get features(): FeatureValue[] | null {
    return this.#features;
  }
  get featureError(): AppError | null {
    return this.#featureError;
  }
  /** The longest sweep's length: how far the time axis reaches. */
  get durationMs(): number {
    return Math.max(0, ...this.sweeps.filter((s) => s.mode !== 'voltage-clamp').map((s) => s.durationMs));
  }

  /** Reads a file's contents. true = it is open and is still the one that is wanted. */
  async open(path: string, sweep: number | null = null): Promise<boolean> {
    const mine = ++this.#newestOpen;
    this.clear();
    this.#newestOpen = mine;
    this.#opening = baseName(path);
    try {
      const opened = await this.#transport.invoke('recording.inspect', { path });
      if (mine !== this.#newestOpen) return false;
      this.#path = path;
      this.#opened = opened;
      const known = opened.inspection.sweeps.find((s) => s.sweep === sweep);
      const usable = opened.inspection.sweeps.find((s) => s.usable);
      this.#chosen = known?.sweep ?? opened.suggestedSweep ?? usable?.sweep ?? null;
      return true;
    } catch (thrown) {
      if (mine === this.#newestOpen) this.#error = named(AppError.from(thrown), path);
      return false;
    } finally {
      if (mine === this.#newestOpen) this.#opening = null;
    }
  }

  clear(): void {
    this.#newestOpen++;
    this.#newestTraces++;
    this.#newestFeatures++;
    this.#path = null;
    this.#opened = null;
    this.#chosen = null;
    this.#opening = null;
    this.#error = null;
    this.#traces = keyed();
    this.#traceError = null;
    this.#features = null;
    this.#featureError = null;
  }

  choose(sweep: number): void {
    if (this.sweeps.some((s) => s.sweep === sweep)) this.#chosen = sweep;
  }

  /** The next (+1) or previous (−1) sweep; stays at the ends. */
  step(by: 1 | -1): void {
    const at = this.sweeps.findIndex((s) => s.sweep === this.#chosen);
    const next = this.sweeps[at + by];
    if (next !== undefined) this.#chosen = next.sweep;
  }

  /** Asks for the pixels of a time window: the chosen sweep first, then the others; an answer that came too late is dropped. */
  async loadTraces(startMs: number, endMs: number, columns: number): Promise<void> {
    const path = this.#path;
    const chosen = this.#chosen;
    if (path === null) return;
    const mine = ++this.#newestTraces;
    const drawable = this.sweeps.filter((s) => s.voltageMv !== null && s.mode !== 'voltage-clamp');
    const others = drawable.map((s) => s.sweep).filter((s) => s !== chosen);
    const first = drawable.filter((s) => s.sweep === chosen).map((s) => s.sweep);
    try {
      for (const sweeps of [first, others.slice(0, 500)]) {
        if (sweeps.length === 0) continue;
        const views = await this.#transport.invoke('recording.traces', {
          path,
          sweeps,
          startMs,
          endMs,
          columns,
        });
        if (mine !== this.#newestTraces) return;
        this.#traces = withEntries(
          this.#traces,
          views.map((view) => [view.sweep, view] as const),
        );
      }
      this.#traceError = null;
    } catch (thrown) {
      if (mine === this.#newestTraces) this.#traceError = AppError.from(thrown);
    }
  }

  async loadFeatures(set: string, liquidJunctionMv: number): Promise<void> {
    const path = this.#path;
    const chosen = this.chosen;
    const mine = ++this.#newestFeatures;
    this.#featureError = null;
    if (path === null || chosen === null || !chosen.usable) {
      this.#features = null;
      return;
    }
    try {
      const values = await this.#transport.invoke('recording.features', {
        path,
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

/** The error with the file's name in place of its whole path: of a dropped file that is only where its copy lies. */
function named(error: AppError, path: string): AppError {
  const { remedy, details } = error;
  return new AppError(error.code, error.message.replaceAll(path, baseName(path)), {
    remedy,
    details,
    cause: error,
  });
}
