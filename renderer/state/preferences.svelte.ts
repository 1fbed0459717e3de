export type ThemeChoice = 'system' | 'light' | 'dark';
export type Theme = 'light' | 'dark';

/** What a person has set and expects to find again: theme, widths of the panels, how plots are drawn. */
interface Stored {
  theme: ThemeChoice;
  historyWidth: number;
  inspectorWidth: number;
  scaleBars: boolean;
  zoomToPosterior: boolean;
  hallOfFame: boolean;
  previousRound: boolean;
}

/** The part of localStorage that is used, so that tests hand in their own. */
export interface Store {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

const key = 'chronaxie.preferences';
const defaults: Stored = {
  theme: 'system',
  historyWidth: 232,
  inspectorWidth: 376,
  scaleBars: false,
  zoomToPosterior: false,
  hallOfFame: false,
  previousRound: false,
};

export class Preferences {
  readonly #store: Store;
  #values = $state<Stored>({ ...defaults });
  #systemDark = $state(false);

  constructor(store: Store) {
    this.#store = store;
    this.#values = { ...defaults, ...read(store) };
  }

  get theme(): ThemeChoice {
    return this.#values.theme;
  }
  /** The theme that is drawn. */
  get resolved(): Theme {
    if (this.#values.theme !== 'system') return this.#values.theme;
    return this.#systemDark ? 'dark' : 'light';
  }
  get historyWidth(): number {
    return this.#values.historyWidth;
  }
  get inspectorWidth(): number {
    return this.#values.inspectorWidth;
  }
  get scaleBars(): boolean {
    return this.#values.scaleBars;
  }
  get zoomToPosterior(): boolean {
    return this.#values.zoomToPosterior;
  }
  /** Whether the halls of fame of searches are drawn over a posterior. */
  get hallOfFame(): boolean {
    return this.#values.hallOfFame;
  }
  /** Whether the round before the shown one is drawn as an outline. */
  get previousRound(): boolean {
    return this.#values.previousRound;
  }

  setTheme(theme: ThemeChoice): void {
    this.#change({ theme });
  }
  setSystemDark(dark: boolean): void {
    this.#systemDark = dark;
  }
  setHistoryWidth(px: number): void {
    this.#change({ historyWidth: clamp(px, 180, 420) });
  }
  setInspectorWidth(px: number): void {
    this.#change({ inspectorWidth: clamp(px, 300, 640) });
  }
  setScaleBars(scaleBars: boolean): void {
    this.#change({ scaleBars });
  }
  setZoomToPosterior(zoomToPosterior: boolean): void {
    this.#change({ zoomToPosterior });
  }
  setHallOfFame(hallOfFame: boolean): void {
    this.#change({ hallOfFame });
  }
  setPreviousRound(previousRound: boolean): void {
    this.#change({ previousRound });
  }

  #change(part: Partial<Stored>): void {
    this.#values = { ...this.#values, ...part };
    try {
      this.#store.setItem(key, JSON.stringify(this.#values));
    } catch {
      // A full or forbidden storage only means that the setting lasts until the window closes.
    }
  }
}

function clamp(value: number, low: number, high: number): number {
  return Math.round(Math.min(high, Math.max(low, value)));
}

/** Stored values of the right kind; anything else is as if it had never been stored. */
function read(store: Store): Partial<Stored> {
  let stored: unknown;
  try {
    stored = JSON.parse(store.getItem(key) ?? '{}');
  } catch {
    return {};
  }
  if (typeof stored !== 'object' || stored === null) return {};
  const known = Object.entries(stored).filter(
    ([name, value]) => name in defaults && typeof value === typeof defaults[name as keyof Stored],
  );
  return Object.fromEntries(known) as Partial<Stored>;
}
