import { algebra, derivative } from './derivative.ts';
import { namesIn, partsOf, withParts, type Expression } from './expression.ts';
import type { Kinetics, ParsedGate, ParsedModel } from './parsed-model.ts';
import { voltageName } from './voltage-name.ts';

/**
 * A model as a system of differential equations over one flat set of names: what the compiler and the reference simulator read.
 * Gates of channels are «Na.m»; with several compartments, V is V_soma and a definition that depends on V is «x@soma».
 */
export interface System {
  parameters: string[];
  capacitance: Expression;
  /** Evaluated in order from parameters, voltages and variables. */
  assigned: { name: string; expression: Expression }[];
  voltages: SystemVoltage[];
  variables: SystemVariable[];
  /** Indices of voltages. */
  stimulated: number;
  recorded: number;
  noise: Expression | null;
  spike: SystemSpike | null;
  /**
   * Whether variables can be advanced half a step apart from the voltage: no variable's equation has another variable in it, and
   * there is one voltage.
   */
  staggered: boolean;
}
export interface SystemVoltage {
  name: string;
  /** Share of the membrane's area; null = all of it. */
  area: Expression | null;
  /** I = g·Πxᵖ·(V − E) */
  terms: { conductance: Expression; gates: { name: string; power: Expression }[]; reversal: Expression }[];
  /** All outward current, µA/cm², and its derivative with respect to this voltage; null where terms alone, of constant g and E, make it up. */
  nonlinear: { outward: Expression; slope: Expression } | null;
}
export type SystemVariable =
  | { kind: 'gate'; name: string; kinetics: Exclude<Kinetics, { kind: 'instantaneous' }> }
  | {
      kind: 'state';
      name: string;
      initial: Expression;
      derivative: Expression;
      /** ∂derivative/∂state */
      slope: Expression;
      noise: Expression | null;
    };
/** In terms of the recorded compartment's voltage. */
export interface SystemSpike {
  threshold: Expression;
  peak: Expression;
  resetVoltage: Expression;
  /** New values of states, by the names of variables. */
  resetStates: { name: string; expression: Expression }[];
  refractory: Expression | null;
}

export function systemOf(model: ParsedModel): System {
  const voltageNames = model.compartments.map(({ name }) => voltageName(name));
  const definitionsOf = new Map(model.definitions.map(({ name, expression }) => [name, expression]));
  const usesOwnVoltage = new Map<string, boolean>([['V', true]]);
  for (const { name, expression } of model.definitions)
    usesOwnVoltage.set(
      name,
      [...namesIn(expression).keys()].some((n) => usesOwnVoltage.get(n) === true),
    );
  const several = model.compartments.length > 1;
  const local = (name: string, c: number): string =>
    !several || usesOwnVoltage.get(name) !== true
      ? name
      : name === 'V'
        ? voltageNames[c]!
        : `${name}@${model.compartments[c]!.name}`;
  const at = (expression: Expression, c: number): Expression =>
    several ? renamed(expression, (name) => local(name, c)) : expression;

  const assigned: System['assigned'] = [];
  const meanings = new Map<string, Expression>();
  const assign = (name: string, expression: Expression): void => {
    if (meanings.has(name)) return;
    assigned.push({ name, expression });
    meanings.set(name, expression);
  };
  const meaning = (name: string): Expression | undefined => meanings.get(name);
  for (const name of definitionsOf.keys())
    model.compartments.forEach((_, c) => assign(local(name, c), at(definitionsOf.get(name)!, c)));

  const variables: SystemVariable[] = [];
  const addGate = (name: string, kinetics: Kinetics, c: number): void => {
    if (kinetics.kind === 'instantaneous') {
      assign(name, at(kinetics.inf, c));
      return;
    }
    const speed = kinetics.speed && at(kinetics.speed, c);
    variables.push({
      kind: 'gate',
      name,
      kinetics:
        kinetics.kind === 'rates'
          ? { kind: 'rates', alpha: at(kinetics.alpha, c), beta: at(kinetics.beta, c), speed }
          : { kind: 'steady', inf: at(kinetics.inf, c), tau: at(kinetics.tau, c), speed },
    });
  };
  for (const { name, kinetics, compartment } of model.gates) addGate(name, kinetics, compartment);
  const gateName = (channel: string, { name, kinetics }: ParsedGate): string =>
    kinetics.kind === 'shared' ? name : `${channel}.${name}`;
  for (const { name, compartment, gates } of model.channels)
    for (const gate of gates)
      if (gate.kinetics.kind !== 'shared') addGate(gateName(name, gate), gate.kinetics, compartment);

  const voltages = model.compartments.map(({ area }, c): SystemVoltage => {
    const channels = model.channels.filter(({ compartment }) => compartment === c);
    const terms = channels.map((channel): SystemVoltage['terms'][number] => ({
      conductance: at(channel.conductance, c),
      gates: channel.gates.map((gate) => ({ name: gateName(channel.name, gate), power: gate.power })),
      reversal: at(channel.reversal, c),
    }));
    channels.forEach(({ name }, i) => assign(`I_${name}`, termCurrent(terms[i]!, voltageNames[c]!)));
    const currents = model.currents.filter(({ compartment }) => compartment === c);
    for (const { name, current } of currents) assign(`I_${name}`, at(current, c));
    for (const { between, conductance } of model.couplings) {
      const other = between[0] === c ? between[1] : between[1] === c ? between[0] : c;
      if (other === c) continue;
      const share = area ? algebra.divide(conductance, area) : conductance;
      terms.push({ conductance: share, gates: [], reversal: algebra.name(voltageNames[other]!) });
    }
    const name = voltageNames[c]!;
    const isLinear =
      currents.length === 0 &&
      model.spike === null &&
      terms.every((term) =>
        [term.conductance, term.reversal, ...term.gates.map((gate) => algebra.name(gate.name))].every(
          (part) => !basesOf(part, meaning).has(name),
        ),
      );
    return { name, area, terms, nonlinear: isLinear ? null : nonlinear(terms, currents.map((i) => at(i.current, c)), name, meaning) }; // prettier-ignore
  });

  for (const state of model.states) {
    const own = at(state.derivative, state.compartment);
    variables.push({
      kind: 'state',
      name: state.name,
      initial: at(state.initial, state.compartment),
      derivative: own,
      slope: derivative(own, state.name, meaning),
      noise: state.noise,
    });
  }
  const isAlone = (variable: SystemVariable): boolean => {
    const parts =
      variable.kind === 'state'
        ? [variable.derivative]
        : variable.kinetics.kind === 'rates'
          ? [variable.kinetics.alpha, variable.kinetics.beta]
          : [variable.kinetics.inf, variable.kinetics.tau];
    if (variable.kind === 'gate' && variable.kinetics.speed) parts.push(variable.kinetics.speed);
    const bases = new Set(parts.flatMap((part) => [...basesOf(part, meaning)]));
    return variables.every((other) => other === variable || !bases.has(other.name));
  };
  const spikeAt = (expression: Expression): Expression => at(expression, model.recorded);
  return {
    parameters: model.parameters,
    capacitance: model.capacitance,
    assigned,
    voltages,
    variables,
    stimulated: model.stimulated,
    recorded: model.recorded,
    noise: model.noise,
    spike: model.spike && {
      threshold: spikeAt(model.spike.threshold),
      peak: model.spike.peak,
      resetVoltage: spikeAt(model.spike.reset.find(({ name }) => name === 'V')!.expression),
      resetStates: model.spike.reset
        .filter(({ name }) => name !== 'V')
        .map(({ name, expression }) => ({ name, expression: spikeAt(expression) })),
      refractory: model.spike.refractory,
    },
    staggered: voltages.length === 1 && variables.every(isAlone),
  };
}

function nonlinear(
  terms: SystemVoltage['terms'],
  currents: readonly Expression[],
  voltage: string,
  meaning: (name: string) => Expression | undefined,
): { outward: Expression; slope: Expression } {
  const all = [...terms.map((term) => termCurrent(term, voltage)), ...currents];
  const outward = all.reduce(algebra.add, algebra.number(0));
  return { outward, slope: derivative(outward, voltage, meaning) };
}

/** g·Πxᵖ·(V − E) */
function termCurrent(
  { conductance, gates, reversal }: SystemVoltage['terms'][number],
  voltage: string,
): Expression {
  const open = gates.reduce(
    (g, { name, power }) => algebra.multiply(g, algebra.power(algebra.name(name), power)),
    conductance,
  );
  return algebra.multiply(open, algebra.subtract(algebra.name(voltage), reversal));
}

function renamed(expression: Expression, to: (name: string) => string): Expression {
  if (expression.kind === 'name') return { ...expression, name: to(expression.name) };
  return withParts(
    expression,
    partsOf(expression).map((part) => renamed(part, to)),
  );
}

/** The parameters, voltages and variables that an expression depends on, through what is assigned. */
function basesOf(
  expression: Expression,
  meaning: (name: string) => Expression | undefined,
  into = new Set<string>(),
): Set<string> {
  for (const name of namesIn(expression).keys()) {
    const inner = meaning(name);
    if (inner) basesOf(inner, meaning, into);
    else into.add(name);
  }
  return into;
}
