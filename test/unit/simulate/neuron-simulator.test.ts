import { describe, expect, it } from 'vitest';
import { NeuronSimulator, type NeuronTask } from '../../../main/simulate/neuron-simulator.ts';
import { referenceTrace } from '../../../main/simulate/reference-simulator.ts';
import { neuronTask, priorDraws, stepProtocol } from './hh8-fixture.ts';

const name = { seed: 4, stream: 2 };

/** All traces of a task, simulated in groups of a chosen number of vectors. */
function tracesOf(
  task: NeuronTask,
  theta: Float64Array,
  vectors?: number,
  groupSize?: number,
): Float64Array[] {
  const simulator = vectors === undefined ? new NeuronSimulator(task) : new NeuronSimulator(task, vectors);
  const n = theta.length / task.free.length;
  const size = groupSize ?? simulator.lanes;
  const traces: Float64Array[] = [];
  for (let first = 0; first < n; first += size) {
    const count = Math.min(size, n - first);
    simulator.simulate({ theta, first, count, ...name, firstIndex: 100 });
    for (let i = 0; i < count; i++) traces.push(Float64Array.from(simulator.trace(i)));
  }
  return traces;
}
const largestDifference = (a: Float64Array, b: Float64Array): number =>
  a.reduce((worst, v, i) => Math.max(worst, Math.abs(v - b[i]!)), 0);

describe.each(['hh8', 'hh12'])('the compiled %s model', (model) => {
  it.each([true, false])(
    'follows the plain TypeScript model in double precision, with noise (strict: %s)',
    async (strict) => {
      const task = await neuronTask({ precision: 'f64', strict }, model);
      const theta = priorDraws(task.model, 12);
      const dimension = task.free.length;
      tracesOf(task, theta).forEach((trace, i) => {
        const own = theta.subarray(i * dimension, (i + 1) * dimension);
        const expected = referenceTrace(task, own, { ...name, index: 100 + i });
        // Shared exponentials round differently (1e-15 a step); a spike's upstroke amplifies that by about 1e4.
        expect(largestDifference(trace, expected)).toBeLessThan(1e-6);
      });
    },
  );
  it('stays near it in single precision where no spike amplifies the rounding', async () => {
    const task = await neuronTask({ precision: 'f32', strict: false }, model);
    const theta = priorDraws(task.model, 32);
    const dimension = task.free.length;
    let silent = 0;
    tracesOf(task, theta).forEach((trace, i) => {
      const own = theta.subarray(i * dimension, (i + 1) * dimension);
      const expected = referenceTrace(task, own, { ...name, index: 100 + i });
      if (expected.some((v) => v > -45)) return;
      silent++;
      // 1.4e-3 mV was measured over 200 sets of the prior.
      expect(largestDifference(trace, expected)).toBeLessThan(5e-3);
    });
    expect(silent).toBeGreaterThan(5);
  });
});

describe('NeuronSimulator', () => {
  it.each(['f32', 'f64'] as const)('gives the same bits in any grouping (%s, strict)', async (precision) => {
    const task = await neuronTask({ precision });
    const theta = priorDraws(task.model, 21);
    const expected = tracesOf(task, theta);
    expect(tracesOf(task, theta, 2)).toEqual(expected);
    expect(tracesOf(task, theta, 4, 3)).toEqual(expected);
    if (precision === 'f32') expect(tracesOf(task, theta, 1)).toEqual(expected);
  });
  it('adds noise of the stated strength: the voltage of a leaky membrane varies as the theory says', async () => {
    // Only a leak: an Ornstein–Uhlenbeck process with variance σ²/(2 g C) in the limit of small steps.
    const { model } = await neuronTask();
    const leak = { ...model.channels[3]!, conductance: '0.2', reversal: '-70' };
    const bare = {
      ...model,
      definitions: {},
      channels: [leak],
      parameters: model.parameters.filter((p) => p.name === 'sigma'),
    };
    const protocol = { ...stepProtocol(0.05, 4000), currentDensity: new Float64Array(80_001) };
    const task: NeuronTask = {
      model: bare,
      free: ['sigma'],
      fixed: {},
      protocol,
      precision: 'f32',
      strict: true,
    };
    const theta = new Float64Array(16).fill(0.5);
    let sum = 0;
    let squares = 0;
    let n = 0;
    for (const trace of tracesOf(task, theta))
      for (let i = 2000; i < trace.length; i++) {
        sum += trace[i]! + 70;
        squares += (trace[i]! + 70) ** 2;
        n++;
      }
    const variance = squares / n - (sum / n) ** 2;
    // Correlation time C/g = 5 ms: 16 · 3900 ms / 10 ms = 6240 independent values; √(2/6240) = 1.8 %, five of them.
    expect(Math.abs(variance / (0.25 / (2 * 0.2)) - 1)).toBeLessThan(0.09);
  });
  it('simulates without noise where the model has none, whatever the seed', async () => {
    const task = await neuronTask();
    const model = { ...task.model };
    delete model.noise;
    model.parameters = model.parameters.filter((p) => p.name !== 'sigma');
    const quiet = { ...task, model, free: model.parameters.map((p) => p.name) };
    const theta = priorDraws(model, 5);
    const simulator = new NeuronSimulator(quiet);
    const run = (seed: number): Float32Array => {
      simulator.simulate({ theta, first: 0, count: 5, seed, stream: 0, firstIndex: 0 });
      return Float32Array.from(simulator.trace(4));
    };
    expect(run(1)).toEqual(run(2));
  });
  it('compiles fixed parameters as constants without changing the result', async () => {
    const task = await neuronTask({ precision: 'f64' });
    const theta = priorDraws(task.model, 4);
    const fixed = { gM: 0.1, negVT: 55 };
    const free = task.free.filter((p) => !(p in fixed));
    const all = theta.slice();
    for (let i = 0; i < 4; i++)
      for (const [p, value] of Object.entries(fixed)) all[i * 8 + task.free.indexOf(p)] = value;
    const some = Float64Array.from(
      { length: 4 * 6 },
      (_, k) => all[Math.floor(k / 6) * 8 + task.free.indexOf(free[k % 6]!)]!,
    );
    const expected = tracesOf(task, all);
    tracesOf({ ...task, free, fixed }, some).forEach((trace, i) =>
      // Folded constants round differently; a spike's upstroke amplifies that.
      expect(largestDifference(trace, expected[i]!)).toBeLessThan(1e-6),
    );
  });
  it('reports the largest voltage, and NaN for a simulation that diverged, without touching its neighbours', async () => {
    const task = await neuronTask();
    const theta = priorDraws(task.model, 3);
    const good = tracesOf(task, theta);
    theta[8 + task.free.indexOf('gl')] = NaN;
    const simulator = new NeuronSimulator(task);
    simulator.simulate({ theta, first: 0, count: 3, ...name, firstIndex: 100 });
    expect(simulator.peakMv(1)).toBeNaN();
    for (const i of [0, 2]) {
      expect(Float64Array.from(simulator.trace(i))).toEqual(good[i]);
      expect(simulator.peakMv(i)).toBe(good[i]!.reduce((peak, v) => Math.max(peak, Math.abs(v)), 0));
    }
  });
  it.each([
    ['missing', { free: ['gNa'] }, /no value is given for «gK»/],
    ['unknown', { fixed: { gX: 1 } }, /no parameter «gX»/],
    ['given twice', { fixed: { gNa: 1 } }, /«gNa» is given twice/],
  ])('refuses a parameter that is %s', async (_, change, message) => {
    const task = await neuronTask(change);
    expect(() => new NeuronSimulator(task)).toThrow(message);
  });
  it('refuses a group larger than its lanes', async () => {
    const simulator = new NeuronSimulator(await neuronTask());
    const group = { theta: new Float64Array(800), first: 0, count: 17, ...name, firstIndex: 0 };
    expect(() => simulator.simulate(group)).toThrow('1 to 16');
  });
});
