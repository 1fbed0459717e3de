import { describe, expect, it } from 'vitest';
import { predictiveCheck, predictivePercentiles } from '../../../main/diagnostics/predictive-check.ts';

describe('predictiveCheck', () => {
  const names = ['spikeCount', 'latency'];
  const x = Float64Array.of(1, 10, 2, NaN, 2, 30, 3, 40, 99, 99);
  const bad = Uint8Array.of(0, 0, 0, 0, 1);

  it('counts ties half and leaves bad simulations out', () => {
    expect(predictivePercentiles({ names, observed: [2, 35], x, bad })).toEqual({
      spikeCount: 2 / 4, // one below, two ties, one above
      latency: 2 / 3,
    });
    expect(predictivePercentiles({ names, observed: [0, 100], x, bad })).toEqual({
      spikeCount: 0,
      latency: 1,
    });
  });
  it('says in words what is missing', () => {
    const [spikes, latency] = predictiveCheck({ names, observed: [2, 35], x, bad });
    expect(spikes).toEqual({ name: 'spikeCount', percentile: 0.5, compared: 4, missing: 0, words: null });
    expect(latency).toMatchObject({
      compared: 3,
      missing: 1,
      words: 'latency is missing in 1 of 4 simulations.',
    });
  });
  it('compares nothing that is missing in the observation, or in all simulations, and says so', () => {
    const words = (observed: number, simulated: number[]) =>
      predictiveCheck({
        names: ['latency'],
        observed: [observed],
        x: Float64Array.from(simulated),
        bad: new Uint8Array(simulated.length),
      })[0];
    expect(words(NaN, [1, NaN])).toMatchObject({
      percentile: null,
      words: 'latency is missing in the recording, but only in 1 of 2 simulations.',
    });
    expect(words(NaN, [NaN])?.words).toBe('latency is missing in the recording, as in every simulation.');
    expect(words(5, [NaN, NaN])).toMatchObject({
      percentile: null,
      words: 'latency is in the recording, but missing in every simulation.',
    });
    expect(words(5, [])?.words).toBe('latency cannot be compared: no simulation was good.');
  });
  it('refuses arrays that do not fit together', () => {
    expect(() => predictiveCheck({ names, observed: [1, 2], x: x.subarray(1), bad })).toThrow(/do not fit/);
    expect(() => predictiveCheck({ names, observed: [1], x, bad })).toThrow(/do not fit/);
  });
});
