import { describe, expect, it } from 'vitest';
import { featureSet } from '../../../main/features/feature-set.ts';
import { spikeCountOf } from '../../../main/features/spike-count.ts';

describe('spikeCountOf', () => {
  /** Three triangular spikes of 80 mV during a step from 10 to 40 ms. */
  const voltageMv = Float64Array.from({ length: 1000 }, (_, i) => {
    const distance = Math.min(...[15, 25, 35].map((ms) => Math.abs(i * 0.05 - ms)));
    return -60 + 80 * Math.max(0, 1 - distance);
  });
  const input = { voltageMv, dtMs: 0.05, stepStartMs: 10, stepEndMs: 40, stepAmplitude: 1 };

  it.each(['moments', 'spikes', 'subthreshold', 'all'] as const)('counts with the set %s', (name) => {
    const set = featureSet(name);
    const values = new Float64Array(set.definitions.length);
    set.compute(input, values, 0);
    expect(spikeCountOf(set, values, input)).toBe(3);
  });
});
