import { AppError } from '../contract/errors.ts';
import type { ModelFile } from '../contract/model.ts';
import { expressionError, functionNames, namesIn, parseExpression, type Expression } from './expression.ts';

export interface ParsedGate {
  name: string;
  power: number;
  kinetics:
    | { kind: 'rates'; alpha: Expression; beta: Expression }
    | { kind: 'steady'; inf: Expression; tau: Expression };
}
export interface ParsedChannel {
  name: string;
  conductance: Expression;
  reversal: Expression;
  gates: ParsedGate[];
}
/** A model file whose expressions are parsed and whose names all mean something. */
export interface ParsedModel {
  file: ModelFile;
  parameters: string[];
  capacitance: Expression;
  definitions: { name: string; expression: Expression }[];
  channels: ParsedChannel[];
  noise: Expression | null;
}

function invalid(model: ModelFile, message: string, remedy: string): AppError {
  return new AppError('model-invalid', `The model «${model.name}» ${message}.`, {
    remedy,
    details: { model: model.name },
  });
}

function refuseDuplicates(model: ModelFile, names: string[], what: string): void {
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw invalid(model, `names the ${what} «${twice}» twice`, `Give every ${what} its own name.`);
}

/**
 * Parses every expression of a model and checks its names: an expression may use the model's parameters, the
 * definitions before it and, in gates and definitions used by gates, the voltage V. Conductance, reversal, capacitance
 * and noise may not depend on V, because a step treats them as constant.
 * @throws AppError model-invalid
 */
export function parseModel(model: ModelFile): ParsedModel {
  const parameters = model.parameters.map((p) => p.name);
  refuseDuplicates(model, parameters, 'parameter');
  refuseDuplicates(
    model,
    model.channels.map((c) => c.name),
    'channel',
  );
  const reserved = ['V', ...functionNames];
  for (const name of [...parameters, ...Object.keys(model.definitions)]) {
    if (!/^[A-Za-z_]\w*$/.test(name))
      throw invalid(model, `has a name «${name}» that no expression could use`, 'Use letters, digits and _.');
    if (reserved.includes(name))
      throw invalid(
        model,
        `uses the reserved name «${name}»`,
        `Choose another name than ${reserved.join(', ')}.`,
      );
  }

  const used = new Set<string>();
  const known = new Set(parameters);
  const dependOnV = new Set<string>();
  function parse(source: string, where: string, mayUseV: boolean): Expression {
    const expression = parseExpression(source, `${where} of the model «${model.name}»`);
    for (const [name, at] of namesIn(expression)) {
      used.add(name);
      const usesV = name === 'V' || dependOnV.has(name);
      if (usesV && !mayUseV)
        throw expressionError(
          source,
          where,
          at,
          `«${name}» depends on the voltage, which is not allowed here`,
        );
      if (name !== 'V' && !known.has(name))
        throw expressionError(
          source,
          where,
          at,
          `«${name}» is neither V, a parameter (${parameters.join(', ')}) nor an earlier definition`,
        );
    }
    return expression;
  }

  const definitions = Object.entries(model.definitions).map(([name, source]) => {
    if (parameters.includes(name))
      throw invalid(model, `defines «${name}», which is a parameter`, 'Give the definition another name.');
    const expression = parse(source, `the definition of ${name}`, true);
    if ([...namesIn(expression).keys()].some((n) => n === 'V' || dependOnV.has(n))) dependOnV.add(name);
    known.add(name);
    return { name, expression };
  });
  const capacitance = parse(model.capacitance, 'the capacitance', false);
  const channels = model.channels.map((channel): ParsedChannel => {
    refuseDuplicates(
      model,
      channel.gates.map((g) => g.name),
      `gate of channel ${channel.name}`,
    );
    return {
      name: channel.name,
      conductance: parse(channel.conductance, `the conductance of channel ${channel.name}`, false),
      reversal: parse(channel.reversal, `the reversal potential of channel ${channel.name}`, false),
      gates: channel.gates.map((gate): ParsedGate => {
        const where = `gate ${gate.name} of channel ${channel.name}`;
        const kinetics: ParsedGate['kinetics'] =
          'alpha' in gate
            ? {
                kind: 'rates',
                alpha: parse(gate.alpha, `alpha of ${where}`, true),
                beta: parse(gate.beta, `beta of ${where}`, true),
              }
            : {
                kind: 'steady',
                inf: parse(gate.inf, `inf of ${where}`, true),
                tau: parse(gate.tau, `tau of ${where}`, true),
              };
        return { name: gate.name, power: gate.power, kinetics };
      }),
    };
  });
  const noise = model.noise === undefined ? null : parse(model.noise, 'the noise', false);

  const unused = [...parameters, ...definitions.map((d) => d.name)].find((name) => !used.has(name));
  if (unused !== undefined)
    throw invalid(
      model,
      `never uses «${unused}»`,
      'Remove it: a parameter without influence could not be inferred from any recording.',
    );
  return { file: model, parameters, capacitance, definitions, channels, noise };
}
