import type { Progress } from '../contract/run.ts';

/** Shortest time between two progress events, ms: faster than that is noise on a screen and work on a socket. */
const intervalMs = 100;

/**
 * Gathers what a run is doing and tells a listener, at most every 100 ms and at every change of phase.
 */
export class ProgressReporter {
  private state: Progress;
  private lastMs = -Infinity;
  private phaseStartMs: number;
  private readonly startMs: number;
  private readonly firstRound: number;
  private readonly listener: ((progress: Progress) => void) | undefined;
  private readonly now: () => number;
  private roundEndSeconds = 0;

  /** @param firstRound the round this process begins with; earlier ones were done before a resume */
  constructor(
    id: string,
    rounds: number,
    firstRound: number,
    listener: ((progress: Progress) => void) | undefined,
    now: () => number = () => performance.now(),
  ) {
    this.listener = listener;
    this.now = now;
    this.startMs = now();
    this.phaseStartMs = this.startMs;
    this.firstRound = firstRound;
    this.state = {
      id,
      phase: 'prepare',
      round: firstRound,
      rounds,
      simulationsDone: 0,
      simulationsTotal: 0,
      simulationsPerSecond: null,
      bad: 0,
      missing: 0,
      ess: null,
      loss: null,
      validationLoss: null,
      epoch: null,
      etaSeconds: null,
    };
  }

  phase(phase: Progress['phase'], changes: Partial<Progress> = {}): void {
    this.phaseStartMs = this.now();
    this.state = { ...this.state, ...changes, phase };
    this.tell(true);
  }

  simulated(done: number, bad: number): void {
    const seconds = (this.now() - this.phaseStartMs) / 1000;
    this.state = {
      ...this.state,
      simulationsDone: done,
      bad,
      simulationsPerSecond: seconds > 0 ? done / seconds : null,
    };
    this.tell(false);
  }

  update(changes: Partial<Progress>): void {
    this.state = { ...this.state, ...changes };
    this.tell(false);
  }

  private tell(always: boolean): void {
    const now = this.now();
    if (!this.listener || (!always && now - this.lastMs < intervalMs)) return;
    this.lastMs = now;
    this.listener({ ...this.state, etaSeconds: this.remaining(now) });
  }

  /** From the mean duration of the rounds this process has finished; unknown during the first. */
  private remaining(now: number): number | null {
    const finished = this.state.round - this.firstRound;
    if (finished < 1) return null;
    const elapsed = (now - this.startMs) / 1000;
    const perRound = this.roundEndSeconds / finished;
    const whole = perRound * (this.state.rounds - this.firstRound + 1);
    return Math.max(0, whole - elapsed);
  }

  /** Marks the end of a round, for the estimate of the time left. */
  roundDone(): void {
    this.roundEndSeconds = (this.now() - this.startMs) / 1000;
  }
}
