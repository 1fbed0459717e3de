import type { Transport } from '../../main/contract/api.ts';
import { AppError } from '../../main/contract/errors.ts';
import { ConditionalState } from './conditional.svelte.ts';
import { keyed, withEntries, without } from './keyed.ts';
import type { HallOfFame, PosteriorView, PredictiveView } from '../../main/contract/posterior.ts';

/** Points a side of every density image, and of every marginal. */
const grid = 96;
/** Posterior draws over the data, beside the MAP. */
const draws = 20;
const columns = 1200;
/** A round that is only passed by the slider is not simulated: so long it must stay chosen. */
const settleMs = 250;
/** Views kept at most; each holds every pair's image. */
const keptViews = 12;

/** The posterior of one round of a run, and what it predicts. Views are kept, so that the slider moves at once. */
export class PosteriorState {
  readonly conditional: ConditionalState;
  readonly #transport: Transport;
  readonly #settle: () => Promise<void>;
  #views = keyed<number, Promise<PosteriorView>>();
  #predictions = keyed<number, PredictiveView>();
  #run: string | null = null;
  #round = $state(0);
  #view = $state.raw<PosteriorView | null>(null);
  #previous = $state.raw<PosteriorView | null>(null);
  #predictive = $state.raw<PredictiveView | null>(null);
  #error = $state.raw<AppError | null>(null);
  #predictiveError = $state.raw<AppError | null>(null);
  #predicting = $state(false);
  #halls = $state.raw<readonly HallOfFame[]>([]);
  #highlighted = $state<number | null>(null);
  #newest = 0;

  /** @param settle waits until a chosen round counts as chosen; replaced in tests */
  constructor(
    transport: Transport,
    settle = () => new Promise<void>((resolve) => setTimeout(resolve, settleMs)),
  ) {
    this.#transport = transport;
    this.#settle = settle;
    this.conditional = new ConditionalState(transport);
  }

  /** The round that is chosen; 0 = there is none yet. */
  get round(): number {
    return this.#round;
  }
  get view(): PosteriorView | null {
    return this.#view;
  }
  /** Of the round before the shown one; null = there is none, or it has not come yet. */
  get previous(): PosteriorView | null {
    return this.#previous;
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
    this.conditional.clear();
    this.#run = null;
    this.#round = 0;
    this.#view = null;
    this.#previous = null;
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
    const isStep = !another && this.#view !== null;
    if (another) this.clear();
    this.#run = run;
    if (another) void this.loadHalls();
    this.#round = round;
    const mine = ++this.#newest;
    this.conditional.follow(run, round);
    await Promise.all([this.#loadView(run, round, mine), this.#loadPredictive(run, round, mine, isStep)]);
  }

  /** Fetches a round's view without showing it, so that a step to it is at once. */
  prefetch(run: string, round: number): void {
    // A fault is shown when the round is chosen, and asked for again.
    if (run === this.#run) void this.#viewOf(run, round).catch(() => undefined);
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

  #viewOf(run: string, round: number): Promise<PosteriorView> {
    const known = this.#views.get(round);
    if (known !== undefined) return known;
    const asked = this.#transport.invoke('posterior.view', { id: run, round, grid });
    this.#views = keyed([...[...this.#views].slice(-(keptViews - 1)), [round, asked]]);
    asked.catch(() => {
      if (this.#views.get(round) === asked) this.#views = without(this.#views, round);
    });
    return asked;
  }

  async #loadView(run: string, round: number, mine: number): Promise<void> {
    try {
      const view = await this.#viewOf(run, round);
      if (mine !== this.#newest) return;
      if (this.#previous?.round !== round - 1) this.#previous = null;
      this.#view = view;
      this.#error = null;
      if (round > 1) void this.#loadPrevious(run, round, mine);
    } catch (thrown) {
      if (mine === this.#newest) this.#error = AppError.from(thrown);
    }
  }

  async #loadPrevious(run: string, round: number, mine: number): Promise<void> {
    const previous = await this.#viewOf(run, round - 1).catch(() => null);
    if (mine === this.#newest) this.#previous = previous;
  }

  async #loadPredictive(run: string, round: number, mine: number, isStep: boolean): Promise<void> {
    this.#predicting = true;
    try {
      const known = this.#predictions.get(round);
      if (known === undefined && isStep) await this.#settle();
      if (mine !== this.#newest) return;
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
