import { z } from 'zod';
import { type FitConfig, fitConfigSchema } from '../../main/contract/config.ts';
import type { Store } from './preferences.svelte.ts';

const key = 'chronaxie.setups';
const most = 20;

/** How a recording was set up when it was left: nothing that was entered for it is lost by opening another. */
const setupSchema = z.object({
  config: fitConfigSchema,
  sweep: z.number().int().nullable(),
  included: z.array(z.number().int()),
});
export type Setup = z.infer<typeof setupSchema>;

/** The set-ups of recordings that were changed and left, by path, the last one last; they survive a restart. */
export class Setups {
  readonly #store: Store;
  #setups: Map<string, unknown>;

  constructor(store: Store) {
    this.#store = store;
    this.#setups = read(store);
  }

  keep(path: string, setup: Setup): void {
    this.#setups.delete(path);
    this.#setups.set(path, setup);
    this.#write();
  }

  forget(path: string): void {
    if (this.#setups.delete(path)) this.#write();
  }

  /** null where none was kept, or by a version whose set-ups were others. */
  of(path: string): Setup | null {
    const parsed = setupSchema.safeParse(this.#setups.get(path));
    return parsed.success ? parsed.data : null;
  }

  #write(): void {
    this.#setups = new Map([...this.#setups].slice(-most));
    this.#store.setItem(key, JSON.stringify([...this.#setups]));
  }
}

function read(store: Store): Map<string, unknown> {
  try {
    const stored = z.array(z.tuple([z.string(), z.unknown()])).parse(JSON.parse(store.getItem(key) ?? '[]'));
    return new Map(stored);
  } catch {
    return new Map();
  }
}

/** Whether a set-up says something that the defaults, or the run it was taken from, do not. */
export function isSameSetup(a: FitConfig | null, b: FitConfig | null): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
