import type { NmodlParts } from './nmodl.ts';

interface Equations {
  change: (name: string) => string;
  slope: (name: string) => string;
  injectedHere: string;
}

/**
 * The threshold and reset of an integrate-and-fire model, as main/simulate/spike-rule.ts has them: the crossing is placed inside the
 * step, the rest of the step is made from the reset value. The voltage at the end of a step is known at its beginning, and the
 * mechanism's current carries it there.
 */
export function nmodlSpike(
  { system, at, helper, state, point, states, capacitance }: NmodlParts,
  { change, slope }: Equations,
) {
  const rule = system.spike!;
  const voltage = system.voltages[system.recorded]!;
  const V = point(voltage.name);
  const isPoint = system.staggered;
  const refractory = rule.refractory ? helper('refractory_left') : null;
  const [free, next, spiked, shown] = ['free', 'v_next', 'spiked', 'shown'].map(helper) as [
    string,
    string,
    string,
    string,
  ];
  const [threshold, way, crossing, rest] = ['threshold', 'way', 'crossing', 'rest'].map(helper) as [
    string,
    string,
    string,
    string,
  ];
  const [speed, bend] = ['v_change', 'v_slope'].map(helper) as [string, string];
  const held = helper('hold');
  const resets = rule.resetStates.map(({ name, expression }) => ({
    name,
    at: at(expression),
    value: helper(`${state(name)}_reset`),
  }));
  const vReset = helper('v_reset');

  // Variables at the end of the step, where nothing is reset; the rates are those of the middle.
  const candidates = isPoint
    ? []
    : states.map((name) => {
        const variable = system.variables.find((v) => v.name === name);
        if (variable?.kind !== 'gate')
          return `${point(name)} = ${state(name)} + dt*${helper(`${state(name)}_rate`)}`;
        const [inf, tau] = [helper(`${point(name)}_inf`), helper(`${point(name)}_tau`)];
        return `${point(name)} = ${inf} + (${state(name)} - ${inf})*exp(-dt/${tau})`;
      });
  const reached = [
    `${shown} = ${at(rule.peak)}`,
    ...(isPoint
      ? [
          `${crossing} = ${bend}*${way}/${speed}`,
          `if (fabs(${crossing}) < 1e-3) {`,
          `  ${crossing} = ${way}/${speed}*(1 - ${crossing}/2)`,
          '} else {',
          `  ${crossing} = log(${crossing} + 1)/${bend}`,
          '}',
        ]
      : [`${crossing} = ${free}*${way}/(${next} - v_now)`]),
    `${rest} = ${free} - ${crossing}`,
    `if (${rest} < 0) { ${rest} = 0 }`,
    `if (${rest} > ${free}) { ${rest} = ${free} }`,
    `${held} = ${rule.refractory ? at(rule.refractory) : '0'}`,
    `${vReset} = ${at(rule.resetVoltage)}`,
    ...resets.map(({ at: text, value }) => `${value} = ${text}`),
    `${V} = ${vReset}`,
    ...resets.flatMap(({ name, value }) => isPoint ? [`${state(name)} = ${value}`] : [`${state(name)} = ${value}`, `${point(name)} = ${value}`, `${helper(`${state(name)}_rate`)} = 0`]),
    'equations()',
    `${next} = ${vReset}`,
    `if (${rest} > ${held}) { ${next} = ${vReset} + (${rest} - ${held})*${change(voltage.name)} }`,
    `if (${next} > ${threshold}) { ${next} = ${threshold} }`,
    ...(refractory ? [`${refractory} = 0`, `if (${held} > ${rest}) { ${refractory} = ${held} - ${rest} }`] : []),
    `${spiked} = 1`,
  ]; // prettier-ignore
  const missed = refractory
    ? [`${refractory} = ${refractory} - dt`, `if (${refractory} < 0) { ${refractory} = 0 }`]
    : [];
  const step = [
    // A voltage that spikes is advanced from where it is, with the rest at the middle.
    ...(isPoint ? [] : [`${V} = v_now`, 'equations()']),
    `${speed} = ${change(voltage.name)}`,
    `${bend} = ${slope(voltage.name)}`,
    `${next} = v_now + ${speed}*${free}/linoid(${bend}*${free})`,
    ...candidates,
    `${V} = ${next}`,
    'equations()',
    `${spiked} = 0`,
    `${shown} = ${next}`,
    `${threshold} = ${at(rule.threshold)}`,
    `${way} = ${threshold} - v_now`,
    `if (${threshold} <= ${next}) {`,
    ...reached.map((line) => `  ${line}`),
    ...(missed.length > 0 ? ['} else {', ...missed.map((line) => `  ${line}`)] : []),
    '}',
    `${helper('i_start')} = ${capacitance}/dt*(v_now - ${next})`,
    `${helper('g_step')} = 0`,
  ];
  return {
    assigned: [helper('t_begin'), free, next, spiked, shown, threshold, way, crossing, rest, speed, bend, held, vReset, ...resets.map(({ value }) => value), ...(refractory ? [refractory] : [])],
    initial: [`${shown} = v`, `${helper('t_begin')} = t`, `${helper('i_start')} = 0`, `${helper('g_step')} = 0`, ...(refractory ? [`${refractory} = 0`] : [])],
    begin: [`${free} = dt`, ...(refractory ? [`if (${refractory} > dt) { ${free} = 0 } else { ${free} = dt - ${refractory} }`] : [])],
    limit: [`if (${helper('v_half')} > ${at(rule.threshold)}) { ${helper('v_half')} = ${at(rule.threshold)} }`],
    step,
    // finitialize comes here too, before there is a step.
    condition: `t > ${helper('t_begin')}`,
  }; // prettier-ignore
}
