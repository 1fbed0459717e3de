import { describe, expect, it } from 'vitest';
import { fitConfigSchema } from '../../../main/contract/config.ts';
import type { RunDetail, RunSummary } from '../../../main/contract/run.ts';
import { fitEstimate } from '../../../main/shell/fit-estimate.ts';

const round = (n: number, simulate: number, train: number) => ({
  ...{ round: n, simulations: 1000, seconds: { simulate, train } },
});
function run(id: string, changes: Partial<RunDetail> = {}): RunDetail {
  return {
    ...{ id, name: id, state: 'finished', algorithm: 'tsnpe', model: 'hh8', source: '/a.nwb', sweep: 3 },
    config: fitConfigSchema.parse({}),
    reports: [round(1, 1, 9), round(2, 1, 4), round(3, 1, 12)],
    summary: { seconds: 33 },
    ...changes,
  } as unknown as RunDetail;
}
const history = (...runs: RunDetail[]) => ({
  list: () => runs as RunSummary[],
  detail: (id: string) => runs.find((one) => one.id === id)!,
});
const config = (changes: object) =>
  fitConfigSchema.parse({ source: { recording: '/a.nwb', sweep: 3 }, algorithm: 'tsnpe', ...changes });

describe('fitEstimate', () => {
  it('gives back what the same fit took', () => {
    expect(fitEstimate(history(run('r')), config({ rounds: 3, simulations: 1000 }))).toEqual({
      ...{ simulations: 3000, seconds: 33, like: 'r' },
    });
  });
  it('grows with simulations and rounds: later rounds train on all that came before', () => {
    // Around the rounds 5 s; simulating 2 s each; training 18, then 8, 12 (a middle round of 4 s on 2,000, now on 6,000), then 32.
    const { seconds } = fitEstimate(history(run('r')), config({ rounds: 4, simulations: 2000 }));
    expect(seconds).toBeCloseTo(5 + 4 * 2 + 18 + 8 + 12 + 32, 9);
  });
  it('prefers a run of the same sweep, and knows nothing of another model, algorithm or unfinished run', () => {
    const other = run('other', { sweep: 4 });
    expect(fitEstimate(history(other, run('same')), config({})).like).toBe('same');
    expect(fitEstimate(history(other), config({})).like).toBe('other');
    const strangers = [
      run('m', { model: 'hh12' }),
      run('a', { algorithm: 'npe' }),
      run('f', { state: 'failed' }),
    ];
    expect(fitEstimate(history(...strangers), config({ rounds: 2, simulations: 10 }))).toEqual({
      ...{ simulations: 20, seconds: null, like: null },
    });
  });
});
