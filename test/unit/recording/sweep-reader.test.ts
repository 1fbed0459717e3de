import { describe, expect, it } from 'vitest';
import type { FileSweep } from '../../../main/recording/recording-file.ts';
import { responseProblem } from '../../../main/recording/sweep-reader.ts';

const sweep = (samples: number): FileSweep => ({
  sweep: 0,
  name: 'Sweep 0',
  mode: 'current-clamp',
  response: {
    path: 'input 0',
    target: 'input 0',
    name: 'Vm',
    mode: 'current-clamp',
    samples,
    rateHz: 10_000,
    startS: 0,
    sweepNumber: 0,
    electrode: null,
    quantity: 'voltage',
    scale: 1,
    shift: 0,
    tenfoldVm: null,
    problem: null,
  },
  start: 0,
  count: samples,
  stimulus: null,
});

describe('responseProblem', () => {
  it('refuses a recording of hours as one sweep and says how long it is', () => {
    expect(responseProblem(sweep(60 * 600_000))).toMatch(/^it is 60 minutes long.*a recording of its own$/);
    expect(responseProblem(sweep(600_000))).toBeNull();
  });
});
