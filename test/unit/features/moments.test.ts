import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FeatureInput } from '../../../main/features/feature.ts';
import { momentDefinitions, moments, spikeTimesMs } from '../../../main/features/moments.ts';

const dtMs = 0.1;

function input(voltage: ArrayLike<number>, change: Partial<FeatureInput> = {}): FeatureInput {
  return {
    voltageMv: Float64Array.from(voltage),
    dtMs,
    stepStartMs: 2,
    stepEndMs: 8,
    stepAmplitude: 1,
    ...change,
  };
}

function valuesOf(trace: FeatureInput): Record<string, number> {
  const out = new Float64Array(momentDefinitions.length);
  moments.compute(trace, out, 0);
  return Object.fromEntries(momentDefinitions.map(({ name }, i) => [name, out[i]!]));
}

/** The published rule, word by word: clip, level the falling samples, take the remaining drops, merge within 0.5 ms. */
function spikesByTheWord(trace: FeatureInput): number[] {
  const v = Array.from(trace.voltageMv, (value) => Math.max(value, -10));
  const falling = v.map((value, i) => i + 1 < v.length && v[i + 1]! < value);
  const levelled = v.map((value, i) => (falling[i] ? -10 : value));
  const drops: number[] = [];
  for (let i = 0; i + 1 < levelled.length; i++) if (levelled[i + 1]! < levelled[i]!) drops.push(i);
  const inside = drops.filter((i) => i * trace.dtMs > trace.stepStartMs && i * trace.dtMs < trace.stepEndMs);
  return inside
    .filter((i, k) => k === 0 || (i - inside[k - 1]!) * trace.dtMs > 0.5)
    .map((i) => i * trace.dtMs);
}

/** A spike that rises for three samples from `at` and falls again. */
function withSpikes(at: number[], samples = 100): number[] {
  const v = new Array<number>(samples).fill(-70);
  for (const i of at) [-20, 5, 30, -40].forEach((value, k) => (v[i + k] = value));
  return v;
}

describe('moments', () => {
  it('counts a spike once and dates it at the sample before its peak', () => {
    const trace = input(withSpikes([30, 50]));
    expect(spikeTimesMs(trace).map((t) => t / dtMs)).toEqual([31, 51]);
    expect(valuesOf(trace).spikeCount).toBe(2);
  });

  it('merges peaks within half a millisecond and ignores spikes outside the step', () => {
    expect(valuesOf(input(withSpikes([30, 34]))).spikeCount).toBe(1);
    expect(valuesOf(input(withSpikes([5, 50, 90]))).spikeCount).toBe(1);
  });

  it('follows the published rule on any trace', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -30, max: 40 }), { minLength: 90, maxLength: 110 }),
        (voltage) => {
          const trace = input(voltage);
          const times = spikesByTheWord(trace);
          expect(spikeTimesMs(trace)).toEqual(times);
          expect(valuesOf(trace).spikeCount).toBe(times.length);
        },
      ),
      { seed: 1, numRuns: 200 },
    );
  });

  it('measures rest before the step, its spread in the last tenth, and the central moments inside', () => {
    const voltage = Array.from({ length: 100 }, (_, i) => -60 + 3 * Math.sin(i) + i / 50);
    const values = valuesOf(input(voltage));
    const mean = (x: number[]) => x.reduce((sum, value) => sum + value, 0) / x.length;
    const central = (x: number[], power: number) => mean(x.map((value) => (value - mean(x)) ** power));
    const inside = voltage.slice(21, 80);
    // 1e-10: the one-pass sums lose at most a few of sixteen digits on a trace of this size
    expect(values.restMean).toBeCloseTo(mean(voltage.slice(0, 20)), 10);
    expect(values.restStd).toBeCloseTo(Math.sqrt(central(voltage.slice(18, 20), 2)), 10);
    expect(values.stimMean).toBeCloseTo(mean(inside), 10);
    expect(values.stimVar).toBeCloseTo(central(inside, 2), 10);
    expect(values.stimSkew).toBeCloseTo(central(inside, 3) / central(inside, 2) ** 1.5, 10);
    expect(values.stimKurt).toBeCloseTo(central(inside, 4) / central(inside, 2) ** 2, 10);
  });

  it('leaves undefined what is undefined: no rest, no step, no spread', () => {
    const flat = valuesOf(input(new Array<number>(100).fill(-65)));
    expect(flat).toMatchObject({ spikeCount: 0, restMean: -65, restStd: 0, stimMean: -65, stimVar: 0 });
    expect(flat.stimSkew).toBeNaN();
    expect(flat.stimKurt).toBeNaN();
    expect(valuesOf(input(withSpikes([]), { stepStartMs: 0 })).restMean).toBeNaN();
    const outside = valuesOf(input(withSpikes([]), { stepStartMs: 20, stepEndMs: 30 }));
    expect(outside.spikeCount).toBeNaN();
    expect(outside.stimMean).toBeNaN();
  });

  it('writes at the offset it is given and touches nothing else', () => {
    const out = new Float64Array(9).fill(7);
    moments.compute(input(withSpikes([30])), out, 1);
    expect([out[0], out[8]]).toEqual([7, 7]);
    expect(out[1]).toBe(1);
  });
});
