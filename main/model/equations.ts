import type { Equations, MathNode } from '../contract/equations.ts';
import type { ModelFile } from '../contract/model.ts';
import type { Expression } from './expression.ts';
import { parseModel, type ParsedChannel, type ParsedGate } from './parsed-model.ts';
import { fraction, number, operator, plainText, power, row, symbol, typeset } from './typeset.ts';

/** The equations of a model, typeset: the membrane first, then every gate's kinetics. */
export function modelEquations(file: ModelFile): Equations {
  const model = parseModel(file);
  const symbols = new Map(file.parameters.map(({ name, symbol: own }) => [name, own ?? name]));
  const symbolOf = (name: string) => symbols.get(name) ?? name;
  const math = (expression: Expression) => typeset(expression, symbolOf);
  const equal = (left: MathNode, right: MathNode) => row(left, operator('='), right);
  const line = (shown: MathNode) => ({ math: shown, text: plainText(shown) });
  const V = symbol('V');
  const rate = (of: MathNode) => fraction(row(operator('d'), of), row(operator('d'), symbol('t')));

  const channelTerm = (channel: ParsedChannel): MathNode => {
    const gates = channel.gates.map((gate) => {
      const shown = gateSymbol(gate, channel, model.channels);
      return gate.power === 1 ? shown : power(shown, number(String(gate.power)));
    });
    const conductance = math(channel.conductance);
    const factor = conductance.kind === 'row' ? row(operator('('), conductance, operator(')')) : conductance;
    const driving = row(operator('('), symbol(`E_${channel.name}`), operator('−'), V, operator(')'));
    return row(factor, ...gates, driving);
  };
  const terms = model.channels.flatMap((channel, i) => [
    ...(i === 0 ? [] : [operator('+')]),
    channelTerm(channel),
  ]);
  const noise =
    model.noise === null ? [] : [operator('+'), math(model.noise), operator('\u2062'), symbol('ξ(t)')];
  const membrane = [
    equal(row(symbol('C_m'), rate(V)), row(...terms, operator('+'), symbol('I(t)'), ...noise)),
    equal(symbol('C_m'), withUnit(math(model.capacitance), 'µF/cm²')),
    ...model.channels.map((channel) =>
      equal(symbol(`E_${channel.name}`), withUnit(math(channel.reversal), 'mV')),
    ),
    ...model.definitions.map(({ name, expression }) => equal(symbol(name), math(expression))),
  ];
  const kinetics = model.channels
    .filter((channel) => channel.gates.length > 0)
    .map((channel, i) => ({
      title: file.channels.find(({ name }) => name === channel.name)?.description ?? `Channel ${i + 1}`,
      lines: channel.gates.flatMap((gate) => {
        const x = gateSymbol(gate, channel, model.channels);
        const own = (letter: string) => symbol(`${letter}_${plainText(x)}`);
        const change = rate(x);
        if (gate.kinetics.kind === 'rates') {
          const { alpha, beta } = gate.kinetics;
          return [
            equal(
              change,
              row(own('α'), operator('('), number('1'), operator('−'), x, operator(')'), operator('−'), own('β'), operator('\u2062'), x), // prettier-ignore
            ),
            equal(own('α'), math(alpha)),
            equal(own('β'), math(beta)),
          ].map(line);
        }
        const steady = symbol(`${plainText(x)}_∞`);
        return [
          equal(change, fraction(row(steady, operator('−'), x), own('τ'))),
          equal(steady, math(gate.kinetics.inf)),
          equal(own('τ'), math(gate.kinetics.tau)),
        ].map(line);
      }),
    }));
  return [{ title: 'Membrane', lines: membrane.map(line) }, ...kinetics];
}

/** A number has its unit beside it; a parameter has it in the table. */
function withUnit(value: MathNode, unit: string): MathNode {
  return plainText(value).match(/^−?[\d.]+$/) ? row(value, operator('\u2062'), operator(unit)) : value;
}

/** A gate by its letter; with its channel where two channels have gates of the same name. */
function gateSymbol(gate: ParsedGate, channel: ParsedChannel, channels: readonly ParsedChannel[]): MathNode {
  const others = channels.filter((other) => other !== channel);
  const isShared = others.some((other) => other.gates.some(({ name }) => name === gate.name));
  return symbol(isShared ? `${gate.name}_${channel.name}` : gate.name);
}
