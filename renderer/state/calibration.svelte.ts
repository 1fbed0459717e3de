import type { EventPayload, Transport } from '../../main/contract/api.ts';
import type { Calibration, CalibrationCost, CalibrationProgress } from '../../main/contract/calibration.ts';
import { AppError } from '../../main/contract/errors.ts';
import { parseNumber } from '../../main/figures/number.ts';

const fewest = 20;
const most = 10_000;

/** The calibration of the shown run: its cost before it is started, its progress, and what it found. */
export class CalibrationState {
  readonly #transport: Transport;
  #run: string | null = null;
  #simulations = $state('300');
  #cost = $state.raw<CalibrationCost | null>(null);
  #result = $state.raw<Calibration | null>(null);
  #progress = $state.raw<CalibrationProgress | null>(null);
  #cancelling = $state(false);
  #error = $state.raw<AppError | null>(null);
  #newest = 0;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** As typed. */
  get simulations(): string {
    return this.#simulations;
  }
  /** null = not known yet, or what is typed is no number. */
  get cost(): CalibrationCost | null {
    return this.#cost;
  }
  get result(): Calibration | null {
    return this.#result;
  }
  /** null = none is under way. */
  get progress(): CalibrationProgress | null {
    return this.#progress;
  }
  get isCancelling(): boolean {
    return this.#cancelling;
  }
  get error(): AppError | null {
    return this.#error;
  }
  /** What is wrong with the number of simulations, as a sentence; null = nothing. */
  get problem(): string | null {
    const value = parseNumber(this.#simulations);
    if (value === null || !Number.isInteger(value)) return 'A whole number is needed here.';
    if (value < fewest) return `At least ${fewest}.`;
    return value > most ? `At most ${most.toLocaleString('en-US')}.` : null;
  }

  /** Shows a finished run's calibration, and what one would cost. null = there is no run to calibrate. */
  async show(run: string | null): Promise<void> {
    if (run === this.#run) return;
    this.#run = run;
    this.#cost = null;
    this.#result = null;
    this.#progress = null;
    this.#error = null;
    if (run === null) return;
    await Promise.all([this.#load(run), this.#estimate()]);
  }

  choose(simulations: string): void {
    this.#simulations = simulations;
    void this.#estimate();
  }

  async start(): Promise<void> {
    const id = this.#run;
    const simulations = parseNumber(this.#simulations);
    if (id === null || simulations === null || this.problem !== null) return;
    this.#error = null;
    this.#progress = { id, phase: 'queued', done: 0, total: simulations, etaSeconds: null };
    try {
      await this.#transport.invoke('calibration.start', { id, simulations });
    } catch (thrown) {
      if (id !== this.#run) return;
      this.#error = AppError.from(thrown);
      this.#progress = null;
    }
  }

  async cancel(): Promise<void> {
    if (this.#run === null) return;
    this.#cancelling = true;
    try {
      await this.#transport.invoke('calibration.cancel', { id: this.#run });
    } catch (thrown) {
      this.#cancelling = false;
      this.#error = AppError.from(thrown);
    }
  }

  onProgress(progress: CalibrationProgress): void {
    if (progress.id === this.#run) this.#progress = progress;
  }

  async onEnded({ id, error }: EventPayload<'calibration.ended'>): Promise<void> {
    if (id !== this.#run) return;
    this.#cancelling = false;
    if (error !== null && error.code !== 'cancelled') {
      this.#error = AppError.fromWire({ ...error, code: 'inference-failed', details: {} });
    }
    if (error === null) await this.#load(id);
    if (id === this.#run) this.#progress = null;
  }

  async #load(id: string): Promise<void> {
    try {
      const result = await this.#transport.invoke('calibration.get', { id });
      if (id === this.#run) this.#result = result;
    } catch (thrown) {
      if (id === this.#run) this.#error = AppError.from(thrown);
    }
  }

  async #estimate(): Promise<void> {
    const id = this.#run;
    const mine = ++this.#newest;
    this.#cost = null;
    const simulations = parseNumber(this.#simulations);
    if (id === null || simulations === null || this.problem !== null) return;
    try {
      const cost = await this.#transport.invoke('calibration.cost', { id, simulations });
      if (mine === this.#newest) this.#cost = cost;
    } catch (thrown) {
      if (mine === this.#newest) this.#error = AppError.from(thrown);
    }
  }
}
