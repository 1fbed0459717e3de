import type { Transport } from '../../main/contract/api.ts';
import { AppError } from '../../main/contract/errors.ts';
import type { ConditionalView } from '../../main/contract/posterior.ts';
import { keyed, withEntries, without } from './keyed.ts';

/** Points of every conditional marginal and a side of every image: as many as the posterior's. */
const grid = 96;

/**
 * Parameters that are held at a value, and the posterior of the rest. While a slider moves, one question is on its way at a time and
 * the last answer stands; what was wanted last is asked next, and values between are passed over.
 */
export class ConditionalState {
  readonly #transport: Transport;
  #held = $state.raw(keyed<number, number>());
  #view = $state.raw<ConditionalView | null>(null);
  #error = $state.raw<AppError | null>(null);
  #place: { id: string; round: number } | null = null;
  #asking = false;
  #stale = false;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Values by parameter index, in the parameters' units. */
  get held(): ReadonlyMap<number, number> {
    return this.#held;
  }
  get view(): ConditionalView | null {
    return this.#view;
  }
  get error(): AppError | null {
    return this.#error;
  }

  hold(parameter: number, value: number): void {
    this.#held = withEntries(this.#held, [[parameter, value]]);
    void this.#ask();
  }

  release(parameter: number): void {
    this.#held = without(this.#held, parameter);
    if (this.#held.size === 0) this.#view = null;
    void this.#ask();
  }

  /** Another round or run is shown; what is held in a run is held in all its rounds. */
  follow(id: string, round: number): void {
    if (this.#place?.id !== id) this.clear();
    if (this.#place?.id === id && this.#place.round === round) return;
    this.#place = { id, round };
    void this.#ask();
  }

  clear(): void {
    this.#held = keyed();
    this.#view = null;
    this.#error = null;
    this.#place = null;
  }

  async #ask(): Promise<void> {
    this.#stale = true;
    if (this.#asking) return;
    this.#asking = true;
    while (this.#stale) {
      this.#stale = false;
      const place = this.#place;
      const held = this.#held;
      if (place === null || held.size === 0) {
        this.#error = null;
        continue;
      }
      try {
        const fixed = Object.fromEntries([...held].map(([i, value]) => [String(i), value]));
        const view = await this.#transport.invoke('posterior.conditional', { ...place, fixed, grid });
        if (this.#place?.id !== place.id || !sameKeys(this.#held, held)) continue;
        this.#view = view;
        this.#error = null;
      } catch (thrown) {
        if (this.#place?.id === place.id) this.#error = AppError.from(thrown);
      }
    }
    this.#asking = false;
  }
}

/** An answer about other parameters than those held now would draw a held one as free. */
function sameKeys(a: ReadonlyMap<number, number>, b: ReadonlyMap<number, number>): boolean {
  return a.size === b.size && [...a.keys()].every((key) => b.has(key));
}
