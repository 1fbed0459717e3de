import { unitsAsStated } from '../../../main/contract/recording.ts';
import { describe, expect, it } from 'vitest';
import { join } from 'node:path';
import { createRandom } from '../../../main/numeric/random.ts';
import { fitExponential } from '../../../main/recording/exponential-fit.ts';
import { estimateMembrane } from '../../../main/recording/membrane.ts';
import { openRecording, type Recording } from '../../../main/recording/recording.ts';
import { analyseStimulus } from '../../../main/recording/stimulus.ts';
import { passiveVoltage, stepCurrent } from './nwb-fixture.ts';

/** A recording of passive responses (R = 200 MΩ, τ = 20 ms: C = 100 pF) at 10 kHz, noise 0.1 mV, held in memory. */
function passiveRecording(
  amplitudes: readonly number[],
  change = (v: Float32Array, _i: Float32Array) => v,
): Recording {
  const random = createRandom(5);
  const sweeps = amplitudes.map((pa) => {
    const currentPa = stepCurrent(8000, 100, 500, pa);
    const clean = change(passiveVoltage(currentPa, 200, 20), currentPa);
    return { rateHz: 10_000, voltageMv: clean.map((v) => v + 0.1 * random.normal()), currentPa };
  });
  const summary: Recording['summary'] = {
    file: 'memory',
    format: 'test',
    sha256: '',
    warnings: [],
    sweeps: sweeps.map(({ currentPa }, sweep) => ({
      sweep,
      name: `s${sweep}`,
      mode: 'current-clamp',
      usable: true,
      reason: null,
      rateHz: 10_000,
      samples: 8000,
      durationMs: 800,
      voltageMv: null,
      current: analyseStimulus(currentPa, 10_000),
      spikes: null,
    })),
  };
  return {
    file: 'memory',
    summary,
    likelyUnits: unitsAsStated,
    readSweep: (sweep, range = { start: 0, count: 8000 }) => {
      const cut = (x: Float32Array) => x.slice(range.start, range.start + range.count);
      const { rateHz, voltageMv, currentPa } = sweeps[sweep]!;
      return Promise.resolve({ rateHz, voltageMv: cut(voltageMv), currentPa: cut(currentPa) });
    },
    close: () => Promise.resolve(),
  };
}

describe('fitExponential', () => {
  it('finds the levels and the time constant of an exact exponential', () => {
    const values = Float64Array.from({ length: 500 }, (_, i) => -80 + 10 * Math.exp((-i * 0.1) / 12));
    const fit = fitExponential(values, 0.1, 1, 100);
    // the search narrows log τ to 1e-8
    expect(fit.tauMs).toBeCloseTo(12, 5);
    expect([fit.begin, fit.end, fit.r2].map((x) => Number(x.toFixed(5)))).toEqual([-70, -80, 1]);
  });

  it('calls a constant no exponential', () => {
    expect(fitExponential(new Float64Array(50).fill(-70), 0.1, 1, 100).r2).toBeNaN();
  });
});

describe('estimateMembrane', () => {
  it('measures a known membrane from the smallest adequate hyperpolarising step', async () => {
    const membrane = await estimateMembrane(passiveRecording([-100, -50, -1, 60]));
    expect(membrane).toMatchObject({ method: 'hyperpolarising-step', sweep: 1 });
    // 3 %: noise of 0.1 mV on a response of 10 mV, and the first sample lies within 0.1 ms of the onset
    expect(Math.abs(membrane!.capacitancePf / 100 - 1)).toBeLessThan(0.03);
    expect(Math.abs(membrane!.timeConstantMs! / 20 - 1)).toBeLessThan(0.03);
    expect(Math.abs(membrane!.inputResistanceMohm! / 200 - 1)).toBeLessThan(0.03);
    expect(membrane!.areaCm2).toBeCloseTo(membrane!.capacitancePf * 1e-6, 15);
  });

  it('is not misled by the electrode’s own resistance', async () => {
    const bridge = (v: Float32Array, i: Float32Array) => v.map((mv, k) => mv + 0.05 * i[k]!);
    const membrane = await estimateMembrane(passiveRecording([-50], bridge));
    expect(Math.abs(membrane!.capacitancePf / 100 - 1)).toBeLessThan(0.03);
  });

  it('falls back on the slope at a depolarising onset', async () => {
    const membrane = await estimateMembrane(passiveRecording([100]));
    expect(membrane).toMatchObject({
      method: 'onset-slope',
      inputResistanceMohm: null,
      timeConstantMs: null,
    });
    // over the first 2.3 ms of τ = 20 ms the slope has fallen by 6.5 % on average
    expect(membrane!.capacitancePf / 100).toBeGreaterThan(1);
    expect(membrane!.capacitancePf / 100).toBeLessThan(1.1);
  });

  it('answers null where no response can be told from the noise', async () => {
    expect(await estimateMembrane(passiveRecording([-0.5]))).toBeNull();
    expect(await estimateMembrane(passiveRecording([]))).toBeNull();
  });

  it('finds a plausible cortical neuron in the bundled example', async () => {
    const example = join(import.meta.dirname, '../../../resources/examples/18711001-steps.nwb');
    const recording = await openRecording(example);
    const membrane = await estimateMembrane(recording);
    await recording.close();
    expect(membrane).toMatchObject({ method: 'hyperpolarising-step', sweep: 0 });
    // SciPy's curve_fit on 0.5–150 ms of the two sweeps: τ 15.9 and 16.6 ms, R 181 and 184 MΩ, C 87.5 and 90.0 pF
    expect(membrane!.timeConstantMs).toBeGreaterThan(15);
    expect(membrane!.timeConstantMs).toBeLessThan(19);
    expect(membrane!.capacitancePf).toBeGreaterThan(80);
    expect(membrane!.capacitancePf).toBeLessThan(100);
  });
});
