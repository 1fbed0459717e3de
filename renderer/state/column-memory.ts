import { type TraceMapping, traceMappingSchema } from '../../main/contract/recording.ts';
import type { Store } from './preferences.svelte.ts';

const key = 'chronaxie.columns';
/** Forms of tables; the one used longest ago is forgotten beyond them. */
const most = 50;

/** What was said of tables' columns, for the next one that has the same; it survives a restart. */
export class ColumnMemory {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Null where nothing was said of such columns. */
  of(columns: readonly string[]): TraceMapping | null {
    return this.#read().get(JSON.stringify(columns)) ?? null;
  }

  keep(columns: readonly string[], mapping: TraceMapping): void {
    const known = this.#read();
    known.delete(JSON.stringify(columns));
    known.set(JSON.stringify(columns), mapping);
    this.#store.setItem(key, JSON.stringify([...known].slice(-most)));
  }

  forget(columns: readonly string[]): void {
    const known = this.#read();
    if (known.delete(JSON.stringify(columns))) this.#store.setItem(key, JSON.stringify([...known]));
  }

  /** Anything but a list of mappings is as if nothing had been stored. */
  #read(): Map<string, TraceMapping> {
    try {
      const stored: unknown = JSON.parse(this.#store.getItem(key) ?? '[]');
      if (!Array.isArray(stored)) return new Map();
      return new Map(
        stored.flatMap((entry: unknown) => {
          const [columns, mapping] = Array.isArray(entry) ? (entry as unknown[]) : [];
          const known = traceMappingSchema.safeParse(mapping);
          return typeof columns === 'string' && known.success ? [[columns, known.data] as const] : [];
        }),
      );
    } catch {
      return new Map();
    }
  }
}
