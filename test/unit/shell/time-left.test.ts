import { describe, expect, it } from 'vitest';
import type { Progress } from '../../../main/contract/run.ts';
import type { FitPlan } from '../../../main/shell/fit-estimate.ts';
import { TimeLeft } from '../../../main/shell/time-left.ts';

const plan: FitPlan = {
  like: 'cell 1',
  around: 4,
  rounds: [
    { simulate: 10, train: 20 },
    { simulate: 10, train: 30 },
  ],
};
const progress = (part: Partial<Progress>): Progress => ({
  ...{ id: 'run', phase: 'simulate', round: 1, rounds: 2, simulationsDone: 0, simulationsTotal: 1000 },
  ...{ simulationsPerSecond: null, bad: 0, missing: 0, ess: null, loss: null, validationLoss: null },
  ...{ epoch: null, etaSeconds: null },
  ...part,
});
function timed(of: FitPlan | null = plan) {
  const clock = { ms: 0 };
  const left = new TimeLeft(of, () => clock.ms);
  return (atSeconds: number, part: Partial<Progress>) => {
    clock.ms = 1000 * atSeconds;
    return left.of(progress(part));
  };
}

describe('the time left in a first round', () => {
  it('is what the earlier run took, before anything was measured', () => {
    const at = timed();
    expect(at(0, { phase: 'prepare', round: 0 })).toBe(74);
    expect(at(1, { phase: 'pilot', round: 0 })).toBe(73);
  });

  it('follows the speed of the simulations: half as fast, all that is to come takes twice as long', () => {
    const at = timed();
    at(2, { phase: 'simulate' });
    // 100 of 1,000 in 2 s: 18 s more of them, then 2 × (20 + 10 + 30), and 2 s of what is around.
    expect(at(4, { simulationsDone: 100, simulationsPerSecond: 50 })).toBeCloseTo(18 + 120 + 2, 9);
    expect(at(22, { phase: 'train' })).toBeCloseTo(2 * 20 + 2 * 40 + 2, 9);
    expect(at(32, { phase: 'train' })).toBeCloseTo(2 * 20 - 10 + 2 * 40 + 2, 9);
  });

  it('never runs below what the later rounds need, however long the training lasts', () => {
    const at = timed();
    at(4, { phase: 'train' });
    expect(at(500, { phase: 'train' })).toBe(40);
  });

  it('is what remains of the checks when the only round is done', () => {
    const at = timed({ ...plan, rounds: plan.rounds.slice(0, 1) });
    at(1, { phase: 'simulate' });
    expect(at(40, { phase: 'sample' })).toBe(3);
    expect(at(42, { phase: 'sample' })).toBe(1);
  });

  it('is the run’s own once a round of its own was timed, and unknown where no run is alike', () => {
    expect(timed()(0, { round: 2, etaSeconds: 12 })).toBe(12);
    expect(timed(null)(0, {})).toBeNull();
  });
});
