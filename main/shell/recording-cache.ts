import { stat } from 'node:fs/promises';
import type { Inspection } from '../contract/recording.ts';
import { inspectRecording } from '../features/inspection.ts';
import type { Recording } from '../recording/recording.ts';

export interface OpenRecording {
  recording: Recording;
  inspection: Inspection;
}

interface Entry {
  opened: Promise<OpenRecording>;
  users: number;
  /** Set when the entry was pushed out while in use: the last user closes it. */
  retired: boolean;
}

/**
 * Recordings stay open while a person looks at them: inspecting a large file takes seconds, a sweep milliseconds.
 * The least recently used are closed beyond `limit`; a file that changed on disk is read anew.
 */
export class RecordingCache {
  readonly #entries = new Map<string, Entry>();
  readonly #limit: number;
  readonly #open: (path: string) => Promise<OpenRecording>;

  constructor(limit = 4, open: (path: string) => Promise<OpenRecording> = inspectRecording) {
    this.#limit = limit;
    this.#open = open;
  }

  async use<T>(path: string, work: (open: OpenRecording) => Promise<T>): Promise<T> {
    const entry = this.#entry(await this.#key(path), path);
    entry.users++;
    try {
      return await work(await entry.opened);
    } finally {
      entry.users--;
      if (entry.retired && entry.users === 0) await close(entry);
    }
  }

  async close(): Promise<void> {
    const entries = [...this.#entries.values()];
    this.#entries.clear();
    await Promise.all(entries.map((entry) => this.#retire(entry)));
  }

  /** The same path with another size or time of change is another recording. */
  async #key(path: string): Promise<string> {
    const found = await stat(path).catch(() => null); // a missing file is refused, in words, by the reader
    return found === null ? path : `${path}\0${found.size}\0${found.mtimeMs}`;
  }

  #entry(key: string, path: string): Entry {
    const known = this.#entries.get(key);
    if (known) {
      this.#entries.delete(key); // set again below: the map's order is the order of use
      this.#entries.set(key, known);
      return known;
    }
    const entry: Entry = { opened: this.#open(path), users: 0, retired: false };
    this.#entries.set(key, entry);
    entry.opened.catch(() => {
      if (this.#entries.get(key) === entry) this.#entries.delete(key); // the next attempt reads again
    });
    for (const [oldKey, old] of this.#entries) {
      if (this.#entries.size <= this.#limit) break;
      this.#entries.delete(oldKey);
      void this.#retire(old);
    }
    return entry;
  }

  async #retire(entry: Entry): Promise<void> {
    entry.retired = true;
    if (entry.users === 0) await close(entry);
  }
}

async function close(entry: Entry): Promise<void> {
  const opened = await entry.opened.catch(() => null); // never opened: nothing to close
  await opened?.recording.close();
}
