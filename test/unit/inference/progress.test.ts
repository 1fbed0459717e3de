import { describe, expect, it } from 'vitest';
import type { Progress } from '../../../main/contract/run.ts';
import { ProgressReporter } from '../../../main/inference/progress.ts';

function reporter(firstRound = 1) {
  const heard: Progress[] = [];
  const clock = { ms: 0 };
  const progress = new ProgressReporter(
    'run',
    4,
    firstRound,
    (state) => heard.push(state),
    () => clock.ms,
  );
  return { heard, clock, progress };
}

describe('ProgressReporter', () => {
  it('tells every change of phase and at most ten updates a second between', () => {
    const { heard, clock, progress } = reporter();
    progress.phase('simulate', { simulationsTotal: 100 });
    for (let done = 1; done <= 100; done++) {
      clock.ms += 10;
      progress.simulated(done, 0);
    }
    expect(heard).toHaveLength(11);
    expect(heard.at(-1)).toMatchObject({ simulationsDone: 100, simulationsPerSecond: 100 });
  });
  it('knows no time left during its first round and the mean round afterwards', () => {
    const { heard, clock, progress } = reporter();
    progress.phase('simulate', { round: 1 });
    expect(heard.at(-1)!.etaSeconds).toBeNull();
    clock.ms = 10_000;
    progress.roundDone();
    clock.ms = 14_000;
    progress.phase('train', { round: 2 });
    expect(heard.at(-1)!.etaSeconds).toBeCloseTo(4 * 10 - 14, 9);
  });
  it('counts only its own rounds after a resume', () => {
    const { heard, clock, progress } = reporter(3);
    clock.ms = 5000;
    progress.roundDone();
    progress.phase('simulate', { round: 4 });
    expect(heard.at(-1)!.etaSeconds).toBeCloseTo(5, 9);
  });
});
