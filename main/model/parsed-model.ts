import type { ModelFile } from '../contract/model.ts';
import { constantValue } from './constant-value.ts';
import type { Expression } from './expression.ts';
import { modelError, ModelNames } from './model-names.ts';
import { checkUnits } from './unit-check.ts';
import { voltageName } from './voltage-name.ts';

export type Kinetics =
  | { kind: 'rates'; alpha: Expression; beta: Expression; speed: Expression | null }
  | { kind: 'steady'; inf: Expression; tau: Expression; speed: Expression | null }
  | { kind: 'instantaneous'; inf: Expression };

export interface ParsedGate {
  name: string;
  power: Expression;
  /** One of the model's shared gates has its kinetics there. */
  kinetics: Kinetics | { kind: 'shared' };
}
export interface SharedGate {
  name: string;
  compartment: number;
  kinetics: Kinetics;
}
export interface ParsedChannel {
  name: string;
  compartment: number;
  conductance: Expression;
  reversal: Expression;
  gates: ParsedGate[];
}
export interface ParsedState {
  name: string;
  unit: string;
  compartment: number;
  initial: Expression;
  derivative: Expression;
  noise: Expression | null;
}
export interface ParsedSpike {
  threshold: Expression;
  peak: Expression;
  /** Of V and of states. */
  reset: { name: string; expression: Expression }[];
  refractory: Expression | null;
}
/** A model file whose expressions are parsed, whose names all mean something and whose units agree. */
export interface ParsedModel {
  file: ModelFile;
  parameters: string[];
  capacitance: Expression;
  /** One without a name and an area where the model names none. */
  compartments: { name: string; area: Expression | null }[];
  couplings: { between: [number, number]; conductance: Expression }[];
  stimulated: number;
  recorded: number;
  definitions: { name: string; expression: Expression }[];
  gates: SharedGate[];
  channels: ParsedChannel[];
  currents: { name: string; compartment: number; current: Expression }[];
  states: ParsedState[];
  spike: ParsedSpike | null;
  noise: Expression | null;
}

/**
 * Parses every expression of a model and checks its names and units. An expression may use the parameters, the definitions
 * before it and, where it says something about one moment, voltages, states and shared gates; docs/models.md has the rules.
 * @throws AppError model-invalid, with the place in details.key
 */
export function parseModel(model: ModelFile): ParsedModel {
  const names = new ModelNames(model);
  const refuseTwice = (list: readonly string[], what: string, key: string): void => {
    const twice = list.findIndex((name, i) => list.indexOf(name) !== i);
    if (twice >= 0)
      throw modelError(model, `${key}.${twice}`, `names the ${what} «${list[twice]!}» twice`, `Give every ${what} its own name.`); // prettier-ignore
  };
  const compartmentNames = model.compartments?.map(({ name }) => name) ?? [''];
  const compartmentOf = (name: string | undefined, otherwise: number, key: string): number => {
    const index = name === undefined ? otherwise : compartmentNames.indexOf(name);
    if (index >= 0) return index;
    throw modelError(
      model,
      key,
      `has no compartment «${name!}»`,
      model.compartments
        ? `Its compartments are ${compartmentNames.join(', ')}.`
        : 'Declare compartments, or leave this out.',
    );
  };

  names.add('V', 'dynamic', 'voltage', 'name');
  refuseTwice(compartmentNames, 'compartment', 'compartments');
  refuseTwice(model.channels.map(({ name }) => name), 'channel', 'channels'); // prettier-ignore
  model.compartments?.forEach(({ name }, i) =>
    names.add(voltageName(name), 'dynamic', 'compartment', `compartments.${i}.name`),
  );
  model.parameters.forEach(({ name }, i) => names.add(name, 'constant', 'parameter', `parameters.${i}.name`));
  model.states?.forEach(({ name }, i) => names.add(name, 'dynamic', 'state', `states.${i}.name`));
  const addGate = (i: number, kinetics?: Kinetics): void =>
    names.add(
      model.gates![i]!.name,
      'dynamic',
      'shared gate',
      `gates.${i}.name`,
      kinetics?.kind === 'instantaneous' ? kinetics.inf : undefined,
    );
  model.gates?.forEach((gate, i) => {
    if (isDynamic(gate)) addGate(i);
  });
  model.channels.forEach(({ name }, i) => addCurrent(names, name, `channels.${i}.name`));
  model.currents?.forEach(({ name }, i) => addCurrent(names, name, `currents.${i}.name`));
  const definitions = Object.entries(model.definitions).map(([name, source]) => {
    const key = `definitions.${name}`;
    const expression = names.parse(source, `the definition of ${name}`, key, 'dynamic');
    names.add(name, names.scopeOf(expression), 'definition', key, expression);
    return { name, expression };
  });

  const kineticsOf = (gate: KineticsFile, where: string, key: string): Kinetics => {
    const part = (name: keyof KineticsFile) =>
      names.parse(gate[name]!, `${name} of ${where}`, `${key}.${name}`, 'dynamic');
    const speed = gate.speed === undefined ? null : part('speed');
    if (gate.alpha !== undefined) return { kind: 'rates', alpha: part('alpha'), beta: part('beta'), speed };
    if (gate.tau !== undefined) return { kind: 'steady', inf: part('inf'), tau: part('tau'), speed };
    if (speed !== null)
      throw modelError(model, `${key}.speed`, `gives ${where} a speed, but it is instantaneous`, 'Give it tau, or leave the speed out.'); // prettier-ignore
    return { kind: 'instantaneous', inf: part('inf') };
  };
  const gates = (model.gates ?? []).map((gate, i): SharedGate => {
    const kinetics = kineticsOf(gate, `the shared gate ${gate.name}`, `gates.${i}`);
    if (!isDynamic(gate)) addGate(i, kinetics);
    return { name: gate.name, compartment: compartmentOf(gate.compartment, 0, `gates.${i}`), kinetics };
  });

  const capacitance = names.parse(model.capacitance, 'the capacitance', 'capacitance', 'constant');
  const capacity = constantValue(capacitance, names.meaning);
  if (capacity !== null && !(capacity > 0))
    throw modelError(model, 'capacitance', `has a membrane of ${capacity} µF/cm²`, 'Give it a capacitance above 0; membranes have about 1 µF/cm².'); // prettier-ignore
  const channels = model.channels.map((channel, i): ParsedChannel => {
    const key = `channels.${i}`;
    const of = `of channel ${channel.name}`;
    refuseTwice(channel.gates.map(({ name }) => name), `gate ${of}`, `${key}.gates`); // prettier-ignore
    return {
      name: channel.name,
      compartment: compartmentOf(channel.compartment, 0, key),
      conductance: names.parse(channel.conductance, `the conductance ${of}`, `${key}.conductance`, 'dynamic'),
      reversal: names.parse(channel.reversal, `the reversal potential ${of}`, `${key}.reversal`, 'dynamic'),
      gates: channel.gates.map((gate, j): ParsedGate => {
        const where = `gate ${gate.name} ${of}`;
        const power = names.parse(
          String(gate.power),
          `the power of ${where}`,
          `${key}.gates.${j}.power`,
          'constant',
        );
        const own = kineticsKeys.some((name) => gate[name] !== undefined);
        if (own) return { name: gate.name, power, kinetics: kineticsOf(gate, where, `${key}.gates.${j}`) };
        if (!gates.some(({ name }) => name === gate.name))
          throw modelError(
            model,
            `${key}.gates.${j}`,
            `has no shared gate «${gate.name}», which channel ${channel.name} names without kinetics`,
            'Give the gate alpha and beta, inf and tau, or inf; or declare it under gates.',
          );
        names.use(gate.name);
        return { name: gate.name, power, kinetics: { kind: 'shared' } };
      }),
    };
  });
  const currents = (model.currents ?? []).map(({ name, compartment, current }, i) => ({
    name,
    compartment: compartmentOf(compartment, 0, `currents.${i}`),
    current: names.parse(current, `the current ${name}`, `currents.${i}.current`, 'dynamic'),
  }));

  const states = (model.states ?? []).map((state, i): ParsedState => {
    const part = (source: string, what: string, field: string) =>
      names.parse(
        source,
        `${what} of ${state.name}`,
        `states.${i}.${field}`,
        field === 'noise' ? 'constant' : 'flux',
      );
    return {
      name: state.name,
      unit: state.unit,
      compartment: compartmentOf(state.compartment, 0, `states.${i}`),
      initial: part(state.initial, 'the initial value', 'initial'),
      derivative: part(state.derivative, 'the derivative', 'derivative'),
      noise: state.noise === undefined ? null : part(state.noise, 'the noise', 'noise'),
    };
  });
  const constant = (source: string, what: string, key: string) => names.parse(source, what, key, 'constant');
  const noise = model.noise === undefined ? null : constant(model.noise, 'the noise', 'noise');
  const parsed: ParsedModel = {
    file: model,
    parameters: model.parameters.map(({ name }) => name),
    capacitance,
    compartments: model.compartments?.map(({ name, area }, i) => ({
      name,
      area: constant(area, `the area of compartment ${name}`, `compartments.${i}.area`),
    })) ?? [{ name: '', area: null }],
    couplings: (model.couplings ?? []).map(({ between, conductance }, i) => {
      const key = `couplings.${i}`;
      if (between[0] === between[1])
        throw modelError(model, `${key}.between`, `couples the compartment «${between[0]}» with itself`, 'Name two compartments.'); // prettier-ignore
      return {
        between: [
          compartmentOf(between[0], 0, `${key}.between`),
          compartmentOf(between[1], 0, `${key}.between`),
        ],
        conductance: constant(conductance, `coupling ${i + 1}`, `${key}.conductance`),
      };
    }),
    stimulated: compartmentOf(model.stimulated, 0, 'stimulated'),
    recorded: compartmentOf(model.recorded, 0, 'recorded'),
    definitions,
    gates,
    channels,
    currents,
    states,
    spike: parseSpike(model, names),
    noise,
  };
  if (channels.length + currents.length === 0)
    throw modelError(model, 'channels', 'has neither channels nor currents', 'Give it at least one.');
  const unused = [
    ...parsed.parameters.map((name, i) => [name, `parameters.${i}`] as const),
    ...definitions.map(({ name }) => [name, `definitions.${name}`] as const),
    ...gates.map(({ name }, i) => [name, `gates.${i}`] as const),
  ].find(([name]) => !names.isUsed(name));
  if (unused !== undefined)
    throw modelError(
      model,
      unused[1],
      `never uses «${unused[0]}»`,
      'Remove it: a parameter without influence could not be inferred from any recording.',
    );
  checkUnits(parsed);
  return parsed;
}

const kineticsKeys = ['alpha', 'beta', 'inf', 'tau', 'speed'] as const;
type KineticsFile = Partial<Record<(typeof kineticsKeys)[number], string | undefined>>;
const isDynamic = (gate: KineticsFile): boolean => gate.alpha !== undefined || gate.tau !== undefined;

/** I_<name> in the states' expressions; a channel whose name no expression could use simply has none. */
function addCurrent(names: ModelNames, name: string, key: string): void {
  if (/^\w+$/.test(name)) names.add(`I_${name}`, 'flux', 'current', key);
}

function parseSpike(model: ModelFile, names: ModelNames): ParsedSpike | null {
  const { spike } = model;
  if (spike === undefined) return null;
  const part = (source: string, what: string, field: string, scope: 'constant' | 'dynamic' = 'dynamic') =>
    names.parse(source, `the spike's ${what}`, `spike.${field}`, scope);
  const resettable = ['V', ...(model.states ?? []).map(({ name }) => name)];
  for (const name of Object.keys(spike.reset))
    if (!resettable.includes(name))
      throw modelError(model, `spike.reset.${name}`, `resets «${name}»`, `What a spike can set is ${resettable.join(', ')}.`); // prettier-ignore
  if (spike.reset['V'] === undefined)
    throw modelError(
      model,
      'spike.reset',
      'does not say to what a spike resets V',
      'Add "V" to spike.reset.',
    );
  return {
    threshold: part(spike.threshold, 'threshold', 'threshold'),
    peak: part(spike.peak, 'peak', 'peak', 'constant'),
    reset: Object.entries(spike.reset).map(([name, source]) => ({
      name,
      expression: part(source, `reset of ${name}`, `reset.${name}`),
    })),
    refractory: spike.refractory === undefined ? null : part(spike.refractory, 'refractory time', 'refractory', 'constant'), // prettier-ignore
  };
}
