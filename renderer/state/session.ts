import type { Transport } from '../../main/contract/api.ts';
import type { Store } from './preferences.svelte.ts';

/** How long changes are gathered before they are written: a dragged splitter changes its width sixty times a second. */
const restMs = 250;

/** What the window remembers, kept by main beside the history: read once at the start, written when it has rested. */
export class SessionStore implements Store {
  readonly #transport: Transport;
  readonly #values: Map<string, string>;
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();

  private constructor(transport: Transport, values: Record<string, string>) {
    this.#transport = transport;
    this.#values = new Map(Object.entries(values));
  }

  /** A session that cannot be read is an empty one: the window opens as at the first start. */
  static async open(transport: Transport): Promise<SessionStore> {
    const values = await transport.invoke('session.read', undefined).catch(() => ({}));
    return new SessionStore(transport, values);
  }

  getItem(key: string): string | null {
    return this.#values.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    if (this.#values.get(key) === value) return;
    this.#values.set(key, value);
    clearTimeout(this.#timers.get(key));
    this.#timers.set(
      key,
      setTimeout(() => this.#write(key), restMs),
    );
  }

  /** Writes at once what has not rested yet: the window is being closed. */
  flush(): void {
    for (const key of [...this.#timers.keys()]) this.#write(key);
  }

  #write(key: string): void {
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
    const value = this.#values.get(key) ?? '';
    // Without an answer the setting lasts until the window closes.
    void this.#transport.invoke('session.write', { key, value }).catch(() => undefined);
  }
}
