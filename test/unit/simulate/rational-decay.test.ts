import { describe, expect, it } from 'vitest';
import { loadModel } from '../../../main/model/neuron-model.ts';
import { NeuronSimulator } from '../../../main/simulate/neuron-simulator.ts';
import { protocolFromFile } from '../../../main/simulate/protocol.ts';

/** hh8 with nothing but its leak: V = E + (V₀ − E)·e^{−t·g/C}, C = 1 µF/cm². */
const { file: model } = await loadModel('hh8');
function leak(precision: 'f32' | 'f64', gl: number, dtMs: number): Float32Array | Float64Array {
  const free = model.parameters.map(({ name }) => name);
  const values: Record<string, number> = {
    gNa: 0,
    gK: 0,
    gM: 0,
    gl,
    tauMax: 600,
    negVT: 60,
    sigma: 0,
    negEl: 60,
  };
  const protocol = protocolFromFile({ dtMs, durationMs: 40 * dtMs, initialMv: -80, stimulus: [] });
  const simulator = new NeuronSimulator({ model, free, fixed: {}, protocol, precision, strict: false });
  const theta = Float64Array.from(free, (name) => values[name]!);
  simulator.simulate({ theta, first: 0, count: 1, seed: 1, stream: 0, firstIndex: 0 });
  return simulator.trace(0).slice();
}

describe('relaxation in single precision', () => {
  it('is that of the exponential where a step is short beside the time constant', () => {
    for (const z of [0.001, 0.01, 0.1]) {
      const voltage = leak('f32', z / 0.025, 0.025);
      // z⁵/5! a step is 8e-8 at z = 0.1; forty roundings of −80 mV are 1.5e-4 mV at most.
      voltage.forEach((v, i) => expect(v).toBeCloseTo(-60 - 20 * Math.exp(-z * i), 3));
    }
  });

  it('goes to the steady state without ringing where a step is long', () => {
    for (const z of [2, 20, 2000]) {
      const voltage = leak('f32', z, 1);
      for (let i = 1; i < voltage.length; i++) {
        expect(voltage[i]).toBeGreaterThanOrEqual(voltage[i - 1]!);
        expect(voltage[i]).toBeLessThanOrEqual(-60 + 1e-5);
      }
      expect(voltage.at(-1)).toBeCloseTo(-60, 4);
    }
  });

  it('stays where it is without any conductance', () => {
    expect([...leak('f32', 0, 0.025)]).toEqual(new Array(41).fill(-80));
  });

  it('is left exact in double precision', () => {
    leak('f64', 80, 0.025).forEach((v, i) => expect(v).toBeCloseTo(-60 - 20 * Math.exp(-2 * i), 11));
  });
});
