import { algebra } from '../model/derivative.ts';
import type { Expression } from '../model/expression.ts';
import type { ParsedModel } from '../model/parsed-model.ts';
import { systemOf, type System, type SystemVariable } from '../model/system.ts';
import { nmodlExpression, nmodlFunctions, nmodlNumber, type NmodlFunction } from './nmodl-expression.ts';
import { mechanismName, NmodlNames } from './nmodl-names.ts';
import { nmodlStep } from './nmodl-step.ts';
import { asciiText, indented, unitComment } from './nmodl-text.ts';

/** A mechanism of NEURON and what a script has to know of it. */
export interface Mechanism {
  /** SUFFIX */
  name: string;
  /** The MOD file. */
  text: string;
  /** Identifiers of the model's parameters, of the injected current and of the noise's normal numbers. */
  parameters: Record<string, string>;
  stimulus: string;
  normals: string[];
  /** Set by INITIAL: the section's cm, uF/cm2. */
  capacitance: string;
  /** What a trace shows: null = the section's own voltage. */
  shown: string | null;
  /** GLOBAL: 1 = for CVode; null = the model has what a variable time step cannot do. */
  variableStep: string | null;
}

/** Where the lines of a mechanism come from: the model's equations, and the identifiers of all that they need. */
export interface NmodlParts {
  model: ParsedModel;
  system: System;
  /** An expression at the point where the equations are taken. */
  at: (expression: Expression) => string;
  /** The identifier of the STATE of a variable or of another compartment's voltage. */
  state: (name: string) => string;
  /** The identifier of its value where the equations are taken; the same where the step has one point. */
  point: (name: string) => string;
  helper: (text: string) => string;
  /** All voltages but the recorded one, and all variables. */
  states: readonly string[];
  capacitance: string;
  uses: Set<NmodlFunction>;
}

/**
 * A model as a density mechanism of NEURON, with the whole membrane in it: its total current, and the other compartments'
 * voltages as states. With a fixed time step the current is such that NEURON's own step, (C/dt + g)·ΔV = −i, becomes the step that
 * fits are made with, so both give the same voltage at the same dt; with CVode it is the plain current.
 *
 * @param values of the parameters, as defaults of the file
 */
export function mechanismOf(model: ParsedModel, values: Readonly<Record<string, number>>): Mechanism {
  const system = systemOf(model);
  const names = new NmodlNames();
  const uses = new Set<NmodlFunction>();
  const recorded = system.voltages[system.recorded]!.name;
  const states = [
    ...system.voltages.map(({ name }) => name).filter((name) => name !== recorded),
    ...system.variables.map(({ name }) => name),
  ];
  for (const name of [...system.parameters, recorded, ...states, ...system.assigned.map((a) => a.name)])
    names.of(name);
  const pointNames = new Map(
    states.map((name) => [name, system.staggered ? names.of(name) : names.fresh(`${names.of(name)}_at`)]),
  );
  const point = (name: string): string => pointNames.get(name) ?? names.of(name);
  const helpers = new Map<string, string>();
  const helper = (text: string): string => {
    if (!helpers.has(text)) helpers.set(text, names.fresh(text));
    return helpers.get(text)!;
  };
  const at = (expression: Expression): string => nmodlExpression(expression, point, uses);
  const parts: NmodlParts = {
    ...{ model, system, at, state: names.of, point, helper, states, uses },
    capacitance: helper('capacitance'),
  };

  const name = mechanismName(model.file.name);
  const stimulus = helper('stimulus');
  const normals = [
    ...(system.noise ? [helper('normal')] : []),
    ...noisy(system).map((variable) => helper(`normal_${names.of(variable.name)}`)),
  ];
  const variableStep = system.spike ? null : helper('variable_step');
  const equations = equationLines(parts);
  const step = nmodlStep(parts, { stimulus, variableStep });
  const currents = system.assigned.filter((a) => a.name.startsWith('I_')).map((a) => names.of(a.name));
  const shown = system.spike ? helper('shown') : null;

  const units = new Map(model.file.parameters.map((parameter) => [parameter.name, parameter.unit]));
  const parameterLines = [
    ...model.parameters.map((p) => `${names.of(p)} = ${nmodlNumber(values[p] ?? 0)}${unitComment(units.get(p) ?? '')}`),
    `${stimulus} = 0  : uA per cm2 of the whole membrane, inward positive`,
    ...normals.map((normal) => `${normal} = 0  : a standard normal number a time step; 0 = no noise`),
  ]; // prettier-ignore
  const text = `${header(model)}
NEURON {
  SUFFIX ${name}
  NONSPECIFIC_CURRENT i
  RANGE ${[...model.parameters.map(names.of), stimulus, ...normals].join(', ')}
  RANGE ${[...currents, ...(shown ? [shown] : []), parts.capacitance].join(', ')}
${variableStep ? `  GLOBAL ${variableStep}\n` : ''}}

UNITS {
  (mV) = (millivolt)
  (mA) = (milliamp)
}

PARAMETER {
${indented([...parameterLines, ...(variableStep ? [`${variableStep} = 0  : 1 with CVode`] : [])])}
}

ASSIGNED {
  v (mV)
  dt (ms)
  i (mA/cm2)
  ${parts.capacitance}
${indented([...system.assigned.map((a) => names.of(a.name)), ...equations.assigned, ...step.assigned])}
}
${states.length > 0 ? `\nSTATE {\n${indented(states.map(names.of))}\n}\n` : ''}
: Concentrations, rates and currents are in the units of the model: mV, ms, mS/cm2, uA/cm2, uF/cm2.
UNITSOFF

${step.blocks}
: Everything that the equations say at one moment.
PROCEDURE equations() {
${indented(equations.lines)}
}
${nmodlFunctions(uses)}
UNITSON
`;
  return {
    ...{ name, text, stimulus, normals, shown, variableStep, capacitance: parts.capacitance },
    parameters: Object.fromEntries(model.parameters.map((p) => [p, names.of(p)])),
  };
}

type StateVariable = Extract<SystemVariable, { kind: 'state' }>;

/** States with noise of their own. */
export function noisy(system: System): StateVariable[] {
  return system.variables.filter((v): v is StateVariable => v.kind === 'state' && v.noise !== null);
}

/** The body of `equations()`: what is assigned, gates' steady states and time constants, the other rates and their slopes. */
function equationLines({ model, system, at, point, helper }: NmodlParts): {
  lines: string[];
  assigned: string[];
} {
  const assigned: string[] = [];
  const lines = system.assigned.map(({ name, expression }) => `${point(name)} = ${at(expression)}`);
  const set = (what: string, value: string): void => {
    assigned.push(helper(what));
    lines.push(`${helper(what)} = ${value}`);
  };
  for (const variable of system.variables) {
    const x = point(variable.name);
    if (variable.kind === 'state') {
      set(`${x}_change`, at(variable.derivative));
      set(`${x}_slope`, at(variable.slope));
      continue;
    }
    const { kinetics } = variable;
    const speed = kinetics.speed ? `(${at(kinetics.speed)})` : null;
    if (kinetics.kind === 'steady') {
      set(`${x}_inf`, at(kinetics.inf));
      set(`${x}_tau`, speed ? `(${at(kinetics.tau)})/${speed}` : at(kinetics.tau));
    } else {
      set(`${x}_alpha`, at(kinetics.alpha));
      set(`${x}_beta`, at(kinetics.beta));
      const sum = `(${helper(`${x}_alpha`)} + ${helper(`${x}_beta`)})`;
      set(`${x}_inf`, `${helper(`${x}_alpha`)}/${sum}`);
      set(`${x}_tau`, speed ? `1/(${sum}*${speed})` : `1/${sum}`);
    }
  }
  system.voltages.forEach(({ name, terms, nonlinear }, c) => {
    const channels = model.channels.filter(({ compartment }) => compartment === c);
    const currents = [...channels, ...model.currents.filter(({ compartment }) => compartment === c)];
    const couplings = terms.slice(channels.length);
    const flows = [
      ...currents.map((current) => point(`I_${current.name}`)),
      ...couplings.map(({ conductance, reversal }) => at(algebra.multiply(conductance, algebra.subtract(algebra.name(name), reversal)))),
    ]; // prettier-ignore
    set(`${point(name)}_outward`, flows.join(' + '));
    const open = ({ conductance, gates }: (typeof terms)[number]): Expression =>
      gates.reduce(
        (g, gate) => algebra.multiply(g, algebra.power(algebra.name(gate.name), gate.power)),
        conductance,
      );
    const slope = nonlinear?.slope ?? terms.map(open).reduce(algebra.add, algebra.number(0));
    set(`${point(name)}_conductance`, at(slope));
  });
  return { lines, assigned };
}

function header({ file }: ParsedModel): string {
  const paragraphs = [file.description, ...file.citations].filter((text) => text !== '');
  return `TITLE ${asciiText(file.title === '' ? file.name : file.title)}

COMMENT
${paragraphs.map(asciiText).join('\n\n')}

Made by Chronaxie from the model "${file.name}". The mechanism holds the whole membrane: insert it into a section of one segment
whose cm is the model's capacitance. With a fixed time step (secondorder = 0) its current makes NEURON's step the exponential
one that the model was fitted with.
ENDCOMMENT
`;
}
