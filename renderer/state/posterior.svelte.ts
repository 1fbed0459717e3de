import type { Transport } from '../../main/contract/api.ts';
import { AppError } from '../../main/contract/errors.ts';
import { keyed, withEntries } from './keyed.ts';
import type { HallOfFame, PosteriorView, PredictiveView } from '../../main/contract/posterior.ts';

/** Points a side of every density image, and of every marginal. */
const grid = 96;
/** Posterior draws over the data, beside the MAP. */
const draws = 20;
const columns = 1200;

/** The posterior of one round of a run, and what it predicts. Views are kept, so that the slider moves at once. */
export class PosteriorState {
  readonly #transport: Transport;
  #views = keyed<number, PosteriorView>();
  #predictions = keyed<number, PredictiveView>();
  #run: string | null = null;
  #round = $state(0);
  #view = $state.raw<PosteriorView | null>(null);
  #predictive = $state.raw<PredictiveView | null>(null);
  #error = $state.raw<AppError | null>(null);
  #predictiveError = $state.raw<AppError | null>(null);
  #predicting = $state(false);
  #halls = $state.raw<readonly HallOfFame[]>([]);
  #highlighted = $state<number | null>(null);
  #newest = 0;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The round that is chosen; 0 = there is none yet. */
  get round(): number {
    return this.#round;
  }
  get view(): PosteriorView | null {
    return this.#view;
  }
  get predictive(): PredictiveView | null {
    return this.#predictive;
  }
  get error(): AppError | null {
    return this.#error;
  }
  get predictiveError(): AppError | null {
    return this.#predictiveError;
  }
  get predicting(): boolean {
    return this.#predicting;
  }
  /** Of finished searches on the same data, the newest first. */
  get halls(): readonly HallOfFame[] {
    return this.#halls;
  }
  /** The parameter under the pointer: its row, column and line in the table are marked. */
  get highlighted(): number | null {
    return this.#highlighted;
  }

  highlight(parameter: number | null): void {
    this.#highlighted = parameter;
  }

  clear(): void {
    this.#newest++;
    this.#run = null;
    this.#round = 0;
    this.#view = null;
    this.#predictive = null;
    this.#error = null;
    this.#predictiveError = null;
    this.#predicting = false;
    this.#halls = [];
    this.#views = keyed();
    this.#predictions = keyed();
  }

  /** Shows a round of a run. The views that stand stay until the new ones have come; late answers are dropped. */
  async show(run: string, round: number): Promise<void> {
    const another = run !== this.#run;
    if (another) this.clear();
    this.#run = run;
    if (another) void this.loadHalls();
    this.#round = round;
    const mine = ++this.#newest;
    await Promise.all([this.#loadView(run, round, mine), this.#loadPredictive(run, round, mine)]);
  }

  /** Looks for searches to compare the shown run with. Without an answer there is nothing to compare, and no fault. */
  async loadHalls(): Promise<void> {
    const run = this.#run;
    if (run === null) return;
    try {
      const halls = await this.#transport.invoke('history.hallsOfFame', { id: run });
      if (run === this.#run) this.#halls = halls;
    } catch {
      if (run === this.#run) this.#halls = [];
    }
  }

  async #loadView(run: string, round: number, mine: number): Promise<void> {
    try {
      const view =
        this.#views.get(round) ?? (await this.#transport.invoke('posterior.view', { id: run, round, grid }));
      if (run === this.#run) this.#views = withEntries(this.#views, [[round, view]]);
      if (mine !== this.#newest) return;
      this.#view = view;
      this.#error = null;
    } catch (thrown) {
      if (mine === this.#newest) this.#error = AppError.from(thrown);
    }
  }

  async #loadPredictive(run: string, round: number, mine: number): Promise<void> {
    this.#predicting = true;
    try {
      const known = this.#predictions.get(round);
      const view =
        known ?? (await this.#transport.invoke('posterior.predictive', { id: run, round, draws, columns }));
      if (run === this.#run) this.#predictions = withEntries(this.#predictions, [[round, view]]);
      if (mine !== this.#newest) return;
      this.#predictive = view;
      this.#predictiveError = null;
    } catch (thrown) {
      if (mine === this.#newest) this.#predictiveError = AppError.from(thrown);
    } finally {
      if (mine === this.#newest) this.#predicting = false;
    }
  }
}
