import type { Progress } from '../contract/run.ts';
import type { FitPlan } from './fit-estimate.ts';

/** A speed is not believed before so many seconds of simulating. */
const leastSeconds = 1;

/**
 * The time left while a run's first round is under way, when no round of its own has been timed: what an earlier run of the same
 * kind took for the rest, times how much slower or faster than that one this run simulates.
 */
export class TimeLeft {
  readonly #plan: FitPlan | null;
  readonly #now: () => number;
  readonly #startMs: number;
  #phase = '';
  #phaseStartMs: number;
  /** Until the first round began. */
  #before: number | null = null;
  #pace = 1;

  /** @param plan null = no earlier run is alike, and the time left is not known */
  constructor(plan: FitPlan | null, now: () => number = () => performance.now()) {
    this.#plan = plan;
    this.#now = now;
    this.#startMs = this.#phaseStartMs = now();
  }

  /** Seconds; null = not known. To be asked of every progress, in order. */
  of(progress: Progress): number | null {
    const phase = `${progress.phase} ${progress.round}`;
    if (phase !== this.#phase) this.#phaseStartMs = this.#now();
    this.#phase = phase;
    if (progress.etaSeconds !== null || this.#plan === null) return progress.etaSeconds;
    const { around, rounds } = this.#plan;
    const [current, ...later] = rounds.slice(Math.max(0, progress.round - 1));
    if (current === undefined) return null;
    const isPreparing = progress.phase === 'prepare' || progress.phase === 'pilot';
    const elapsed = (this.#now() - this.#startMs) / 1000;
    if (!isPreparing) this.#before ??= elapsed;
    const spent = this.#before ?? elapsed;
    const isChecking = progress.phase === 'sample' || progress.phase === 'predict';
    if (isChecking) return Math.max(0, around - spent - (this.#now() - this.#phaseStartMs) / 1000);
    const round = isPreparing ? current.simulate + current.train : this.#leftOf(current, progress);
    const rest = later.reduce((sum, { simulate, train }) => sum + simulate + train, 0);
    return round + this.#pace * rest + Math.max(0, around - spent);
  }

  /** Of the round that is being computed. */
  #leftOf(planned: FitPlan['rounds'][number], progress: Progress): number {
    const inPhase = (this.#now() - this.#phaseStartMs) / 1000;
    const { phase, simulationsDone, simulationsTotal, simulationsPerSecond } = progress;
    if (phase !== 'simulate') return Math.max(0, this.#pace * planned.train - inPhase);
    if (inPhase < leastSeconds || !simulationsPerSecond || planned.simulate <= 0) {
      return Math.max(0, planned.simulate - inPhase) + planned.train;
    }
    this.#pace = simulationsTotal / simulationsPerSecond / planned.simulate;
    return (simulationsTotal - simulationsDone) / simulationsPerSecond + this.#pace * planned.train;
  }
}
