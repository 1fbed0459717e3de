import { describe, expect, it } from 'vitest';
import type { ModelFile } from '../../../main/contract/model.ts';
import { listModels, loadModel } from '../../../main/model/neuron-model.ts';
import { parseModel } from '../../../main/model/parsed-model.ts';
import { systemOf } from '../../../main/model/system.ts';
import { NeuronSimulator, type NeuronTask } from '../../../main/simulate/neuron-simulator.ts';
import { protocolFromFile } from '../../../main/simulate/protocol.ts';
import { referenceTrace } from '../../../main/simulate/reference-simulator.ts';
import { languageModels } from './language-models.ts';

const builtIn = await Promise.all((await listModels()).map(async ({ name }) => (await loadModel(name)).file));
const initialMv: Record<string, number> = { 'fitzhugh-nagumo': -1, 'pinsky-rinzel': -60 };
const amplitude: Record<string, number> = {
  'fitzhugh-nagumo': 0.5,
  'morris-lecar': 100,
  izhikevich: 10,
  'connor-stevens': 12,
  'fluctuating-conductances': 1,
};

function task(model: ModelFile, durationMs: number, dtMs = 0.025): NeuronTask {
  const names = model.parameters.map(({ name }) => name);
  // The last parameter is fixed: constants are folded into the code.
  const fixed = { [names.at(-1)!]: model.parameters.at(-1)!.reference! };
  const protocol = protocolFromFile({
    dtMs,
    durationMs,
    initialMv: initialMv[model.name] ?? -68,
    stimulus: [{ startMs: 2, endMs: durationMs, uAPerCm2: amplitude[model.name] ?? 3.3 }],
  });
  return { model, free: names.slice(0, -1), fixed, protocol, precision: 'f64', strict: true };
}
const thetaOf = ({ model, free }: NeuronTask): Float64Array =>
  Float64Array.from(free, (name) => model.parameters.find((p) => p.name === name)!.reference!);

function compiledTrace(t: NeuronTask, theta: Float64Array): Float64Array {
  const simulator = new NeuronSimulator(t);
  simulator.simulate({ theta, first: 0, count: 1, seed: 4, stream: 2, firstIndex: 7 });
  return Float64Array.from(simulator.trace(0));
}
const worst = (a: Float64Array, b: Float64Array): number =>
  a.reduce((w, v, i) => Math.max(w, Math.abs(v - b[i]!)), 0);

describe.each([...builtIn, ...languageModels].map((model) => [model.name, model] as const))(
  '%s',
  (name, model) => {
    it('has the reference simulator’s voltages when compiled', () => {
      const t = task(model, 60);
      const theta = thetaOf(t);
      const expected = referenceTrace(t, theta, { seed: 4, stream: 2, index: 7 });
      const swing = Math.max(...expected) - Math.min(...expected);
      expect(swing).toBeGreaterThan(name === 'fitzhugh-nagumo' ? 0.5 : 5);
      for (const strict of [true, false])
        // The plain closures' exprelr leaves out 8e-10 near its singularity, which a spike's upstroke amplifies.
        expect(worst(compiledTrace({ ...t, strict }, theta), expected)).toBeLessThan(2e-4);
      // Single precision, while the way from the initial voltage is a few milliseconds long.
      const short = task(model, 6);
      const start = referenceTrace(short, theta, { seed: 4, stream: 2, index: 7 });
      for (const strict of [true, false])
        expect(worst(compiledTrace({ ...short, precision: 'f32', strict }, theta), start)).toBeLessThan(5e-3);
    });
  },
);

describe('the integration schemes', () => {
  it('are staggered where variables depend on the voltage alone, and the midpoint scheme elsewhere', () => {
    const midpoint = [...builtIn, ...languageModels].filter(
      (model) => !systemOf(parseModel(model)).staggered,
    );
    expect(midpoint.map(({ name }) => name)).toEqual([
      'pinsky-rinzel',
      'calcium-pool',
      'two-compartments',
      'spikes-of-coupled-states',
    ]);
  });
  it.each(['shared-gates', 'calcium-pool', 'two-compartments', 'fitzhugh-nagumo'])(
    'are of second order for %s: half the step, a quarter of the error',
    (name) => {
      const model = languageModels.find((m) => m.name === name)!;
      const end = (dtMs: number): number => {
        const t = task(model, 21, dtMs);
        return compiledTrace(t, thetaOf(t)).at(-1)!;
      };
      const [coarse, fine, finest] = [end(0.1), end(0.05), end(0.003125)];
      const ratio = (coarse - finest) / (fine - finest);
      expect(ratio).toBeGreaterThan(3);
      expect(ratio).toBeLessThan(5.5);
    },
  );
  it('give a fluctuating conductance the variance of its Ornstein–Uhlenbeck process at any time step', () => {
    const model: ModelFile = {
      ...languageModels.find((m) => m.name === 'fluctuating-conductances')!,
      // V follows the process with a time constant of 1/1000 ms: the trace is the process.
      channels: [{ name: 'exc', conductance: '1000', reversal: 'ge * 1000 + 0 * gl', gates: [] }],
      states: [
        {
          name: 'ge',
          unit: 'mS/cm²',
          initial: 'g0',
          derivative: '(g0 - ge) / tauE',
          noise: 'sigma * sqrt(2 / tauE)',
        },
      ],
    };
    delete (model as { noise?: string }).noise;
    model.states![0]!.unit = '';
    for (const dtMs of [0.1, 1]) {
      const t = task(model, 40_000 * dtMs, dtMs);
      const trace = compiledTrace(
        { ...t, protocol: { ...t.protocol, currentDensity: new Float64Array(t.protocol.steps) } },
        thetaOf(t),
      ).subarray(100);
      const mean = trace.reduce((s, v) => s + v, 0) / trace.length;
      const sd = Math.sqrt(trace.reduce((s, v) => s + (v - mean) ** 2, 0) / trace.length);
      // g0 = 0.02 and σ = 0.01 (the last parameter, held at its reference), in units of 1/1000; 40,000 samples, correlated over 2.7 ms.
      expect(mean).toBeGreaterThan(18.5);
      expect(mean).toBeLessThan(21.5);
      expect(sd).toBeGreaterThan(9);
      expect(sd).toBeLessThan(11);
    }
  });
});

describe('a spike rule', () => {
  const model = languageModels.find(({ name }) => name === 'refractory-integrate-and-fire')!;
  it('holds the voltage for the refractory time and shows the peak at each spike', () => {
    const t = task(model, 60);
    const trace = compiledTrace(t, thetaOf(t));
    const spikes = [...trace.keys()].filter((i) => trace[i] === 25);
    expect(spikes.length).toBeGreaterThan(3);
    for (const at of spikes) {
      // 2.01 ms are 80 whole steps and a part of another, of which the crossing took its own.
      const held = trace.subarray(at + 1, at + 80);
      expect(held.every((v) => v === -65)).toBe(true);
      expect(trace[at + 82]).toBeGreaterThan(-65);
    }
  });
  it('gives the closed-form period of an integrate-and-fire cell to a thousandth of a time step', () => {
    const fixed: ModelFile = {
      ...model,
      states: [],
      spike: { threshold: '-50', peak: '25', reset: { V: '-65' }, refractory: 'tRef' },
    };
    const t = task(fixed, 200, 0.1);
    const trace = compiledTrace(t, thetaOf(t));
    const spikes = [...trace.keys()].filter((i) => trace[i] === 25);
    const meanPeriod = ((spikes.at(-1)! - spikes[0]!) * 0.1) / (spikes.length - 1);
    // τ = C/g = 10 ms; V∞ = −70 + 3.3/0.1.
    const exact = 2.01 + 10 * Math.log((-37 + 65) / (-37 + 50));
    // The spikes are seen on the grid: one step over all periods.
    expect(Math.abs(meanPeriod - exact)).toBeLessThan(0.1 / (spikes.length - 1));
  });
  it('stays within bounds where the reset value lies on the upstroke', async () => {
    const { file } = await loadModel('adex');
    const t = task(file, 60);
    const theta = thetaOf(t);
    theta[t.free.indexOf('vT')] = -59;
    theta[t.free.indexOf('deltaT')] = 0.5;
    const fast = { ...t, fixed: { vReset: -50 } };
    for (const precision of ['f64', 'f32'] as const) {
      const trace = compiledTrace({ ...fast, precision }, theta);
      expect(trace.every((v) => v >= -120 && v <= 20)).toBe(true);
      expect(trace.filter((v) => v === 20).length).toBeGreaterThan(5);
    }
    const plain = referenceTrace(fast, theta, null);
    expect(plain.every((v) => v >= -120 && v <= 20)).toBe(true);
  });
});
