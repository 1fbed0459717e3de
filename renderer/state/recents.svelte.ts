import { baseName } from '../words/file.ts';
import type { Store } from './preferences.svelte.ts';

export interface RecentRecording {
  path: string;
  name: string;
}

const key = 'chronaxie.recordings';
const most = 8;

/** Recordings that were opened, the last one first; they survive a restart. */
export class Recents {
  readonly #store: Store;
  #list = $state.raw<readonly RecentRecording[]>([]);

  constructor(store: Store) {
    this.#store = store;
    this.#list = read(store).map((path) => ({ path, name: baseName(path) }));
  }

  get list(): readonly RecentRecording[] {
    return this.#list;
  }

  /** Puts recordings first, in their order. */
  add(...paths: readonly string[]): void {
    const others = this.#list.map(({ path }) => path).filter((path) => !paths.includes(path));
    this.#keep([...paths, ...others].slice(0, Math.max(most, paths.length)));
  }

  remove(path: string): void {
    this.#keep(this.#list.map((recent) => recent.path).filter((other) => other !== path));
  }

  #keep(paths: readonly string[]): void {
    this.#list = paths.map((path) => ({ path, name: baseName(path) }));
    this.#store.setItem(key, JSON.stringify(paths));
  }
}

/** Anything but a list of paths is as if nothing had been stored. */
function read(store: Store): string[] {
  try {
    const stored: unknown = JSON.parse(store.getItem(key) ?? '[]');
    return Array.isArray(stored) ? stored.filter((path) => typeof path === 'string').slice(0, most) : [];
  } catch {
    return [];
  }
}
