import { describe, expect, it } from 'vitest';
import type { FeatureSetName } from '../../../main/contract/config.ts';
import type { FeatureInput } from '../../../main/features/feature.ts';
import { featureSet } from '../../../main/features/feature-set.ts';

const dtMs = 0.1;

function input(voltage: (t: number) => number, change: Partial<FeatureInput> = {}): FeatureInput {
  return {
    voltageMv: Float64Array.from({ length: 4000 }, (_, i) => voltage(i * dtMs)),
    dtMs,
    stepStartMs: 100,
    stepEndMs: 300,
    stepAmplitude: 100,
    ...change,
  };
}

function valuesOf(name: FeatureSetName, trace: FeatureInput): Record<string, number> {
  const set = featureSet(name);
  const out = new Float64Array(set.definitions.length + 2).fill(7);
  set.compute(trace, out, 1);
  expect([out[0], out.at(-1)]).toEqual([7, 7]); // nothing is written beside the set's own values
  return Object.fromEntries(set.definitions.map((definition, i) => [definition.name, out[i + 1]!]));
}

/** Rest −70; spikes of 1 ms rise to +30 at these times, and an after-hyperpolarisation to −75 that fades in 10 ms. */
function spiking(at: readonly number[], base = -55) {
  return (t: number) => {
    const spike = at.findLast((peak) => t >= peak - 1);
    const level = t > 100 && t < 300 ? base : -70;
    if (spike === undefined || t > spike + 11) return level;
    if (t <= spike) return level + (30 - level) * (t - spike + 1);
    if (t <= spike + 1) return 30 - 105 * (t - spike);
    return -75 + ((level + 75) * (t - spike - 1)) / 10;
  };
}

describe('featureSet', () => {
  it('has every set of the contract, the trace itself only with its bins', () => {
    expect(() => featureSet('trace')).toThrow(expect.objectContaining({ code: 'usage' }));
    expect(featureSet('trace', { stepMs: 1, samples: 3 }).definitions.map(({ name }) => name)).toEqual([
      'v0',
      'v1',
      'v2',
    ]);
    for (const name of ['moments', 'spikes', 'subthreshold', 'all'] as const) {
      const set = featureSet(name);
      const names = set.definitions.map((definition) => definition.name);
      expect(set.name).toBe(name);
      expect(new Set(names).size).toBe(names.length);
      expect(set.definitions.every((definition) => definition.description.length > 5)).toBe(true);
    }
  });

  it('names the moments as the command line promises', () => {
    const names = featureSet('moments').definitions.map((definition) => definition.name);
    expect(names.join(' ')).toBe('spikeCount restMean restStd stimMean stimVar stimSkew stimKurt');
  });

  it('joins the sets without saying anything twice', () => {
    const trace = input(spiking([120, 150, 190]));
    const all = valuesOf('all', trace);
    expect(all).toMatchObject({ ...valuesOf('subthreshold', trace), ...valuesOf('spikes', trace) });
    expect(all.stimKurt).toBe(valuesOf('moments', trace).stimKurt);
    expect(Object.keys(all)).toHaveLength(6 + 21 + 4);
  });
});

describe('spike features', () => {
  it('measures a known spike train', () => {
    const values = valuesOf('spikes', input(spiking([120, 150, 190, 240])));
    expect(values).toMatchObject({ spikeCount: 4, meanRate: 20, depolarisationBlock: 0, burstCount: 0 });
    expect(values.latency).toBeCloseTo(19, 0);
    expect(values.firstIsi).toBeCloseTo(30, 6);
    expect(values.meanIsi).toBeCloseTo(40, 6);
    expect(values.isiRatio).toBeCloseTo(5 / 3, 6);
    expect(values.adaptation).toBeCloseTo((10 / 70 + 10 / 90) / 2, 6);
    expect(values.isiCv).toBeCloseTo(Math.sqrt(200 / 3) / 40, 6);
    expect(values.peak).toBeCloseTo(30, 6);
    expect(values.maxUpstroke).toBeCloseTo(85, 6);
    expect(values.maxDownstroke).toBeCloseTo(-105, 6);
    expect(values.ahpTime).toBeCloseTo(1, 6);
    expect(values.ahpDepth).toBeCloseTo(20, 6);
    expect(values.halfWidth).toBeCloseTo(52.5 / 85 + 0.5, 6);
  });

  it('leaves undefined in a silent sweep what needs spikes, and counts zero', () => {
    const { spikeCount, meanRate, burstCount, depolarisationBlock, ...rest } = valuesOf(
      'spikes',
      input(() => -70),
    );
    expect({ spikeCount, meanRate, burstCount, depolarisationBlock }).toEqual({
      spikeCount: 0,
      meanRate: 0,
      burstCount: 0,
      depolarisationBlock: 0,
    });
    expect(Object.values(rest).every(Number.isNaN)).toBe(true);
  });

  it('needs two spikes for an interval and three for its change', () => {
    const one = valuesOf('spikes', input(spiking([120])));
    expect([one.firstIsi, one.interSpikeVoltage, one.adaptation].every(Number.isNaN)).toBe(true);
    const two = valuesOf('spikes', input(spiking([120, 150])));
    expect(two.firstIsi).toBeCloseTo(30, 6);
    expect(Number.isNaN(two.adaptation)).toBe(true);
  });

  it('counts bursts and recognises a depolarisation block', () => {
    expect(valuesOf('spikes', input(spiking([110, 123, 160, 200, 213, 250, 290]))).burstCount).toBe(2);
    expect(valuesOf('spikes', input(spiking([110, 125], -35))).depolarisationBlock).toBe(1);
  });
});

describe('subthreshold features', () => {
  const charging = (t: number) =>
    t < 100 ? -70 : t < 300 ? -70 - 12 * (1 - Math.exp(-(t - 100) / 15)) : -70;

  it('measures a passive response', () => {
    const values = valuesOf('subthreshold', input(charging, { stepAmplitude: -2 }));
    expect(values.restMean).toBeCloseTo(-70, 9);
    expect(values.restStd).toBe(0);
    expect(values.steadyVoltage).toBeCloseTo(-82, 3);
    expect(values.inputResistance).toBeCloseTo(6, 3);
    expect(values.timeConstant).toBeCloseTo(15, 2);
    // without a sag the steady state is the lowest voltage
    expect(values.sag).toBeCloseTo(0, 3);
  });

  it('measures a sag, in hyperpolarising steps only', () => {
    const sagging = (t: number) =>
      charging(t) + (t > 100 && t < 300 ? 4 * (1 - Math.exp(-(t - 100) / 60)) : 0);
    const values = valuesOf('subthreshold', input(sagging, { stepAmplitude: -2 }));
    // lowest −79.31 mV at 20 ln 12 ms, mean of the last tenth −78.17 mV: 1.14/9.31
    expect(values.sag).toBeCloseTo(0.1225, 3);
    expect(valuesOf('subthreshold', input(sagging, { stepAmplitude: 2 })).sag).toBeNaN();
  });

  it('has no resistance without current and no time constant without an exponential', () => {
    expect(valuesOf('subthreshold', input(charging, { stepAmplitude: 0 })).inputResistance).toBeNaN();
    expect(
      valuesOf(
        'subthreshold',
        input(() => -70),
      ).timeConstant,
    ).toBeNaN();
    expect(valuesOf('subthreshold', input(spiking([110, 130, 150]))).timeConstant).toBeNaN();
  });
});
