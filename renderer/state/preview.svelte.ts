import type { Transport } from '../../main/contract/api.ts';
import type { FitConfig } from '../../main/contract/config.ts';
import { AppError } from '../../main/contract/errors.ts';
import type { PriorPreview } from '../../main/contract/model.ts';

const draws = 20;
const columns = 1200;

/** Simulations at draws from the prior as it is set up; the last question's answer counts. */
export class PreviewState {
  readonly #transport: Transport;
  #view = $state.raw<PriorPreview | null>(null);
  #error = $state.raw<AppError | null>(null);
  #waiting = $state(false);
  #seed = $state(1);
  #newest = 0;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  get view(): PriorPreview | null {
    return this.#view;
  }
  get error(): AppError | null {
    return this.#error;
  }
  get waiting(): boolean {
    return this.#waiting;
  }
  get seed(): number {
    return this.#seed;
  }

  /** Other draws from the same prior. */
  redraw(): void {
    this.#seed++;
  }

  async simulate(config: FitConfig, seed: number): Promise<void> {
    const mine = ++this.#newest;
    this.#waiting = true;
    try {
      const view = await this.#transport.invoke('model.preview', { config, draws, columns, seed });
      if (mine !== this.#newest) return;
      this.#view = view;
      this.#error = null;
    } catch (thrown) {
      if (mine === this.#newest) this.#error = AppError.from(thrown);
    } finally {
      if (mine === this.#newest) this.#waiting = false;
    }
  }
}
