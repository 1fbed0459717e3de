import { constantValue } from '../model/constant-value.ts';
import type { Expression } from '../model/expression.ts';
import type { Kinetics, ParsedChannel, ParsedGate, ParsedModel } from '../model/parsed-model.ts';
import { LemsDynamics, type Meaning } from './lems-dynamics.ts';
import { standardForm } from './neuroml-forms.ts';

/** The channels of a cell as NeuroML's, and what the membrane has of each. */
export interface NeuromlChannels {
  /** ComponentType elements for rates of no standard form. */
  types: string[];
  /** ionChannelHH elements. */
  channels: string[];
  densities: { channel: string; conductanceMs: number; reversalMv: number }[];
}

/** Thrown inside where the standard elements cannot say something; the reason is a clause. */
class Unsaid extends Error {}

/**
 * A membrane of conductances with gates as NeuroML's standard elements.
 * @param meaning the values of parameters, and definitions
 * @returns the reason where a model has something else: then it is written as a LEMS component of its own
 */
export function neuromlChannels(model: ParsedModel, meaning: Meaning): NeuromlChannels | { reason: string } {
  if (model.spike) return { reason: 'its voltage is reset at a spike' };
  if (model.compartments.length > 1) return { reason: 'it has several compartments' };
  if (model.states.length > 0) return { reason: `it has the state ${model.states[0]!.name}` };
  if (model.currents.length > 0)
    return { reason: `its current ${model.currents[0]!.name} is no conductance` };
  const writer = new ChannelWriter(model, meaning);
  try {
    return writer.write();
  } catch (error) {
    if (error instanceof Unsaid) return { reason: error.message };
    throw error;
  }
}

type Role = 'rate' | 'time' | 'steady';
/** Base type, exposed variable and its dimension, unit constant: of a rate, a time course, a steady state. */
const roles = {
  rate: { base: 'baseVoltageDepRate', exposed: 'r', dimension: 'per_time', suffix: 'Rate', unit: 'per_ms', scaled: (x: string) => `(${x}) / MS` },
  time: { base: 'baseVoltageDepTime', exposed: 't', dimension: 'time', suffix: '', unit: 'ms', scaled: (x: string) => `(${x}) * MS` },
  steady: { base: 'baseVoltageDepVariable', exposed: 'x', dimension: 'none', suffix: 'Variable', unit: '', scaled: (x: string) => x },
} as const; // prettier-ignore

class ChannelWriter {
  readonly #model: ParsedModel;
  readonly #meaning: Meaning;
  readonly #types: string[] = [];

  constructor(model: ParsedModel, meaning: Meaning) {
    this.#model = model;
    this.#meaning = meaning;
  }

  write(): NeuromlChannels {
    const channels = this.#model.channels.map((channel) => this.#channel(channel));
    const densities = this.#model.channels.map((channel) => ({
      channel: channelId(channel.name),
      conductanceMs: this.#constant(channel.conductance, `the conductance of ${channel.name}`),
      reversalMv: this.#constant(channel.reversal, `the reversal potential of ${channel.name}`),
    }));
    return { types: this.#types, channels, densities };
  }

  #constant(expression: Expression, what: string): number {
    const value = constantValue(expression, this.#meaning);
    if (value === null) throw new Unsaid(`${what} changes in time`);
    return value;
  }

  #channel(channel: ParsedChannel): string {
    const gates = channel.gates.map((gate) => this.#gate(channel, gate));
    const id = channelId(channel.name);
    if (gates.length === 0) return `<ionChannelHH id="${id}" conductance="10pS"/>`;
    return `<ionChannelHH id="${id}" conductance="10pS">\n${gates.join('\n')}\n</ionChannelHH>`;
  }

  #gate(channel: ParsedChannel, gate: ParsedGate): string {
    const where = `gate ${gate.name} of ${channel.name}`;
    const power = this.#constant(gate.power, `the power of ${where}`);
    if (!Number.isInteger(power)) throw new Unsaid(`the power of ${where} is no whole number`);
    const kinetics: Kinetics =
      gate.kinetics.kind === 'shared'
        ? this.#model.gates.find(({ name }) => name === gate.name)!.kinetics
        : gate.kinetics;
    const gateId = gate.name.replace(/\W/g, '_');
    const id = `${channelId(channel.name)}_${gateId}`;
    const part = (tag: string, role: Role, what: string, expression: Expression): string =>
      this.#element(tag, role, `${id}_${what}`, expression);
    const head = `id="${gateId}" instances="${power}"`;
    if (kinetics.kind === 'instantaneous')
      return `<gateHHInstantaneous ${head}>${part('steadyState', 'steady', 'inf', kinetics.inf)}</gateHHInstantaneous>`;
    const speed = kinetics.speed ? constantValue(kinetics.speed, this.#meaning) : 1;
    if (speed === null) throw new Unsaid(`the speed of ${where} changes in time`);
    const q10 = speed === 1 ? '' : `<q10Settings type="q10Fixed" fixedQ10="${speed}"/>`;
    if (kinetics.kind === 'rates')
      return `<gateHHrates ${head}>${q10}${part('forwardRate', 'rate', 'alpha', kinetics.alpha)}${part('reverseRate', 'rate', 'beta', kinetics.beta)}</gateHHrates>`;
    return `<gateHHtauInf ${head}>${q10}${part('timeCourse', 'time', 'tau', kinetics.tau)}${part('steadyState', 'steady', 'inf', kinetics.inf)}</gateHHtauInf>`;
  }

  /** A rate by its standard form, or by a ComponentType made for it. */
  #element(tag: string, role: Role, name: string, expression: Expression): string {
    const { base, exposed, dimension, suffix, unit, scaled } = roles[role];
    const fixed = role === 'time' ? constantValue(expression, this.#meaning) : null;
    if (fixed !== null) return `<${tag} type="fixedTimeCourse" tau="${fixed}ms"/>`;
    const form = role === 'time' ? null : standardForm(expression, this.#meaning);
    if (form)
      return `<${tag} type="${form.form}${suffix}" rate="${rounded(form.rate)}${unit}" midpoint="${rounded(form.midpointMv)}mV" scale="${rounded(form.scaleMv)}mV"/>`;
    const dynamics = new LemsDynamics(this.#meaning, { V: 'V' });
    dynamics.set('V', 'v / MV');
    let value: string;
    try {
      value = dynamics.text(expression);
    } catch {
      throw new Unsaid(`${name.replaceAll('_', ' ')} depends on more than the voltage`);
    }
    dynamics.set(exposed, scaled(value), ` exposure="${exposed}"`, dimension);
    this.#types.push(`<ComponentType name="${name}" extends="${base}">
<Constant name="MV" dimension="voltage" value="1mV"/>
<Constant name="MS" dimension="time" value="1ms"/>
${[...dynamics.constants, '<Dynamics>', ...dynamics.derived, '</Dynamics>'].join('\n')}
</ComponentType>`);
    return `<${tag} type="${name}"/>`;
  }
}

/** Without the last bit that turning a rate into its form costs. */
const rounded = (value: number): number => Number(value.toPrecision(15));

/** NeuroML's ids are letters, digits and _; the prefix keeps a channel apart from the cell and its gates. */
const channelId = (name: string): string => `channel_${name.replace(/\W/g, '_')}`;
