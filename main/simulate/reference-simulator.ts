import { closureOf, type Closure } from '../model/expression-closure.ts';
import { parseModel } from '../model/parsed-model.ts';
import type { NeuronTask } from './neuron-simulator.ts';
import { createNoise } from './noise.ts';

/**
 * The same model in plain TypeScript and double precision, one simulation at a time, straight from the model's expressions
 * without the compiler's graph: the oracle that the compiled model is tested against. The scheme is that of
 * `modelEquations`, the noise that of `createNoise`.
 * @param theta [D] in the order of task.free
 * @param noise which noise stream; null = the noise-free voltage
 * @returns [steps] the voltage, mV
 */
export function referenceTrace(
  task: NeuronTask,
  theta: ArrayLike<number>,
  noise: { seed: number; stream: number; index: number } | null,
): Float64Array {
  const { protocol } = task;
  const model = parseModel(task.model);
  const names = ['V', ...task.free, ...Object.keys(task.fixed), ...model.definitions.map((d) => d.name)];
  const slots = new Float64Array(names.length);
  const slotOf = (name: string): number => names.indexOf(name);
  task.free.forEach((name, i) => (slots[slotOf(name)] = theta[i]!));
  for (const [name, value] of Object.entries(task.fixed)) slots[slotOf(name)] = value;

  const compile = (expression: Parameters<typeof closureOf>[0]): Closure => closureOf(expression, slotOf);
  const definitions = model.definitions.map((d) => ({ slot: slotOf(d.name), value: compile(d.expression) }));
  const setVoltage = (voltage: number): void => {
    slots[0] = voltage;
    for (const { slot, value } of definitions) slots[slot] = value(slots);
  };
  setVoltage(protocol.initialMv);
  const capacitance = compile(model.capacitance)(slots);
  const sigma = model.noise === null ? 0 : compile(model.noise)(slots);
  const channels = model.channels.map((channel) => ({
    conductance: compile(channel.conductance)(slots),
    reversal: compile(channel.reversal)(slots),
    gates: channel.gates.map(({ power, kinetics }) => {
      const rates = kinetics.kind === 'rates';
      const first = compile(rates ? kinetics.alpha : kinetics.inf);
      const second = compile(rates ? kinetics.beta : kinetics.tau);
      /** Steady state and rate 1/τ at the present voltage. */
      const kineticsNow = (): [steady: number, perMs: number] => {
        const a = first(slots);
        const b = second(slots);
        return rates ? [a / (a + b), a + b] : [a, 1 / b];
      };
      return { power, kineticsNow, x: kineticsNow()[0] };
    }),
  }));

  const draw = noise && model.noise ? createNoise(noise.seed, noise.stream, noise.index) : () => 0;
  const noiseScale = sigma / Math.sqrt(protocol.dtMs);
  const trace = new Float64Array(protocol.steps);
  let voltage = protocol.initialMv;
  for (let i = 0; i < protocol.steps; i++) {
    trace[i] = voltage;
    let total = 0;
    let drive = protocol.currentDensity[i]! + noiseScale * draw();
    for (const channel of channels) {
      let g = channel.conductance;
      for (const { x, power } of channel.gates) g *= x ** power;
      total += g;
      drive += g * channel.reversal;
    }
    const target = drive / total;
    voltage = target + (voltage - target) * Math.exp((-protocol.dtMs * total) / capacitance);
    setVoltage(voltage);
    for (const channel of channels)
      for (const gate of channel.gates) {
        const [steady, perMs] = gate.kineticsNow();
        gate.x = steady + (gate.x - steady) * Math.exp(-protocol.dtMs * perMs);
      }
  }
  return trace;
}
