import type { Expression } from '../model/expression.ts';
import type { System, SystemVariable, SystemVoltage } from '../model/system.ts';
import { type DagNode, ExpressionDag } from './expression-dag.ts';
import { nodesOf } from './expression-nodes.ts';

/** Expressions as nodes, at one moment: every voltage and variable has a node there. */
export type Moment = (expression: Expression) => DagNode;

/** y' = drive − perMs·y = perMs·(steady − y) */
export interface Relaxation {
  steady: DagNode;
  perMs: DagNode;
  drive: DagNode;
}

/**
 * How e^{−z} of a relaxation is computed. 'exponential': as it is. 'rational': 1/(1 + z + z²/2! + z³/3! + z⁴/4!), for single precision:
 * off by z⁵/5! of itself, which is less than rounding below z = .1, a fifth of the instructions, and one division for steady
 * state and decay together. It lies in (0, 1) for every z > 0 and goes to 0 as z grows, so that fast gates follow their steady
 * state and nothing rings.
 */
export type Decay = 'exponential' | 'rational';

/** What the integration schemes are put together from. */
export class StepParts {
  readonly dag = new ExpressionDag();
  readonly system: System;
  readonly dtMs: number;
  readonly voltageRows: readonly string[];
  readonly shownRow: number;
  /** −1 without a refractory time. */
  readonly refractoryRow: number;
  readonly noises: number;
  readonly #parameters = new Map<string, DagNode>();
  readonly #decay: Decay;

  constructor(
    system: System,
    free: readonly string[],
    fixed: Readonly<Record<string, number>>,
    dtMs: number,
    decay: Decay,
  ) {
    this.#decay = decay;
    this.system = system;
    this.dtMs = dtMs;
    this.voltageRows = system.voltages.map(({ name }) => name);
    const rows = system.voltages.length + system.variables.length;
    this.shownRow = system.spike ? rows : system.recorded;
    this.refractoryRow = system.spike?.refractory ? rows + 1 : -1;
    const noisy = system.variables.filter((v) => v.kind === 'state' && v.noise !== null).length;
    this.noises = (system.noise ? 1 : 0) + noisy;
    for (const [name, value] of Object.entries(fixed)) this.#parameters.set(name, this.dag.constant(value));
    free.forEach((name, i) => this.#parameters.set(name, this.dag.leaf('parameter', i)));
  }

  constant(value: number): DagNode {
    return this.dag.constant(value);
  }
  /** The row of a variable. */
  row(variable: number): number {
    return this.system.voltages.length + variable;
  }
  /** The value at the beginning of the step, by name. */
  state(name: string): DagNode {
    const voltage = this.voltageRows.indexOf(name);
    if (voltage >= 0) return this.dag.leaf('state', voltage);
    return this.dag.leaf('state', this.row(this.system.variables.findIndex((v) => v.name === name)));
  }

  /** @param valueOf the node of a voltage or variable */
  moment(valueOf: (name: string) => DagNode): Moment {
    const known = new Map(this.#parameters);
    const nodeOf = (name: string): DagNode => {
      let node = known.get(name);
      if (!node) {
        const assigned = this.system.assigned.find((a) => a.name === name);
        node = assigned ? nodesOf(this.dag, assigned.expression, nodeOf) : valueOf(name);
        known.set(name, node);
      }
      return node;
    };
    return (expression) => nodesOf(this.dag, expression, nodeOf);
  }

  /**
   * old → steady with a rate, for a time: steady + (old − steady)·e^{−z}, z = rate·ms. With e^{−z} = 1/P(z), P = 1 + z·Q(z), that is
   * old + (drive·ms − z·old)·Q(z)/P(z): the steady state needs no division of its own, the rate may be 0, and what is rounded is the
   * small change, not the value.
   */
  relaxed(old: DagNode, { steady: target, perMs, drive }: Relaxation, ms: number): DagNode {
    const { dag } = this;
    if (this.#decay === 'rational') {
      const z = dag.multiply(perMs, dag.constant(ms));
      const term = (coefficient: number, rest: DagNode) => dag.add(dag.multiply(z, rest), dag.constant(coefficient)); // prettier-ignore
      const q = term(1, term(1 / 2, term(1 / 6, dag.constant(1 / 24))));
      const change = dag.subtract(dag.multiply(drive, dag.constant(ms)), dag.multiply(z, old));
      return dag.add(dag.divide(dag.multiply(change, q), dag.add(dag.multiply(z, q), dag.constant(1))), old);
    }
    const decay = dag.unary('exp', dag.multiply(perMs, dag.constant(-ms)));
    return dag.add(target, dag.multiply(dag.subtract(old, target), decay));
  }
  /** h·φ₁(h·slope)·change, φ₁(z) = (e^z − 1)/z: the way of y' = change + slope·(y − y₀) in the time h. */
  advance(change: DagNode, slope: DagNode, ms: DagNode): DagNode {
    const { dag } = this;
    return dag.divide(dag.multiply(change, ms), dag.exprelr(dag.multiply(slope, ms)));
  }

  /** The current into a compartment from outside, per area of it. */
  injected(voltage: number, at: Moment): DagNode {
    if (voltage !== this.system.stimulated) return this.constant(0);
    const current = this.dag.leaf('current');
    const { area } = this.system.voltages[voltage]!;
    return area ? this.dag.divide(current, at(area)) : current;
  }
  /** V∞ = (Σ g·E + I)/G and the rate G/C. */
  target(voltage: SystemVoltage, injected: DagNode, at: Moment): Relaxation {
    const { dag } = this;
    let conductance = dag.constant(0);
    let drive = injected;
    for (const term of voltage.terms) {
      let g = at(term.conductance);
      for (const gate of term.gates)
        g = dag.multiply(g, at({ kind: 'binary', operator: '^', left: { kind: 'name', name: gate.name, at: 0 }, right: gate.power })); // prettier-ignore
      conductance = dag.add(conductance, g);
      drive = dag.add(drive, dag.multiply(g, at(term.reversal)));
    }
    const capacitance = at(this.system.capacitance);
    return {
      steady: dag.divide(drive, conductance),
      perMs: dag.divide(conductance, capacitance),
      drive: dag.divide(drive, capacitance),
    };
  }
  /** dV/dt and its derivative with respect to V, where V's own equation is not linear. */
  change(
    { outward, slope }: NonNullable<SystemVoltage['nonlinear']>,
    injected: DagNode,
    at: Moment,
  ): { change: DagNode; slope: DagNode } {
    const { dag } = this;
    const capacitance = at(this.system.capacitance);
    return {
      change: dag.divide(dag.subtract(injected, at(outward)), capacitance),
      slope: dag.divide(dag.negate(at(slope)), capacitance),
    };
  }

  /** x∞ and 1/τ of a gate. */
  kinetics(gate: Extract<SystemVariable, { kind: 'gate' }>, at: Moment): Relaxation {
    const { dag } = this;
    const { kinetics } = gate;
    const scaled = (perMs: DagNode) => (kinetics.speed ? dag.multiply(perMs, at(kinetics.speed)) : perMs);
    if (kinetics.kind === 'rates') {
      const alpha = at(kinetics.alpha);
      const perMs = dag.add(alpha, at(kinetics.beta));
      return { steady: dag.divide(alpha, perMs), perMs: scaled(perMs), drive: scaled(alpha) };
    }
    const steady = at(kinetics.inf);
    const perMs = scaled(dag.divide(dag.constant(1), at(kinetics.tau)));
    return { steady, perMs, drive: dag.multiply(steady, perMs) };
  }

  /** σ/√dt of the noise current. */
  noiseScale(): DagNode | null {
    const { noise } = this.system;
    if (!noise) return null;
    const at = this.moment(() => {
      throw new Error('The noise current depends on parameters alone.');
    });
    return this.dag.multiply(at(noise), this.constant(1 / Math.sqrt(this.dtMs)));
  }
  /**
   * What a state's own noise adds in a step: σ·√(dt·φ₁(2·slope·dt))·ξ, exact for an Ornstein–Uhlenbeck process (Gillespie 1996);
   * null without.
   */
  ownNoise(variable: SystemVariable, slope: DagNode, at: Moment): DagNode | null {
    if (variable.kind !== 'state' || variable.noise === null) return null;
    const { dag } = this;
    const noisy = this.system.variables.filter((v) => v.kind === 'state' && v.noise !== null);
    const index = (this.system.noise ? 1 : 0) + noisy.indexOf(variable);
    const twice = dag.multiply(slope, this.constant(2 * this.dtMs));
    const variance = dag.divide(this.constant(this.dtMs), dag.exprelr(twice));
    return dag.multiply(
      dag.multiply(at(variable.noise), dag.unary('sqrt', variance)),
      dag.leaf('noise', index),
    );
  }
}
