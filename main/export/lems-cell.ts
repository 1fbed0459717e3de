import { constantValue } from '../model/constant-value.ts';
import { algebra } from '../model/derivative.ts';
import type { Expression } from '../model/expression.ts';
import type { ParsedModel } from '../model/parsed-model.ts';
import { systemOf, type System } from '../model/system.ts';
import { LemsDynamics, type Meaning } from './lems-dynamics.ts';

/** A cell as a LEMS ComponentType of its own, and the values that variables start with. */
export interface LemsCell {
  type: string;
  /** Attributes of the component: the start of every state variable. */
  start: (initialMv: number) => string;
}

/**
 * A model whose membrane NeuroML's channels cannot say: all its equations in one component that extends baseCellMembPotCap, so that any
 * input of NeuroML can be given to it.
 * @param values of the parameters, by name
 */
export function lemsCell(
  model: ParsedModel,
  name: string,
  values: Readonly<Record<string, number>>,
): LemsCell {
  const system = systemOf(model);
  const recorded = system.voltages[system.recorded]!.name;
  const others = system.voltages.map((voltage) => voltage.name).filter((other) => other !== recorded);
  const known = new Map<string, Expression>(
    system.assigned.map(({ name: own, expression }) => [own, expression]),
  );
  for (const [parameter, value] of Object.entries(values)) known.set(parameter, { kind: 'number', value });
  const meaning: Meaning = (own) => known.get(own);

  const names = new LemsDynamics(meaning, {});
  const own: Record<string, string> = { [recorded]: 'V' };
  for (const state of [...others, ...system.variables.map((variable) => variable.name)])
    own[state] = names.fresh(state);
  const dynamics = new LemsDynamics(meaning, own);
  const text = (expression: Expression): string => dynamics.text(expression);

  dynamics.set('V', 'v / MV');
  dynamics.derived.push(
    '<DerivedVariable name="iSyn" exposure="iSyn" dimension="current" select="synapses[*]/i" reduce="add"/>',
  );
  const capacitance = dynamics.fresh('specific_capacitance');
  dynamics.set(capacitance, text(system.capacitance));
  const injected = dynamics.fresh('injected');
  // uA/cm2 = pA/pF * uF/cm2
  dynamics.set(injected, `iSyn / C * MS / MV * ${capacitance}`);
  const flows = system.voltages.map((voltage, c) => {
    const flow = dynamics.fresh(`flow_${voltage.name}`);
    const share = c === system.stimulated && voltage.area ? ` / ${text(voltage.area)}` : '';
    const inward = c === system.stimulated ? `${injected}${share}` : '0';
    dynamics.set(flow, `${inward} - ${text(outwardOf(model, system, c))}`);
    return flow;
  });
  dynamics.set(
    'iMemb',
    `${flows[system.recorded]!} * C * MV / MS / ${capacitance}`,
    ' exposure="iMemb"',
    'current',
  );
  const refractory = system.spike?.refractory ? text(system.spike.refractory) : null;
  const held = refractory === null ? '' : ' * free';
  if (refractory !== null)
    dynamics.derived.push(
      `<ConditionalDerivedVariable name="free" dimension="none"><Case condition="t .lt. lastSpike + ${refractory} * MS" value="0"/><Case value="1"/></ConditionalDerivedVariable>`,
    );
  const derivatives = [
    `<TimeDerivative variable="v" value="iMemb / C${held}"/>`,
    ...others.map((other) => {
      const c = system.voltages.findIndex((voltage) => voltage.name === other);
      return derivativeOf(own[other]!, `${flows[c]!} / ${capacitance}`);
    }),
    ...system.variables.map((variable) => {
      const x = own[variable.name]!;
      if (variable.kind === 'state') return derivativeOf(x, text(variable.derivative));
      const { kinetics } = variable;
      const speed = kinetics.speed ? ` * ${text(kinetics.speed)}` : '';
      if (kinetics.kind === 'steady')
        return derivativeOf(x, `(${text(kinetics.inf)} - ${x}) / ${text(kinetics.tau)}${speed}`);
      return derivativeOf(
        x,
        `(${text(kinetics.alpha)} * (1 - ${x}) - ${text(kinetics.beta)} * ${x})${speed}`,
      );
    }),
  ];
  const spike = system.spike;
  const onSpike = spike
    ? [
        `<OnCondition test="V .geq. ${text(spike.threshold)}">`,
        ...spike.resetStates.map(({ name: state, expression }) => `<StateAssignment variable="${own[state]!}" value="${text(expression)}"/>`),
        `<StateAssignment variable="v" value="${text(spike.resetVoltage)} * MV"/>`,
        ...(refractory === null ? [] : ['<StateAssignment variable="lastSpike" value="t"/>']),
        '<EventOut port="spike"/>',
        '</OnCondition>',
      ]
    : [
        '<OnCondition test="V .gt. (0 - 20) .and. spiking .lt. 0.5">',
        '<StateAssignment variable="spiking" value="1"/>',
        '<EventOut port="spike"/>',
        '</OnCondition>',
        '<OnCondition test="V .lt. (0 - 20)">',
        '<StateAssignment variable="spiking" value="0"/>',
        '</OnCondition>',
      ]; // prettier-ignore
  const states = [...others, ...system.variables.map((variable) => variable.name)].map(
    (state) => own[state]!,
  );
  const lines = [
    `<ComponentType name="${name}" extends="baseCellMembPotCap">`,
    '<Parameter name="v0" dimension="voltage"/>',
    ...states.map((state) => `<Parameter name="${state}_start" dimension="none"/>`),
    '<Constant name="MV" dimension="voltage" value="1mV"/>',
    '<Constant name="MS" dimension="time" value="1ms"/>',
    ...dynamics.constants,
    ...states.map((state) => `<Exposure name="${state}" dimension="none"/>`),
    '<Attachments name="synapses" type="basePointCurrent"/>',
    '<Dynamics>',
    '<StateVariable name="v" exposure="v" dimension="voltage"/>',
    ...states.map((state) => `<StateVariable name="${state}" exposure="${state}" dimension="none"/>`),
    ...(spike ? [] : ['<StateVariable name="spiking" dimension="none"/>']),
    ...(refractory === null ? [] : ['<StateVariable name="lastSpike" dimension="time"/>']),
    ...dynamics.derived,
    ...derivatives,
    '<OnStart>',
    '<StateAssignment variable="v" value="v0"/>',
    ...states.map((state) => `<StateAssignment variable="${state}" value="${state}_start"/>`),
    ...(spike ? [] : ['<StateAssignment variable="spiking" value="0"/>']),
    ...(refractory === null ? [] : ['<StateAssignment variable="lastSpike" value="(0 - 1e6) * MS"/>']),
    '</OnStart>',
    ...onSpike,
    '</Dynamics>',
    '</ComponentType>',
  ];
  const start = (initialMv: number): string => {
    const starts = startOf(system, meaning, initialMv);
    return [
      `v0="${initialMv}mV"`,
      ...[...starts].map(([state, value]) => `${own[state]!}_start="${value}"`),
    ].join(' ');
  };
  return { type: lines.join('\n'), start };
}

const derivativeOf = (variable: string, perMs: string): string =>
  `<TimeDerivative variable="${variable}" value="(${perMs}) / MS"/>`;

/** All that flows out of a compartment, µA/cm². */
function outwardOf(model: ParsedModel, system: System, c: number): Expression {
  const { name, terms } = system.voltages[c]!;
  const channels = model.channels.filter(({ compartment }) => compartment === c);
  const currents = [...channels, ...model.currents.filter(({ compartment }) => compartment === c)];
  const couplings = terms
    .slice(channels.length)
    .map(({ conductance, reversal }) =>
      algebra.multiply(conductance, algebra.subtract(algebra.name(name), reversal)),
    );
  return [...currents.map((current) => algebra.name(`I_${current.name}`)), ...couplings].reduce(algebra.add);
}

/** The value of every state variable where all voltages are the first of the protocol: as main/simulate/initial-values.ts has them. */
function startOf(system: System, meaning: Meaning, initialMv: number): Map<string, number> {
  const starts = new Map<string, number>();
  const at: Meaning = (name) => {
    const value =
      starts.get(name) ?? (system.voltages.some((voltage) => voltage.name === name) ? initialMv : undefined);
    return value === undefined ? meaning(name) : { kind: 'number', value };
  };
  const recorded = system.voltages[system.recorded]!.name;
  for (const variable of system.variables)
    if (variable.kind === 'state') starts.set(variable.name, constantValue(variable.initial, at)!);
  for (const variable of system.variables) {
    if (variable.kind !== 'gate') continue;
    const { kinetics } = variable;
    const value = (expression: Expression): number => constantValue(expression, at)!;
    const steady =
      kinetics.kind === 'steady'
        ? value(kinetics.inf)
        : value(kinetics.alpha) / (value(kinetics.alpha) + value(kinetics.beta));
    starts.set(variable.name, steady);
  }
  const others = system.voltages.filter(({ name }) => name !== recorded);
  return new Map([...others.map(({ name }): [string, number] => [name, initialMv]), ...starts]);
}
