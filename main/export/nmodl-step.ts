import type { NmodlParts } from './nmodl.ts';
import { nmodlSpike } from './nmodl-spike.ts';
import { indented } from './nmodl-text.ts';

interface Names {
  stimulus: string;
  /** null where there is a spike rule. */
  variableStep: string | null;
}

/**
 * The blocks that advance a mechanism: INITIAL, BEFORE BREAKPOINT (the step is prepared from the voltage at its start), BREAKPOINT
 * (the current that makes NEURON's step this one) and DERIVATIVE. The schemes are those of main/simulate: staggered, or the
 * exponential midpoint, both linear in what they advance, y ← y + f·dt/exprelr(J·dt).
 *
 * With C·dV/dt = −I, k = dt·G/C, G = dI/dV: NEURON solves (C/dt + g)·ΔV = −I for the g that it is given, and
 * g = C/dt·(exprelr(−k) − 1) makes ΔV = −I·dt/C·(1 − e^−k)/k.
 */
export function nmodlStep(parts: NmodlParts, names: Names): { blocks: string; assigned: string[] } {
  const { system, helper, state, point, states, capacitance, at, uses } = parts;
  uses.add('linoid');
  const V = point(system.voltages[system.recorded]!.name);
  const { variableStep, stimulus } = names;
  const gates = system.variables.filter((v) => v.kind === 'gate').map(({ name }) => name);
  const others = states.filter((name) => !gates.includes(name));
  const isPoint = system.staggered;
  const toPoint = isPoint ? [] : states.map((name) => `${point(name)} = ${state(name)}`);
  const assigned = [
    ...['v_start', 'injected', 'i_start', 'g_step'].map(helper),
    ...others.map((name) => helper(`${state(name)}_rate`)),
    ...(isPoint ? [] : states.map(point)),
    V,
  ];

  /** dy/dt and its slope of what is no gate, from the last `equations()`. */
  const change = (name: string): string => {
    const c = system.voltages.findIndex((voltage) => voltage.name === name);
    if (c < 0) return helper(`${point(name)}_change`);
    const flow = helper(`${point(name)}_outward`);
    return `(${injectedInto(c)}${flow})/${capacitance}`.replace('(- ', '(-');
  };
  const injectedInto = (c: number): string => {
    if (c !== system.stimulated) return '- ';
    const { area } = system.voltages[c]!;
    return `${helper('injected')}${area ? `/(${at(area)})` : ''} - `;
  };
  const slope = (name: string): string =>
    system.voltages.some((voltage) => voltage.name === name)
      ? `(-${helper(`${point(name)}_conductance`)}/${capacitance})`
      : helper(`${point(name)}_slope`);
  const noiseOf = (name: string): string => {
    const variable = system.variables.find((v) => v.name === name);
    if (variable?.kind !== 'state' || !variable.noise) return '';
    const j = slope(name);
    // The spread of an Ornstein-Uhlenbeck process after a step, as a rate (Gillespie 1996).
    return ` + ${helper(`normal_${state(name)}`)}*(${at(variable.noise)})*sqrt(1/(dt*linoid(2*${j}*dt)))`;
  };
  const rate = (name: string): string => helper(`${state(name)}_rate`);
  /** What carries y over a whole step with the equations of the point. */
  const stepRate = (name: string): string => {
    const there = isPoint
      ? change(name)
      : `(${change(name)} + ${slope(name)}*(${state(name)} - ${point(name)}))`;
    return `${rate(name)} = ${there}/linoid(${slope(name)}*dt)${noiseOf(name)}`;
  };
  const noise = system.noise ? ` + (${at(system.noise)})/sqrt(dt)*${helper('normal')}` : '';
  const own = system.recorded === system.stimulated;
  const area = system.voltages[system.recorded]!.area;
  const injectedHere = own ? ` - ${helper('injected')}${area ? `/(${at(area)})` : ''}` : '';

  const initial = [
    `${capacitance} = ${at(system.capacitance)}`,
    `${V} = v`,
    ...system.voltages.filter((_, c) => c !== system.recorded).map(({ name }) => `${state(name)} = v`),
    ...toPoint,
    `${helper('injected')} = 0`,
    ...system.variables.flatMap((v) =>
      v.kind === 'state' ? ['equations()', `${state(v.name)} = ${at(v.initial)}`, ...(isPoint ? [] : [`${point(v.name)} = ${state(v.name)}`])] : [],
    ),
    ...(gates.length > 0 ? ['equations()'] : []),
    ...gates.map((name) => `${state(name)} = ${helper(`${point(name)}_inf`)}`),
    ...toPoint,
    'equations()',
  ]; // prettier-ignore
  if (isPoint && others.length > 0) {
    const ahead = others.map((name) => `${state(name)} = ${state(name)} + 0.5*dt*${change(name)}/linoid(0.5*${slope(name)}*dt)`);
    initial.push(
      ': Gates and states live half a time step later than the voltage.',
      ...(variableStep ? [`if (${variableStep} == 0) {`, ...ahead.map((line) => `  ${line}`), '}'] : ahead),
    );
  } // prettier-ignore
  const spike = system.spike ? nmodlSpike(parts, { change, slope, injectedHere }) : null;
  initial.push(...(spike?.initial ?? []));

  const begin = [`${V} = v_now`, ...toPoint, `${helper('injected')} = ${stimulus}${noise}`, 'equations()'];
  const half = (name: string): string => {
    if (gates.includes(name)) {
      const [inf, tau] = [helper(`${point(name)}_inf`), helper(`${point(name)}_tau`)];
      return `${helper(`${state(name)}_half`)} = ${inf} + (${state(name)} - ${inf})*exp(-0.5*dt/${tau})`;
    }
    return `${helper(`${state(name)}_half`)} = ${state(name)} + 0.5*dt*${change(name)}/linoid(0.5*${slope(name)}*dt)`;
  };
  const vName = system.voltages[system.recorded]!.name;
  const middle = isPoint
    ? []
    : [
        ': Half a step ahead, where the equations are taken for the whole step',
        `${helper('v_half')} = v_now + ${spike ? `0.5*${helper('free')}*${change(vName)}/linoid(0.5*${slope(vName)}*${helper('free')})` : `0.5*dt*${change(vName)}/linoid(0.5*${slope(vName)}*dt)`}`,
        ...(spike?.limit ?? []),
        ...states.map(half),
        `${V} = ${helper('v_half')}`,
        ...states.map((name) => `${point(name)} = ${helper(`${state(name)}_half`)}`),
        'equations()',
        ...others.map(stepRate),
      ];
  if (!isPoint) assigned.push(helper('v_half'), ...states.map((name) => helper(`${state(name)}_half`)));
  const outward = helper(`${V}_outward`);
  const conductance = helper(`${V}_conductance`);
  const end = spike
    ? spike.step
    : [
        `${helper('i_start')} = ${outward}${isPoint ? '' : ` + ${conductance}*(v_now - ${V})`}${injectedHere}`,
        `${helper('g_step')} = ${capacitance}/dt*(linoid(-dt*${conductance}/${capacitance}) - 1)`,
      ];
  const nextStep = [...begin, `${helper('v_start')} = v_now`, ...(spike?.begin ?? []), ...middle, ...end];

  const present = [`${V} = v_now`, ...toPoint, 'equations()'];
  const plainRates = others.map((name) => `${rate(name)} = ${change(name)}`);
  const when = (condition: string | null, lines: string[]): string[] =>
    condition === null || lines.length === 0
      ? []
      : [`if (${condition}) {`, ...lines.map((line) => `  ${line}`), '}'];
  const fixedRates = others.map(stepRate);
  const finish = isPoint
    ? [
        ...present,
        ...(variableStep && others.length > 0
          ? [
              ...when(variableStep, plainRates).slice(0, -1),
              '} else {',
              ...fixedRates.map((line) => `  ${line}`),
              '}',
            ]
          : fixedRates),
      ]
    : when(variableStep, [`${helper('injected')} = ${stimulus}`, ...present, ...plainRates]);

  const fixedCurrent = `i = 1e-3*(${helper('i_start')} + ${helper('g_step')}*(v - ${helper('v_start')}))`;
  const current = variableStep
    ? [
        ...when(variableStep, [
          `${V} = v`,
          ...toPoint,
          `${helper('injected')} = ${stimulus}`,
          'equations()',
          `i = 1e-3*(${outward}${injectedHere})`,
        ]).slice(0, -1),
        '} else {',
        `  ${fixedCurrent}`,
        '}',
      ]
    : [fixedCurrent];
  const kinetics = [
    ...gates.map((name) => `${state(name)}' = (${helper(`${point(name)}_inf`)} - ${state(name)})/${helper(`${point(name)}_tau`)}`),
    ...others.map((name) => `${state(name)}' = ${rate(name)}`),
  ]; // prettier-ignore
  if (spike) assigned.push(...spike.assigned);

  const block = (head: string, lines: readonly string[]): string => `${head} {\n${indented(lines)}\n}\n`;
  const blocks = [
    block('INITIAL', initial),
    block('BEFORE BREAKPOINT', when(spike?.condition ?? `${variableStep} == 0`, ['next_step(v)'])),
    block('BREAKPOINT', [...(states.length > 0 ? ['SOLVE gates_and_states METHOD cnexp'] : []), ...current]),
    ...(states.length > 0 ? [block('DERIVATIVE gates_and_states', ['finish_step(v)', ...kinetics])] : []),
    `: Prepares a fixed time step from the voltage at its start.\n${block('PROCEDURE next_step(v_now)', nextStep)}`,
    ...(states.length > 0 ? [`: The rates of gates and states at the step's new voltage.\n${block('PROCEDURE finish_step(v_now)', finish)}`] : []),
  ]; // prettier-ignore
  return { blocks: blocks.join('\n'), assigned };
}
