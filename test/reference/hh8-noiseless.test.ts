import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { featureSet } from '../../main/features/feature-set.ts';
import { spikeTimesMs } from '../../main/features/moments.ts';
import { loadModel } from '../../main/model/neuron-model.ts';
import { NeuronSimulator } from '../../main/simulate/neuron-simulator.ts';
import { protocolFromFile } from '../../main/simulate/protocol.ts';

/**
 * 60 parameter sets of the 8-parameter Hodgkin–Huxley model without noise, dt 0.01 ms, computed in double precision by an
 * independent program (exponential Euler in the same order): test/reference/data/hh8-noiseless.csv.
 */
const lines = readFileSync(new URL('data/hh8-noiseless.csv', import.meta.url), 'utf8')
  .trim()
  .split(/\r?\n/);
const header = lines[0]!.split(',');
const rows = lines.slice(1).map((line) => {
  const cells = line.split(',');
  return {
    value: (name: string): number => Number(cells[header.indexOf(name)]),
    spikeTimesMs: (cells[header.indexOf('spikeTimesMs')] ?? '').split(' ').filter(Boolean).map(Number),
  };
});
const { file: model } = await loadModel('hh8');
const free = model.parameters.map((p) => p.name);
const theta = Float64Array.from(
  rows.flatMap((r) => free.map((name) => (name === 'sigma' ? 0 : r.value(name)))),
);
const protocol = protocolFromFile({
  dtMs: 0.01,
  durationMs: 120,
  initialMv: -70,
  stimulus: [{ startMs: 10, endMs: 110, uAPerCm2: 3.24806 }],
});
const moments = featureSet('moments');

function simulated(precision: 'f32' | 'f64', strict: boolean) {
  const simulator = new NeuronSimulator({ model, free, fixed: {}, protocol, precision, strict });
  return rows.map((reference, row) => {
    const inGroup = row % simulator.lanes;
    if (inGroup === 0) {
      const count = Math.min(simulator.lanes, rows.length - row);
      simulator.simulate({ theta, first: row, count, seed: 1, stream: 0, firstIndex: 0 });
    }
    const voltageMv = simulator.trace(inGroup);
    const { stepStartMs, stepEndMs, stepAmplitude } = protocol;
    const input = { voltageMv, dtMs: 0.01, stepStartMs, stepEndMs, stepAmplitude };
    const features = new Float64Array(moments.definitions.length);
    moments.compute(input, features, 0);
    const value = (name: string): number => features[moments.definitions.findIndex((d) => d.name === name)]!;
    const peak = Float64Array.from(voltageMv).reduce((a, b) => Math.max(a, b));
    return { reference, value, times: spikeTimesMs(input), vMax: peak, vEnd: voltageMv.at(-1)! };
  });
}

describe('the compiled hh8 model in double precision', () => {
  const results = simulated('f64', false);
  it('has the spike counts of all 60 reference sets', () => {
    expect(results.map((r) => r.value('spikeCount'))).toEqual(rows.map((r) => r.value('spikeCount')));
  });
  it('has their spike times within 0.02 ms', () => {
    for (const { reference, times } of results) {
      expect(times.length).toBe(reference.spikeTimesMs.length);
      times.forEach((ms, i) => expect(Math.abs(ms - reference.spikeTimesMs[i]!)).toBeLessThan(0.02));
    }
  });
  it.each(['restMean', 'restStd', 'stimMean', 'stimVar', 'stimSkew', 'stimKurt'])(
    'has their %s within 1e-3',
    (name) => {
      // Relative for every value: the smallest in the file (restStd 0.003 mV) is far above the double's rounding.
      for (const { reference, value } of results)
        expect(Math.abs(value(name) / reference.value(name) - 1)).toBeLessThan(1e-3);
    },
  );
  it('ends at their last voltage, at t = 120 ms, and reaches their highest', () => {
    for (const { reference, vEnd, vMax } of results) {
      // Agreement on the sample's time: one sample earlier differs by up to 0.6 %.
      expect(Math.abs(vEnd / reference.value('vEnd') - 1)).toBeLessThan(1e-4);
      expect(Math.abs(vMax - reference.value('vMax'))).toBeLessThan(1e-3);
    }
  });
});

describe.each([
  ['relaxed', false],
  ['strict', true],
])('the compiled hh8 model in single precision, %s', (_, strict) => {
  const results = simulated('f32', strict);
  it('has the spike counts of at least 59 of the 60 reference sets, and their spike times within 0.2 ms', () => {
    const agreeing = results.filter((r) => r.value('spikeCount') === r.reference.value('spikeCount'));
    expect(agreeing.length).toBeGreaterThanOrEqual(59);
    for (const { reference, times } of agreeing)
      times.forEach((ms, i) => expect(Math.abs(ms - reference.spikeTimesMs[i]!)).toBeLessThan(0.2));
  });
  it('has their moments within 5e-3', () => {
    // Rounding of V (4e-6 mV) in the smallest restStd (0.003 mV) is 1e-3; spike shapes are sampled every 0.01 ms.
    for (const { reference, value } of results)
      for (const name of ['restMean', 'restStd', 'stimMean', 'stimVar', 'stimSkew', 'stimKurt'])
        expect(Math.abs(value(name) / reference.value(name) - 1)).toBeLessThan(5e-3);
  });
});
