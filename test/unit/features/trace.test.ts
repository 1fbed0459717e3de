import { describe, expect, it } from 'vitest';
import { featureSet } from '../../../main/features/feature-set.ts';
import { summariseTraces, traceSummary } from '../../../main/features/trace-summary.ts';
import { binMeans, traceBins } from '../../../main/features/trace.ts';

describe('the bins of a trace', () => {
  it('last 1 ms, or longer where there would be more than 500', () => {
    expect(traceBins(120, 0.01, null)).toEqual({ stepMs: 1, samples: 120 });
    expect(traceBins(1450, 0.02, null)).toEqual({ stepMs: 2.9, samples: 500 });
    expect(traceBins(120.7, 0.1, null).samples).toBe(120);
  });

  it('have the length that is asked for', () => {
    expect(traceBins(120, 0.01, 0.5)).toEqual({ stepMs: 0.5, samples: 240 });
    // 0.3/0.1 is 2.9999999999999996
    expect(traceBins(0.3, 0.1, 0.1).samples).toBe(3);
  });

  it('are refused where one would be empty, or there would be only one', () => {
    expect(() => traceBins(100, 0.1, 0.05)).toThrow('Bins of 0.05 ms are shorter than the sampling interval');
    expect(() => traceBins(100, 0.1, 60)).toThrow('has not two bins of 60 ms');
  });
});

describe('downsampling', () => {
  it('takes the mean of the samples in each bin and leaves the rest of the trace out', () => {
    const out = new Float64Array(4).fill(9);
    binMeans([1, 3, 5, 7, 11, 100], 0.5, { stepMs: 1, samples: 2 }, out, 1);
    expect([...out]).toEqual([9, 2, 6, 9]);
  });

  it('shares samples out where a bin is no whole number of them', () => {
    const out = new Float64Array(2);
    // samples at 0, 0.4, 0.8 | 1.2, 1.6
    binMeans([1, 2, 3, 10, 20], 0.4, { stepMs: 1, samples: 2 }, out, 0);
    expect([...out]).toEqual([2, 15]);
  });

  it('gives the same trace nearly the same values whatever its sampling', () => {
    const sampled = (dtMs: number) => {
      const wave = Float64Array.from({ length: Math.round(50 / dtMs) + 1 }, (_, i) =>
        Math.sin(i * dtMs * 0.3),
      );
      const out = new Float64Array(50);
      binMeans(wave, dtMs, { stepMs: 1, samples: 50 }, out, 0);
      return out;
    };
    const [coarse, fine] = [sampled(0.1), sampled(0.01)];
    // Means of left ends: the difference is half a sampling interval times the slope, 0.05 · 0.3.
    coarse.forEach((value, j) => expect(Math.abs(value - fine[j]!)).toBeLessThan(0.016));
  });

  it('keeps a spike shorter than the bin: its area is in one sample', () => {
    const trace = new Float64Array(1000).fill(-70);
    trace.fill(30, 503, 508);
    const bins = traceBins(10, 0.01, 1);
    const set = featureSet('trace', bins);
    const out = new Float64Array(bins.samples);
    set.compute({ voltageMv: trace, dtMs: 0.01, stepStartMs: 0, stepEndMs: 10, stepAmplitude: 1 }, out, 0);
    expect(out[5]).toBeCloseTo(-70 + (100 * 5) / 100, 9);
    expect(set.definitions[5]).toMatchObject({
      name: 'v5',
      unit: 'mV',
      description: 'Mean voltage from 5 to 6 ms',
    });
  });
});

describe('the summary of a trace', () => {
  const names = traceSummary.map(({ name }) => name);
  const summary = (trace: number[]) =>
    Object.fromEntries(
      [...summariseTraces(Float64Array.from(trace), trace.length)].map((v, f) => [names[f]!, v]),
    );

  it('describes its samples', () => {
    expect(summary([0, 0, 4, 0])).toMatchObject({ traceMean: 1, traceMin: 0, traceMax: 4 });
    expect(summary([0, 0, 4, 0]).traceSd).toBeCloseTo(Math.sqrt(3), 12);
    expect(summary([0, 0, 4, 0]).traceRoughness).toBeCloseTo(Math.sqrt(32 / 3), 12);
    expect(summary([0, 0, 4, 4]).traceRoughness).toBeLessThan(summary([0, 4, 0, 4]).traceRoughness!);
  });

  it('has no shape where nothing changes, and keeps a row that is missing missing', () => {
    expect(summary([3, 3, 3]).traceSkew).toBeNaN();
    expect(Object.values(summary([NaN, NaN, NaN])).every(Number.isNaN)).toBe(true);
    const two = summariseTraces(Float64Array.of(1, 2, 5, 5), 2);
    expect([two[0], two[names.length]]).toEqual([1.5, 5]);
  });
});
