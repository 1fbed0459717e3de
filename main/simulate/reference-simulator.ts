import { closureOf, exprelr, type Closure } from '../model/expression-closure.ts';
import type { Expression } from '../model/expression.ts';
import { parseModel } from '../model/parsed-model.ts';
import { systemOf, type System, type SystemVariable } from '../model/system.ts';
import type { NeuronTask } from './neuron-simulator.ts';
import { createNoise } from './noise.ts';

/**
 * The same model in plain TypeScript and double precision, one simulation at a time, straight from the model's expressions
 * without the compiler's graph: the oracle that the compiled model is tested against. The schemes are those of `staggeredStep`
 * and `midpointStep`, the noise that of `createNoise`.
 * @param theta [D] in the order of task.free
 * @param noise which noise stream; null = the noise-free voltage
 * @returns [steps] the voltage, mV
 */
export function referenceTrace(
  task: NeuronTask,
  theta: ArrayLike<number>,
  noise: { seed: number; stream: number; index: number } | null,
): Float64Array {
  const simulation = new PlainSimulation(task, theta);
  const draw = noise ? createNoise(noise.seed, noise.stream, noise.index) : () => 0;
  const { protocol } = task;
  const trace = new Float64Array(protocol.steps);
  for (let i = 0; i < protocol.steps; i++) {
    trace[i] = simulation.shown;
    simulation.step(protocol.currentDensity[i]!, draw);
  }
  return trace;
}

/** One variable's equation, y' = change + slope·(y − now), at the present values of all. */
interface Equation {
  name: string;
  linear(now: number): { change: number; slope: number };
}

class PlainSimulation {
  /** The voltage that the trace has at this moment. */
  shown: number;
  readonly #system: System;
  readonly #dtMs: number;
  readonly #slots: Float64Array;
  readonly #names: string[];
  readonly #assigned: { slot: number; value: Closure }[];
  readonly #voltages: Equation[];
  readonly #variables: Equation[];
  #current = 0;
  #refractoryMs = 0;

  constructor(task: NeuronTask, theta: ArrayLike<number>) {
    const system = systemOf(parseModel(task.model));
    this.#system = system;
    this.#dtMs = task.protocol.dtMs;
    this.#names = [
      ...task.free,
      ...Object.keys(task.fixed),
      ...[...system.voltages, ...system.variables, ...system.assigned].map(({ name }) => name),
    ];
    this.#slots = new Float64Array(this.#names.length);
    task.free.forEach((name, i) => this.#set(name, theta[i]!));
    for (const [name, value] of Object.entries(task.fixed)) this.#set(name, value);
    this.#assigned = system.assigned.map(({ name, expression }) => ({
      slot: this.#slot(name),
      value: this.#closure(expression),
    }));
    this.#voltages = system.voltages.map((_, i) => this.#voltageEquation(i));
    this.#variables = system.variables.map((variable) => this.#variableEquation(variable));

    const { initialMv } = task.protocol;
    for (const { name } of system.voltages) this.#set(name, initialMv);
    for (const variable of system.variables)
      if (variable.kind === 'state') {
        this.#assign();
        this.#set(variable.name, this.#closure(variable.initial)(this.#slots));
      }
    this.#assign();
    this.#variables.forEach((equation, i) => {
      if (system.variables[i]!.kind === 'state') return;
      const { change, slope } = equation.linear(0);
      this.#set(equation.name, -change / slope);
    });
    this.#assign();
    if (system.staggered) {
      const half = this.#variables.map((equation) => this.#moved(equation, this.#dtMs / 2));
      this.#variables.forEach(({ name }, i) => {
        if (system.variables[i]!.kind === 'state') this.#set(name, half[i]!);
      });
      this.#assign();
    }
    this.shown = initialMv;
  }

  step(current: number, draw: () => number): void {
    const { noise, variables } = this.#system;
    const scale = noise ? this.#value(noise) / Math.sqrt(this.#dtMs) : 0;
    this.#current = current + (noise ? scale * draw() : 0);
    const own = variables.map((v) => (v.kind === 'state' && v.noise ? draw() : 0));
    if (this.#system.staggered) this.#staggered(own);
    else this.#midpoint(own);
  }

  #staggered(noise: number[]): void {
    const { spike, voltages } = this.#system;
    const { name } = voltages[0]!;
    const before = this.#get(name);
    const freeMs = Math.max(this.#dtMs - this.#refractoryMs, 0);
    const { change, slope } = this.#voltages[0]!.linear(before);
    this.#set(name, this.#moved(this.#voltages[0]!, spike ? freeMs : this.#dtMs));
    this.#assign();
    this.shown = this.#get(name);
    if (spike)
      this.#applySpike(before, freeMs, (way) => {
        const z = (slope * way) / change;
        return Math.abs(z) < 1e-3 ? (way / change) * (1 - z / 2) : Math.log(z + 1) / slope;
      });
    const moved = this.#variables.map((equation, i) => this.#moved(equation, this.#dtMs, noise[i]!, i));
    this.#setAll(this.#variables, moved);
  }

  #midpoint(noise: number[]): void {
    const { spike, recorded } = this.#system;
    const all = [...this.#voltages, ...this.#variables];
    const freeMs = Math.max(this.#dtMs - this.#refractoryMs, 0);
    const time = (i: number): number => (spike && i === recorded ? freeMs : this.#dtMs);
    const start = all.map(({ name }) => this.#get(name));
    const middle = all.map((equation, i) => this.#moved(equation, time(i) / 2));
    if (spike) middle[recorded] = Math.min(middle[recorded]!, this.#value(spike.threshold));
    this.#setAll(all, middle);
    const end = all.map((equation, i) => {
      if (spike && i === recorded) return NaN;
      const { change, slope } = equation.linear(middle[i]!);
      const there = change + slope * (start[i]! - middle[i]!);
      const drift = start[i]! + (there * this.#dtMs) / exprelr(slope * this.#dtMs);
      const variable = i - this.#voltages.length;
      return variable < 0 ? drift : drift + this.#ownNoise(variable, slope, noise[variable]!);
    });
    if (spike) {
      // A voltage that spikes is advanced from where it is, with the rest at the middle.
      this.#set(all[recorded]!.name, start[recorded]!);
      this.#assign();
      const { change, slope } = all[recorded]!.linear(start[recorded]!);
      end[recorded] = start[recorded]! + (change * freeMs) / exprelr(slope * freeMs);
    }
    this.#setAll(all, end);
    this.shown = end[recorded]!;
    if (spike)
      this.#applySpike(
        start[recorded]!,
        freeMs,
        (way) => (freeMs * way) / (end[recorded]! - start[recorded]!),
      );
  }

  #applySpike(before: number, freeMs: number, crossingMs: (way: number) => number): void {
    const spike = this.#system.spike!;
    const recorded = this.#voltages[this.#system.recorded]!;
    const threshold = this.#value(spike.threshold);
    if (!(threshold <= this.#get(recorded.name))) {
      this.#refractoryMs = Math.max(this.#refractoryMs - this.#dtMs, 0);
      return;
    }
    const restMs = Math.min(Math.max(freeMs - crossingMs(threshold - before), 0), freeMs);
    const refractoryMs = spike.refractory ? this.#value(spike.refractory) : 0;
    this.shown = this.#value(spike.peak);
    const voltage = this.#value(spike.resetVoltage);
    const states = spike.resetStates.map(({ name, expression }) => ({
      name,
      value: this.#value(expression),
    }));
    this.#set(recorded.name, voltage);
    for (const { name, value } of states) this.#set(name, value);
    this.#assign();
    const { change } = recorded.linear(voltage);
    const started = voltage + Math.max(restMs - refractoryMs, 0) * change;
    this.#set(recorded.name, Math.min(started, threshold));
    this.#assign();
    this.#refractoryMs = Math.max(refractoryMs - restMs, 0);
  }

  #moved(equation: Equation, ms: number, noise = 0, variable = -1): number {
    const now = this.#get(equation.name);
    const { change, slope } = equation.linear(now);
    const drift = now + (change * ms) / exprelr(slope * ms);
    return variable < 0 ? drift : drift + this.#ownNoise(variable, slope, noise);
  }

  #ownNoise(index: number, slope: number, draw: number): number {
    const variable = this.#system.variables[index]!;
    if (variable.kind !== 'state' || !variable.noise) return 0;
    const dt = this.#dtMs;
    return this.#value(variable.noise) * Math.sqrt(dt / exprelr(2 * slope * dt)) * draw;
  }

  #voltageEquation(index: number): Equation {
    const { voltages, stimulated, capacitance } = this.#system;
    const { name, area, terms, nonlinear } = voltages[index]!;
    const share = area ? this.#closure(area) : () => 1;
    const perArea = this.#closure(capacitance);
    const injected = (): number => (index === stimulated ? this.#current / share(this.#slots) : 0);
    if (nonlinear) {
      const outward = this.#closure(nonlinear.outward);
      const slope = this.#closure(nonlinear.slope);
      return {
        name,
        linear: () => ({
          change: (injected() - outward(this.#slots)) / perArea(this.#slots),
          slope: -slope(this.#slots) / perArea(this.#slots),
        }),
      };
    }
    const parts = terms.map(({ conductance, reversal, gates }) => ({
      conductance: this.#closure(conductance),
      reversal: this.#closure(reversal),
      gates: gates.map((gate) => ({ slot: this.#slot(gate.name), power: this.#closure(gate.power) })),
    }));
    return {
      name,
      linear: (now) => {
        let total = 0;
        let drive = injected();
        for (const part of parts) {
          let g = part.conductance(this.#slots);
          for (const { slot, power } of part.gates) g *= this.#slots[slot]! ** power(this.#slots);
          total += g;
          drive += g * part.reversal(this.#slots);
        }
        const capacity = perArea(this.#slots);
        return { change: (drive - total * now) / capacity, slope: -total / capacity };
      },
    };
  }

  #variableEquation(variable: SystemVariable): Equation {
    const { name } = variable;
    if (variable.kind === 'state') {
      const change = this.#closure(variable.derivative);
      const slope = this.#closure(variable.slope);
      return { name, linear: () => ({ change: change(this.#slots), slope: slope(this.#slots) }) };
    }
    const { kinetics } = variable;
    const [first, second] =
      kinetics.kind === 'rates' ? [kinetics.alpha, kinetics.beta] : [kinetics.inf, kinetics.tau];
    const a = this.#closure(first);
    const b = this.#closure(second);
    const speed = kinetics.speed ? this.#closure(kinetics.speed) : () => 1;
    return {
      name,
      linear: (now) => {
        const [x, y] = [a(this.#slots), b(this.#slots)];
        const perMs = kinetics.kind === 'rates' ? x + y : 1 / y;
        const steady = kinetics.kind === 'rates' ? x / (x + y) : x;
        const slope = -perMs * speed(this.#slots);
        return { change: slope * (now - steady), slope };
      },
    };
  }

  #closure(expression: Expression): Closure {
    return closureOf(expression, (name) => this.#slot(name));
  }
  #value(expression: Expression): number {
    return this.#closure(expression)(this.#slots);
  }
  #slot(name: string): number {
    return this.#names.indexOf(name);
  }
  #get(name: string): number {
    return this.#slots[this.#slot(name)]!;
  }
  #set(name: string, value: number): void {
    this.#slots[this.#slot(name)] = value;
  }
  #setAll(equations: readonly Equation[], values: readonly number[]): void {
    equations.forEach(({ name }, i) => this.#set(name, values[i]!));
    this.#assign();
  }
  #assign(): void {
    for (const { slot, value } of this.#assigned) this.#slots[slot] = value(this.#slots);
  }
}
