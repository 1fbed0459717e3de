import type { Expression } from '../model/expression.ts';

/** What an expression needs beside the functions that NMODL has. */
export type NmodlFunction = 'linoid' | 'choose_less' | 'choose_at_most';

/** Binding strength of NMODL's operators; an operand that binds less than its place is put into parentheses. */
const strength = { '+': 1, '-': 1, '*': 2, '/': 2, '^': 4 } as const;
const signStrength = 3;
const atomStrength = 5;

/**
 * An expression in NMODL. Choices become calls of functions, because NMODL has no conditional expression; exprelr is `linoid`.
 * @param nameOf the identifier of a name
 * @param uses collects what the file has to define
 */
export function nmodlExpression(
  expression: Expression,
  nameOf: (name: string) => string,
  uses: Set<NmodlFunction>,
): string {
  const print = (e: Expression): string => nmodlExpression(e, nameOf, uses);
  const within = (e: Expression, least: number): string =>
    strengthOf(e) < least ? `(${print(e)})` : print(e);
  switch (expression.kind) {
    case 'number':
      return nmodlNumber(expression.value);
    case 'name':
      return nameOf(expression.name);
    case 'negate':
      return `-${within(expression.argument, atomStrength)}`;
    case 'call':
      return `${functionName(expression.function, uses)}(${print(expression.argument)})`;
    case 'binary': {
      const { operator, left, right } = expression;
      if (operator === '^') return `${within(left, atomStrength)}^${within(right, atomStrength)}`;
      const own = strength[operator];
      const signed = strengthOf(right) === signStrength; // no two operators in a row
      const least = own === strength['+'] ? strength['*'] : strength['^'];
      return `${within(left, own)} ${operator} ${within(right, signed ? atomStrength : least)}`;
    }
    case 'if': {
      const name = expression.operator === '<' ? 'choose_less' : 'choose_at_most';
      uses.add(name);
      const { left, right, then, otherwise } = expression;
      return `${name}(${[left, right, then, otherwise].map(print).join(', ')})`;
    }
  }
}

/** The shortest decimal that is the same double. */
export function nmodlNumber(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? '1e400' : '-1e400';
  return String(value);
}

function strengthOf(expression: Expression): number {
  if (expression.kind === 'binary') return strength[expression.operator];
  if (expression.kind === 'negate') return signStrength;
  if (expression.kind === 'number' && expression.value < 0) return signStrength;
  return atomStrength;
}

function functionName(name: string, uses: Set<NmodlFunction>): string {
  if (name === 'abs') return 'fabs';
  if (name !== 'exprelr') return name;
  uses.add('linoid');
  return 'linoid';
}

/** The definitions of the functions that a file uses. */
export function nmodlFunctions(uses: ReadonlySet<NmodlFunction>): string {
  const choice = (name: string, operator: string): string => `
FUNCTION ${name}(left, right, then, otherwise) {
  if (left ${operator} right) {
    ${name} = then
  } else {
    ${name} = otherwise
  }
}
`;
  return [
    uses.has('linoid') ? linoid : '',
    uses.has('choose_less') ? choice('choose_less', '<') : '',
    uses.has('choose_at_most') ? choice('choose_at_most', '<=') : '',
  ].join('');
}

const linoid = `
: z/(e^z - 1), continuous through linoid(0) = 1
FUNCTION linoid(z) {
  if (fabs(z) < 1e-4) {
    linoid = 1 - z/2
  } else {
    linoid = z/(exp(z) - 1)
  }
}
`;
