import { describe, expect, it } from 'vitest';
import type { Inspection, SweepSummary } from '../../../main/contract/recording.ts';
import { suggestSweep } from '../../../main/features/inspection.ts';

function sweep(number: number, relativePa: number, spikes: number, usable = true): SweepSummary {
  return {
    sweep: number,
    name: `sweep ${number}`,
    mode: 'current-clamp',
    usable,
    reason: usable ? null : 'It holds no stimulus.',
    rateHz: 20_000,
    samples: 20_000,
    durationMs: 1000,
    voltageMv: { min: -80, max: 40, mean: -60 },
    current: {
      kind: 'command',
      holdingPa: 0,
      steps: [{ startMs: 100, endMs: 600, amplitudePa: relativePa, relativePa }],
    },
    spikes,
  };
}
const inspection = (...sweeps: SweepSummary[]): Inspection => ({
  file: 'cell.nwb',
  format: 'NWB',
  sha256: '',
  sweeps,
  warnings: [],
});

describe('suggestSweep', () => {
  it('takes the median of the sweeps that spike', () => {
    const sweeps = [
      sweep(1, 40, 0),
      sweep(2, 80, 3),
      sweep(3, 120, 9),
      sweep(4, 160, 12),
      sweep(5, 200, 30, false),
    ];
    expect(suggestSweep(inspection(...sweeps))).toBe(3);
  });
  it('does not take rebound spikes after hyperpolarisation for spiking', () => {
    const sweeps = [sweep(1, -1000, 5), sweep(2, -800, 4), sweep(3, 100, 2)];
    expect(suggestSweep(inspection(...sweeps))).toBe(3);
  });
  it('takes the largest depolarising step where nothing spikes, and nothing where nothing is usable', () => {
    expect(suggestSweep(inspection(sweep(1, -50, 0), sweep(2, 20, 0), sweep(3, 10, 0)))).toBe(2);
    expect(suggestSweep(inspection(sweep(1, 100, 5, false)))).toBeNull();
  });
});
