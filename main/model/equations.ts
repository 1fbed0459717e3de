import type { Equations, MathNode } from '../contract/equations.ts';
import type { ModelFile } from '../contract/model.ts';
import type { Expression } from './expression.ts';
import {
  parseModel,
  type Kinetics,
  type ParsedChannel,
  type ParsedGate,
  type ParsedModel,
} from './parsed-model.ts';
import { fraction, number, operator, plainText, power, row, symbol, typeset } from './typeset.ts';
import { voltageName } from './voltage-name.ts';

type Section = Equations[number];
type Line = Section['lines'][number];

/** The equations of a model, typeset: the membrane first, then what the spike does, every gate's kinetics and the states. */
export function modelEquations(file: ModelFile): Equations {
  const model = parseModel(file);
  const print = new Print(model);
  const sections = [
    print.membrane(),
    ...print.spike(),
    ...print.sharedGates(),
    ...print.channels(),
    ...print.states(),
  ];
  return sections.map(({ title, lines }) => ({ title, lines: lines.map(line) }));
}

const line = (math: MathNode): Line => ({ math, text: plainText(math) });
const equal = (left: MathNode, right: MathNode): MathNode => row(left, operator('='), right);
const rate = (of: MathNode): MathNode => fraction(row(operator('d'), of), row(operator('d'), symbol('t')));
interface Lines {
  title: string;
  lines: MathNode[];
}

class Print {
  readonly #model: ParsedModel;
  readonly #symbols: Map<string, string>;

  constructor(model: ParsedModel) {
    this.#model = model;
    this.#symbols = new Map(model.file.parameters.map(({ name, symbol: own }) => [name, own ?? name]));
  }

  #math(expression: Expression): MathNode {
    return typeset(expression, (name) => this.#symbols.get(name) ?? name);
  }

  membrane(): Lines {
    const { file, compartments, definitions, capacitance, channels } = this.#model;
    return {
      title: 'Membrane',
      lines: [
        ...compartments.map((_, c) => this.#voltage(c)),
        ...compartments.flatMap(({ name, area }) =>
          area ? [equal(symbol(`A_${name}`), this.#math(area))] : [],
        ),
        equal(symbol('C_m'), withUnit(this.#math(capacitance), 'µF/cm²')),
        ...channels.map((channel) =>
          equal(symbol(`E_${channel.name}`), withUnit(this.#math(channel.reversal), 'mV')),
        ),
        ...(file.currents ?? []).map(({ name }, i) =>
          equal(symbol(`I_${name}`), this.#math(this.#model.currents[i]!.current)),
        ),
        ...definitions.map(({ name, expression }) => equal(symbol(name), this.#math(expression))),
      ],
    };
  }

  /** C dV/dt = Σ g (E − V) − Σ I + … + I(t) */
  #voltage(c: number): MathNode {
    const { compartments, channels, currents, couplings, stimulated, noise } = this.#model;
    const V = symbol(voltageName(compartments[c]!.name));
    const signed: { sign: '+' | '−'; term: MathNode }[] = [
      ...channels.filter((ch) => ch.compartment === c).map((ch) => ({ sign: '+' as const, term: this.#channelTerm(ch, V) })), // prettier-ignore
      ...currents.filter((i) => i.compartment === c).map((i) => ({ sign: '−' as const, term: symbol(`I_${i.name}`) })), // prettier-ignore
    ];
    const share = symbol(`A_${compartments[c]!.name}`);
    const perArea = (term: MathNode): MathNode => (compartments[c]!.area ? fraction(term, share) : term);
    for (const { between, conductance } of couplings) {
      const other = between[0] === c ? between[1] : between[1] === c ? between[0] : c;
      if (other === c) continue;
      const there = symbol(voltageName(compartments[other]!.name));
      const driving = row(operator('('), there, operator('−'), V, operator(')'));
      signed.push({ sign: '+', term: row(perArea(this.#math(conductance)), driving) });
    }
    if (stimulated === c) {
      const injected = row(symbol('I(t)'), ...(noise === null ? [] : [operator('+'), this.#math(noise), operator('\u2062'), symbol('ξ(t)')])); // prettier-ignore
      const bracketed = noise !== null && compartments[c]!.area ? row(operator('('), injected, operator(')')) : injected; // prettier-ignore
      signed.push({ sign: '+', term: perArea(bracketed) });
    }
    const terms = signed.flatMap(({ sign, term }, i) =>
      i === 0 && sign === '+' ? [term] : [operator(sign), term],
    );
    return equal(row(symbol('C_m'), rate(V)), row(...terms));
  }

  #channelTerm(channel: ParsedChannel, V: MathNode): MathNode {
    const gates = channel.gates.map((gate) => {
      const shown = this.#gateSymbol(gate, channel);
      return gate.power.kind === 'number' && gate.power.value === 1
        ? shown
        : power(shown, this.#math(gate.power));
    });
    const conductance = this.#math(channel.conductance);
    const factor = conductance.kind === 'row' ? row(operator('('), conductance, operator(')')) : conductance;
    const driving = row(operator('('), symbol(`E_${channel.name}`), operator('−'), V, operator(')'));
    return row(factor, ...gates, driving);
  }

  spike(): Lines[] {
    const { spike } = this.#model;
    if (!spike) return [];
    const lines = [
      row(
        symbol('V'),
        operator('≥'),
        this.#math(spike.threshold),
        operator('→'),
        withUnit(this.#math(spike.peak), 'mV'),
      ),
      ...spike.reset.map(({ name, expression }) => row(symbol(name), operator('←'), this.#math(expression))),
      ...(spike.refractory ? [equal(symbol('t_ref'), withUnit(this.#math(spike.refractory), 'ms'))] : []),
    ];
    return [{ title: 'Spike and reset', lines }];
  }

  sharedGates(): Lines[] {
    const { gates } = this.#model;
    if (gates.length === 0) return [];
    const lines = gates.flatMap(({ name, kinetics }) => this.#kinetics(symbol(name), kinetics));
    return [{ title: 'Shared gates', lines }];
  }

  channels(): Lines[] {
    const { channels, file } = this.#model;
    return channels
      .filter((channel) => channel.gates.some(({ kinetics }) => kinetics.kind !== 'shared'))
      .map((channel) => ({
        title:
          file.channels.find(({ name }) => name === channel.name)?.description ?? `Channel ${channel.name}`,
        lines: channel.gates.flatMap((gate) =>
          gate.kinetics.kind === 'shared'
            ? []
            : this.#kinetics(this.#gateSymbol(gate, channel), gate.kinetics),
        ),
      }));
  }

  #kinetics(x: MathNode, kinetics: Kinetics): MathNode[] {
    const own = (letter: string): MathNode => symbol(`${letter}_${plainText(x)}`);
    const steady = symbol(`${plainText(x)}_∞`);
    if (kinetics.kind === 'instantaneous')
      return [equal(x, row(steady, operator('='), this.#math(kinetics.inf)))];
    const speed = kinetics.speed ? [own('φ'), operator('\u2062')] : [];
    const speedLine = kinetics.speed ? [equal(own('φ'), this.#math(kinetics.speed))] : [];
    if (kinetics.kind === 'rates') {
      const net = row(own('α'), operator('('), number('1'), operator('−'), x, operator(')'), operator('−'), own('β'), operator('\u2062'), x); // prettier-ignore
      return [
        equal(rate(x), kinetics.speed ? row(...speed, operator('['), net, operator(']')) : net),
        equal(own('α'), this.#math(kinetics.alpha)),
        equal(own('β'), this.#math(kinetics.beta)),
        ...speedLine,
      ];
    }
    return [
      equal(rate(x), row(...speed, fraction(row(steady, operator('−'), x), own('τ')))),
      equal(steady, this.#math(kinetics.inf)),
      equal(own('τ'), this.#math(kinetics.tau)),
      ...speedLine,
    ];
  }

  states(): Lines[] {
    const { states, file } = this.#model;
    return states.map(({ name, initial, derivative, noise }, i) => {
      const noiseTerm = noise
        ? [operator('+'), this.#math(noise), operator('\u2062'), symbol(`ξ_${name}(t)`)]
        : [];
      return {
        title: file.states?.[i]?.description ?? `State ${name}`,
        lines: [
          equal(rate(symbol(name)), row(this.#math(derivative), ...noiseTerm)),
          equal(row(symbol(name), operator('(0)')), this.#math(initial)),
        ],
      };
    });
  }

  /** A gate by its letter; with its channel where two channels have gates of the same name. */
  #gateSymbol(gate: ParsedGate, channel: ParsedChannel): MathNode {
    if (gate.kinetics.kind === 'shared') return symbol(gate.name);
    const others = this.#model.channels.filter((other) => other !== channel);
    const isDouble = others.some((other) => other.gates.some(({ name }) => name === gate.name));
    return symbol(isDouble ? `${gate.name}_${channel.name}` : gate.name);
  }
}

/** A number has its unit beside it; a parameter has it in the table. */
function withUnit(value: MathNode, unit: string): MathNode {
  return plainText(value).match(/^−?[\d.]+$/) ? row(value, operator('\u2062'), operator(unit)) : value;
}
