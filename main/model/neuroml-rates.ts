import type { AppError } from '../contract/errors.ts';
import { lemsChoice, lemsExpression } from './lems-expression.ts';
import { required, type LemsDimension } from './neuroml-quantity.ts';
import { attribute, children, descendants, neuromlError, tag } from './neuroml-xml.ts';

/** Where a rate stands: what it may use beside the voltage, and where its own definitions go. */
export interface RateContext {
  file: string;
  /** Component types of the document by name. */
  types: ReadonlyMap<string, Element>;
  definitions: Record<string, string>;
  /** Prefix of definitions: «Na_m_tau». */
  prefix: string;
  /** alpha and beta, rateScale, temperature, where they are known. */
  known: Readonly<Record<string, string>>;
}

/** A number in an expression; a negative one needs brackets after an operator. */
export const literal = (value: number): string => (value < 0 ? `(${value})` : String(value));

/**
 * A rate (1/ms), a time course (ms) or a steady state of NeuroML as an expression of V: the standard forms, and component types that
 * the document defines.
 */
export function rateExpression(element: Element, context: RateContext): string {
  const { file } = context;
  const type = attribute(element, 'type') ?? tag(element);
  const number = (name: string, dimension: LemsDimension): string =>
    literal(required(element, name, file, dimension));
  const rate = (): string => number('rate', type.endsWith('Rate') ? 'per_time' : 'none');
  const u = (): string => {
    const midpoint = required(element, 'midpoint', file, 'voltage');
    const way = midpoint === 0 ? 'V' : midpoint < 0 ? `V + ${-midpoint}` : `V - ${midpoint}`;
    return `(${way}) / ${number('scale', 'voltage')}`;
  };
  switch (type) {
    case 'HHExpRate':
    case 'HHExpVariable':
      return `${rate()} * exp(${u()})`;
    case 'HHSigmoidRate':
    case 'HHSigmoidVariable':
      return `${rate()} / (1 + exp(-${u()}))`;
    case 'HHExpLinearRate':
    case 'HHExpLinearVariable':
      return `${rate()} * exprelr(-${u()})`;
    case 'fixedTimeCourse':
      return number('tau', 'time');
    default: {
      const own = context.types.get(type);
      if (own) return customRate(element, own, context);
      throw neuromlError(
        file,
        element,
        `<${tag(element)}> is of the type «${type}», which is neither a standard form nor defined in the document`,
        'Standard forms are HHExpRate, HHSigmoidRate, HHExpLinearRate, their …Variable, and fixedTimeCourse; include the file with its ComponentType.',
      );
    }
  }
}

/** A ComponentType's exposed variable; its derived variables become definitions of the model. */
function customRate(element: Element, type: Element, context: RateContext): string {
  const { file, definitions, prefix } = context;
  const values = new Map<string, string>(Object.entries(context.known));
  values.set('v', 'V');
  for (const constant of children(type, 'Constant'))
    values.set(
      attribute(constant, 'name') ?? '',
      literal(required(constant, 'value', file, attribute(constant, 'dimension'))),
    );
  for (const parameter of children(type, 'Parameter')) {
    const name = attribute(parameter, 'name') ?? '';
    values.set(name, literal(required(element, name, file, attribute(parameter, 'dimension'))));
  }
  const nameOf = (name: string): string => {
    const value = values.get(name);
    if (value !== undefined) return value;
    throw new Error(notKnown(name));
  };
  const variables = children(type, 'Dynamics').flatMap((dynamics) => children(dynamics));
  const waiting = variables.filter((v) => ['DerivedVariable', 'ConditionalDerivedVariable'].includes(tag(v)));
  const state = [...variables, ...descendants(type, 'Child')].find((v) => !waiting.includes(v));
  if (state)
    throw neuromlError(file, state, `<${tag(state)}> in the ComponentType «${attribute(type, 'name') ?? ''}» has no counterpart`, 'Only derived variables of the voltage can be imported.'); // prettier-ignore
  let exposed: string | null = null;
  const reasons = new Map<Element, string>();
  // In LEMS the order of derived variables is free.
  for (let progress = true; progress && waiting.length > 0;) {
    progress = false;
    for (const variable of [...waiting]) {
      const name = attribute(variable, 'name') ?? '';
      let expression: string;
      try {
        expression = derived(variable, nameOf);
      } catch (error) {
        reasons.set(variable, error instanceof Error ? error.message : String(error));
        continue;
      }
      waiting.splice(waiting.indexOf(variable), 1);
      progress = true;
      if (attribute(variable, 'exposure') !== null && ['t', 'r', 'x'].includes(name)) exposed = expression;
      else {
        definitions[`${prefix}_${name}`] = expression;
        values.set(name, `${prefix}_${name}`);
      }
    }
  }
  if (exposed !== null && waiting.length === 0) return exposed;
  // The one to blame is not one that merely waits for another.
  const names = waiting.map((variable) => notKnown(attribute(variable, 'name') ?? ''));
  const blamed = waiting.find((variable) => !names.includes(reasons.get(variable)!)) ?? waiting[0];
  const reason = blamed ? reasons.get(blamed)! : 'it exposes no derived variable t, r or x';
  if (reason === notKnown('temperature')) throw temperatureError(file, blamed!);
  throw neuromlError(
    file,
    blamed ?? type,
    `the ComponentType «${attribute(type, 'name') ?? ''}» cannot be imported: ${reason}`,
    'It may use v, alpha, beta, rateScale, temperature, its constants, parameters and derived variables, with exp, ln, sqrt, abs, tanh, cosh.',
  );
}

const notKnown = (name: string): string => `«${name}» is not known`;

/** The temperature is that of the document's network. */
export function temperatureError(file: string, element: Element): AppError {
  return neuromlError(
    file,
    element,
    'the rates depend on the temperature, which the document does not say',
    'Add a network with a temperature: <network id="net" type="networkWithTemperature" temperature="34 degC"/>.',
  );
}

function derived(variable: Element, nameOf: (name: string) => string): string {
  const value = (element: Element): string => {
    const text = attribute(element, 'value')?.trim() ?? '';
    if (text === '')
      throw new Error(
        `the variable «${attribute(variable, 'name') ?? ''}» has no value in v and its parameters`,
      );
    return lemsExpression(text, nameOf);
  };
  if (tag(variable) === 'DerivedVariable') return value(variable);
  const cases = children(variable, 'Case');
  const otherwise = cases.find((c) => attribute(c, 'condition') === null) ?? cases.at(-1);
  if (!otherwise) throw new Error('a ConditionalDerivedVariable has no case');
  return cases
    .filter((c) => c !== otherwise)
    .reduceRight(
      (rest, c) => lemsChoice(attribute(c, 'condition')!, value(c), rest, nameOf),
      value(otherwise),
    );
}
