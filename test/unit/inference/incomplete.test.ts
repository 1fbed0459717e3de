import { describe, expect, it } from 'vitest';
import { setAsideIncomplete } from '../../../main/inference/incomplete.ts';

const rows = (x: number[], bad: number[]) => ({
  x: Float64Array.from(x),
  bad: Uint8Array.from(bad),
  badReasons: ['diverged'],
  seconds: 1,
  busySeconds: 1,
  spikeTimesMs: null,
});

describe('setAsideIncomplete', () => {
  it('sets aside simulations that lack a feature of the observation, with a reason of their own', () => {
    const result = rows([1, 2, NaN, 4, 5, NaN, NaN, NaN], [0, 0, 0, 1]);
    const { x, bad, badReasons } = setAsideIncomplete(result, Float64Array.of(0, 0));
    expect([...bad]).toEqual([0, 2, 2, 1]);
    expect(badReasons).toEqual(['diverged', 'lacks features that the observation has']);
    expect([...x]).toEqual([1, 2, NaN, NaN, NaN, NaN, NaN, NaN]);
    // The simulator's own result stays as it was.
    expect([...result.bad]).toEqual([0, 0, 0, 1]);
  });
  it('asks for no feature that the observation lacks too', () => {
    const result = rows([1, NaN, 3, 4], [0, 0]);
    expect(setAsideIncomplete(result, Float64Array.of(0, NaN))).toBe(result);
  });
});
