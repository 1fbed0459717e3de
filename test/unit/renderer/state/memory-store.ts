import type { Store } from '../../../../renderer/state/preferences.svelte.ts';

/** What a window remembers, without main. */
export function memoryStore(values: Record<string, string> = {}): Store {
  const kept = new Map(Object.entries(values));
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) };
}
