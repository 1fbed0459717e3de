import type { Transport } from '../../main/contract/api.ts';
import { AppError } from '../../main/contract/errors.ts';
import type { PosteriorView } from '../../main/contract/posterior.ts';
import type { RunDetail } from '../../main/contract/run.ts';

/** Points of a marginal's curve. */
const grid = 96;

export interface ComparedRun {
  detail: RunDetail;
  /** Of its last round; null where none was finished. */
  view: PosteriorView | null;
}

/** Two runs beside each other. */
export class ComparisonState {
  readonly #transport: Transport;
  #runs = $state.raw<readonly [ComparedRun, ComparedRun] | null>(null);
  #isOpen = $state(false);
  #error = $state.raw<AppError | null>(null);
  #newest = 0;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }
  get runs(): readonly [ComparedRun, ComparedRun] | null {
    return this.#runs;
  }
  get error(): AppError | null {
    return this.#error;
  }

  async show(first: string, second: string): Promise<void> {
    const mine = ++this.#newest;
    this.#isOpen = true;
    this.#runs = null;
    this.#error = null;
    try {
      const runs = await Promise.all([this.#load(first), this.#load(second)]);
      if (mine === this.#newest) this.#runs = runs;
    } catch (thrown) {
      if (mine === this.#newest) this.#error = AppError.from(thrown);
    }
  }

  close(): void {
    this.#newest++;
    this.#isOpen = false;
    this.#runs = null;
  }

  async #load(id: string): Promise<ComparedRun> {
    const detail = await this.#transport.invoke('history.show', { id });
    const round = detail.reports.at(-1)?.round;
    const view =
      round === undefined ? null : await this.#transport.invoke('posterior.view', { id, round, grid });
    return { detail, view };
  }
}
