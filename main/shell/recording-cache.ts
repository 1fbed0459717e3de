import { stat } from 'node:fs/promises';
import { type Inspection, type Reading, asStated } from '../contract/recording.ts';
import { inspectOpening } from '../features/inspection.ts';
import { beginRecording, type OpeningRecording, type Recording } from '../recording/recording.ts';

export interface OpenRecording {
  recording: Recording;
  inspection: Inspection;
}

interface Entry {
  begun: Promise<OpeningRecording>;
  /** From the first use that needs all that is in the file. */
  opened: Promise<OpenRecording> | null;
  users: number;
  /** Set when the entry was pushed out while in use: the last user closes it. */
  retired: boolean;
}

type RecordingWanted = string | { path: string; reading: Reading };

/**
 * Recordings stay open while a person looks at them: inspecting a large file takes seconds, a sweep milliseconds.
 * The least recently used are closed beyond `limit`; a file that changed on disk, or is read otherwise, is read anew.
 */
export class RecordingCache {
  readonly #entries = new Map<string, Entry>();
  readonly #limit: number;
  readonly #begin: typeof beginRecording;
  readonly #inspect: (opening: OpeningRecording) => Promise<OpenRecording>;

  constructor(
    limit = 4,
    begin: typeof beginRecording = beginRecording,
    inspect: (opening: OpeningRecording) => Promise<OpenRecording> = inspectOpening,
  ) {
    this.#limit = limit;
    this.#begin = begin;
    this.#inspect = inspect;
  }

  /** Work that needs all that is in the file: every sweep has been read. */
  use<T>(wanted: RecordingWanted, work: (open: OpenRecording) => Promise<T>): Promise<T> {
    return this.#with(wanted, async (entry, key) => {
      entry.opened ??= entry.begun.then(this.#inspect);
      entry.opened.catch(() => this.#forget(key, entry));
      return work(await entry.opened);
    });
  }

  /** Work that can begin at once, before the sweeps were looked at. */
  useBegun<T>(wanted: RecordingWanted, work: (begun: OpeningRecording) => Promise<T>): Promise<T> {
    return this.#with(wanted, async (entry) => work(await entry.begun));
  }

  async #with<T>(wanted: RecordingWanted, work: (entry: Entry, key: string) => Promise<T>): Promise<T> {
    const { path, reading } = typeof wanted === 'string' ? { path: wanted, reading: asStated } : wanted;
    const { voltageFactor, currentFactor, givenStep, mapping } = reading;
    const key = `${await this.#key(path)}\0${voltageFactor}\0${currentFactor}\0${JSON.stringify([givenStep, mapping])}`;
    const entry = this.#entry(key, path, reading);
    entry.users++;
    try {
      return await work(entry, key);
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

  #entry(key: string, path: string, reading: Reading): Entry {
    const known = this.#entries.get(key);
    if (known) {
      this.#entries.delete(key); // set again below: the map's order is the order of use
      this.#entries.set(key, known);
      return known;
    }
    const entry: Entry = { begun: this.#begin(path, { reading }), opened: null, users: 0, retired: false };
    this.#entries.set(key, entry);
    entry.begun.catch(() => this.#forget(key, entry));
    for (const [oldKey, old] of this.#entries) {
      if (this.#entries.size <= this.#limit) break;
      this.#entries.delete(oldKey);
      void this.#retire(old);
    }
    return entry;
  }

  /** The next attempt reads again; what was begun is closed when nobody uses it. */
  #forget(key: string, entry: Entry): void {
    if (this.#entries.get(key) !== entry) return;
    this.#entries.delete(key);
    void this.#retire(entry);
  }

  async #retire(entry: Entry): Promise<void> {
    entry.retired = true;
    if (entry.users === 0) await close(entry);
  }
}

async function close(entry: Entry): Promise<void> {
  const begun = await entry.begun.catch(() => null); // never opened: nothing to close
  await begun?.close();
}
