import type { CallOutput, Transport } from '../../main/contract/api.ts';

type Found = CallOutput<'history.ofRecording'>;
const none: Found = { runs: [], before: [] };

/** What the history knows of the recording that is open: by its content, not by its name. */
export class EarlierRunsState {
  readonly #transport: Transport;
  #found = $state.raw<Found>(none);
  #newest = 0;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Runs of this content, the newest first. */
  get runs(): Found['runs'] {
    return this.#found.runs;
  }
  /** Runs of this file when it held something else. */
  get before(): Found['before'] {
    return this.#found.before;
  }

  async look(recording: { sha256: string; path: string }): Promise<void> {
    const mine = ++this.#newest;
    // A history that cannot be asked says so in its own column; a recording can be looked at without it.
    const found = await this.#transport.invoke('history.ofRecording', recording).catch(() => none);
    if (mine === this.#newest) this.#found = found;
  }
}
