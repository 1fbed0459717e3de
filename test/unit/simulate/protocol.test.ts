import { describe, expect, it } from 'vitest';
import type { SweepSummary } from '../../../main/contract/recording.ts';
import { protocolFromFile, protocolFromSweep } from '../../../main/simulate/protocol.ts';

describe('protocolFromFile', () => {
  it('adds a current that is given sample by sample, and refuses one that is longer than the protocol', () => {
    const stimulus = [{ startMs: 0.1, endMs: 1, uAPerCm2: 4 }];
    const file = { dtMs: 0.1, durationMs: 0.4, initialMv: -70, stimulus };
    expect([...protocolFromFile({ ...file, currentUAPerCm2: [1, 2, -3] }).currentDensity]).toEqual([
      1, 6, 1, 4, 4,
    ]);
    expect(() => protocolFromFile({ ...file, currentUAPerCm2: Array<number>(6).fill(0) })).toThrow(
      'has 6 values; the protocol has 5 samples',
    );
  });

  const base = { dtMs: 0.1, durationMs: 10, initialMv: -65 };
  it('has a sample at both ends and applies a stimulus on start ≤ t < end', () => {
    const protocol = protocolFromFile({ ...base, stimulus: [{ startMs: 0.3, endMs: 2, uAPerCm2: 4 }] });
    expect(protocol.steps).toBe(101);
    // 0.3/0.1 is 2.9999999999999996 in binary: still sample 3.
    expect([...protocol.currentDensity].findIndex((v) => v !== 0)).toBe(3);
    expect([...protocol.currentDensity].findLastIndex((v) => v !== 0)).toBe(19);
    expect(protocol).toMatchObject({ initialMv: -65, stepStartMs: 0.3, stepEndMs: 2, stepAmplitude: 4 });
  });
  it('adds overlapping stimuli and takes the longest as the main step', () => {
    const protocol = protocolFromFile({
      ...base,
      stimulus: [
        { startMs: 1, endMs: 2, uAPerCm2: 9 },
        { startMs: 1, endMs: 8, uAPerCm2: -2 },
        { startMs: 7, endMs: 99, uAPerCm2: 0.5 },
      ],
    });
    expect([5, 10, 19, 20, 70, 80, 100].map((i) => protocol.currentDensity[i])).toEqual([
      0, 7, 7, -2, -1.5, 0.5, 0.5,
    ]);
    expect(protocol).toMatchObject({ stepStartMs: 7, stepEndMs: 10, stepAmplitude: 0.5 });
  });
  it('has an empty step at the end where there is no stimulus', () => {
    expect(protocolFromFile({ ...base, stimulus: [] })).toMatchObject({
      stepStartMs: 10,
      stepEndMs: 10,
      stepAmplitude: 0,
    });
  });
  it('refuses durations that are too short or would not fit in memory', () => {
    expect(() => protocolFromFile({ ...base, durationMs: 0.01, stimulus: [] })).toThrow('shorter than two');
    expect(() => protocolFromFile({ ...base, durationMs: 1e8, stimulus: [] })).toThrow('fit in memory');
  });
});

describe('protocolFromSweep', () => {
  const rateHz = 20_000;
  const samples = 200;
  const voltageMv = new Float32Array(samples).fill(-60);
  const currentPa = Float32Array.from({ length: samples }, (_, i) => (i >= 40 && i < 160 ? 100.5 : 0.5));
  const step = { startMs: 2, endMs: 8, amplitudePa: 100, relativePa: 100 };
  const sweep = (kind: 'command' | 'recorded' | 'none', steps = [step]): SweepSummary => ({
    sweep: 7,
    name: 'Sweep_7',
    mode: 'current-clamp',
    usable: true,
    reason: null,
    rateHz,
    samples,
    durationMs: 10,
    voltageMv: null,
    current: { kind, holdingPa: 0, steps },
    spikes: null,
  });
  const options = {
    sweep: sweep('command'),
    data: { rateHz, voltageMv, currentPa },
    capacitancePf: 50,
    specificCapacitance: 1,
    liquidJunctionMv: -14,
    stimulus: 'auto' as const,
    dtMs: null,
  };

  it('divides the sampling interval into steps of at most 0.025 ms and holds the current between samples', () => {
    const protocol = protocolFromSweep(options);
    expect(protocol.dtMs).toBe(0.025);
    expect(protocol.steps).toBe(399);
    expect(protocol.initialMv).toBe(-74);
    expect([79, 80, 81, 319, 320].map((i) => protocol.currentDensity[i])).toEqual([
      0.01, 2.01, 2.01, 2.01, 0.01,
    ]);
    expect(protocol).toMatchObject({ stepStartMs: 2, stepEndMs: 8, stepAmplitude: 2 });
  });
  it('takes the time step asked for, and the sampling interval where that is small enough', () => {
    expect(protocolFromSweep({ ...options, dtMs: 0.02 }).steps).toBe(498);
    const protocol = protocolFromSweep(options);
    const thick = protocolFromSweep({ ...options, specificCapacitance: 3 });
    expect(thick.currentDensity[80]! / protocol.currentDensity[80]!).toBeCloseTo(3, 12);
    expect(thick.stepAmplitude / protocol.stepAmplitude).toBeCloseTo(3, 12);
    const fast = { ...options.data, rateHz: 50_000 };
    expect(protocolFromSweep({ ...options, data: fast }).dtMs).toBeCloseTo(0.02, 15);
  });
  it('idealises a recorded current to its steps, but not a command', () => {
    const recorded = protocolFromSweep({ ...options, sweep: sweep('recorded') });
    expect([79, 80, 320].map((i) => recorded.currentDensity[i])).toEqual([0, 2, 0]);
    const asked = protocolFromSweep({ ...options, sweep: sweep('recorded'), stimulus: 'as-recorded' });
    expect(asked.currentDensity[80]).toBeCloseTo(2.01, 6);
  });
  it('leaves a recorded current without steps as it is, and refuses to idealise it', () => {
    const unsteady = { ...options, sweep: sweep('recorded', []) };
    expect(protocolFromSweep(unsteady).currentDensity[80]).toBeCloseTo(2.01, 6);
    expect(() => protocolFromSweep({ ...unsteady, stimulus: 'idealised' })).toThrow('No current steps');
  });
  it('injects nothing where the sweep has no current', () => {
    const silent = { ...options, sweep: sweep('none', []), data: { rateHz, voltageMv, currentPa: null } };
    expect(protocolFromSweep(silent).currentDensity.every((v) => v === 0)).toBe(true);
  });
  it('refuses a sweep whose values are not finite', () => {
    const broken = { ...options.data, currentPa: currentPa.with(3, NaN) };
    expect(() => protocolFromSweep({ ...options, data: broken })).toThrow('not finite');
  });
});
