import { AppError } from '../contract/errors.ts';
import { tokenize, type Token } from './expression-tokens.ts';

/**
 * The arithmetic of model files: numbers, names, + − * / ^, parentheses, the functions below, and choices:
 * `if(a < b, then, otherwise)` with one of < <= > >=, `min(a, b)` and `max(a, b)`. The last two are written as choices, a > b as
 * b < a, so that an expression has one form of choice.
 *
 * Precedence from loose to tight: + −; * /; unary −; ^. Operators of one level group from the left, ^ from the right,
 * so that −2^2 = −4 and 2^3^2 = 2^9, as on paper.
 */
export type Expression =
  | { kind: 'number'; value: number }
  | { kind: 'name'; name: string; at: number }
  | { kind: 'negate'; argument: Expression }
  | { kind: 'binary'; operator: BinaryOperator; left: Expression; right: Expression }
  | { kind: 'call'; function: FunctionName; argument: Expression }
  | Choice;

/** `then` where left < right (or ≤), else `otherwise`, also where a side is NaN. */
export interface Choice {
  kind: 'if';
  operator: '<' | '<=';
  left: Expression;
  right: Expression;
  then: Expression;
  otherwise: Expression;
}

export type BinaryOperator = '+' | '-' | '*' | '/' | '^';

/**
 * exprelr(z) = z/(e^z − 1), continuous through exprelr(0) = 1: the rate of an opening gate whose expression has a
 * removable singularity. The name is that of NMODL and Brian.
 */
export const functionNames = ['exp', 'exprelr', 'log', 'sqrt', 'abs', 'tanh', 'cosh'] as const;
export type FunctionName = (typeof functionNames)[number];

/** What has several arguments. */
const choiceNames = ['if', 'min', 'max'] as const;
/** Names that mean something in every expression. */
export const reservedWords: readonly string[] = [...functionNames, ...choiceNames];

function isFunctionName(name: string): name is FunctionName {
  return (functionNames as readonly string[]).includes(name);
}

/** Deeper nesting than this is refused: the parser descends once a level. */
const maxDepth = 200;
/** Operations; min and max count their arguments twice, so that nesting them multiplies. */
const maxSize = 20_000;

/**
 * @param source the expression's text
 * @param where what the expression is, for the message: «alpha of gate m»
 * @throws AppError model-invalid, with the position and what was expected there
 */
export function parseExpression(source: string, where: string): Expression {
  const tokens = tokenize(source, where);
  let position = 0;
  let depth = 0;

  const peek = (): Token => tokens[position]!;
  const isOperator = (...texts: string[]): boolean =>
    peek().kind === 'operator' && texts.includes(peek().text);

  function refuse(expected: string): never {
    const found = peek().kind === 'end' ? 'the expression ends' : `there is «${peek().text}»`;
    throw expressionError(source, where, peek().at, `expected ${expected}, but ${found}`);
  }
  function take(text: string): void {
    if (!isOperator(text)) refuse(`«${text}»`);
    position++;
  }

  function sum(): Expression {
    if (++depth > maxDepth)
      throw expressionError(source, where, peek().at, `it is nested deeper than ${maxDepth} levels`);
    let left = product();
    while (isOperator('+', '-')) {
      const operator = tokens[position++]!.text as '+' | '-';
      left = { kind: 'binary', operator, left, right: product() };
    }
    depth--;
    return left;
  }
  function product(): Expression {
    let left = signed();
    while (isOperator('*', '/')) {
      const operator = tokens[position++]!.text as '*' | '/';
      left = { kind: 'binary', operator, left, right: signed() };
    }
    return left;
  }
  /** Signs bind looser than ^ and tighter than * /. */
  function signed(): Expression {
    let negative = false;
    while (isOperator('-', '+')) negative = (tokens[position++]!.text === '-') !== negative;
    const value = power();
    return negative ? { kind: 'negate', argument: value } : value;
  }
  function power(): Expression {
    const base = primary();
    if (!isOperator('^')) return base;
    position++;
    if (++depth > maxDepth)
      throw expressionError(source, where, peek().at, `it is nested deeper than ${maxDepth} levels`);
    const right = signed();
    depth--;
    return { kind: 'binary', operator: '^', left: base, right };
  }
  function primary(): Expression {
    const token = peek();
    if (token.kind === 'number') {
      position++;
      return { kind: 'number', value: Number(token.text) };
    }
    if (token.kind === 'name') {
      position++;
      if (!isOperator('(')) return { kind: 'name', name: token.text, at: token.at };
      position++;
      const value = isFunctionName(token.text) ? call(token.text) : choice(token);
      take(')');
      return value;
    }
    if (!isOperator('(')) refuse('a number, a name or «(»');
    position++;
    const inner = sum();
    take(')');
    return inner;
  }

  function call(name: FunctionName): Expression {
    return { kind: 'call', function: name, argument: sum() };
  }
  function choice(token: Token): Expression {
    if (token.text === 'min' || token.text === 'max') {
      const first = sum();
      take(',');
      const second = sum();
      return token.text === 'min' ? least(first, second) : greatest(first, second);
    }
    if (token.text !== 'if')
      throw expressionError(
        source,
        where,
        token.at,
        `there is no function «${token.text}»; the functions are ${reservedWords.join(', ')}`,
      );
    const left = sum();
    if (!isOperator('<', '<=', '>', '>=')) refuse('a comparison (< <= > >=)');
    const comparison = tokens[position++]!.text;
    const right = sum();
    take(',');
    const then = sum();
    take(',');
    const otherwise = sum();
    const operator = comparison.endsWith('=') ? '<=' : '<';
    return comparison.startsWith('<')
      ? { kind: 'if', operator, left, right, then, otherwise }
      : { kind: 'if', operator, left: right, right: left, then, otherwise };
  }

  const result = sum();
  if (peek().kind !== 'end')
    refuse(`an operator or the end${isOperator(',') ? ' (a decimal is written with a point)' : ''}`);
  if (sizeOf(result) > maxSize)
    throw expressionError(source, where, 0, `it has more than ${maxSize} operations`);
  return result;
}

export function expressionError(source: string, where: string, at: number, what: string): AppError {
  return new AppError('model-invalid', `In ${where}, at character ${at + 1} of «${source}»: ${what}.`, {
    remedy: 'Correct the expression in the model file.',
    details: { expression: source, position: at + 1 },
  });
}

const least = (a: Expression, b: Expression): Choice => ({
  kind: 'if',
  operator: '<',
  left: b,
  right: a,
  then: b,
  otherwise: a,
});
const greatest = (a: Expression, b: Expression): Choice => ({ ...least(a, b), left: a, right: b });

function sizeOf(expression: Expression, known = new Map<Expression, number>()): number {
  const before = known.get(expression);
  if (before !== undefined) return before;
  const size = partsOf(expression).reduce((sum, part) => sum + sizeOf(part, known), 1);
  known.set(expression, size);
  return size;
}

/** What an expression is made of. */
export function partsOf(expression: Expression): Expression[] {
  switch (expression.kind) {
    case 'number':
    case 'name':
      return [];
    case 'negate':
    case 'call':
      return [expression.argument];
    case 'binary':
      return [expression.left, expression.right];
    case 'if':
      return [expression.left, expression.right, expression.then, expression.otherwise];
  }
}

/** The same expression of other parts, given in the order of `partsOf`. */
export function withParts(expression: Expression, parts: readonly Expression[]): Expression {
  switch (expression.kind) {
    case 'number':
    case 'name':
      return expression;
    case 'negate':
    case 'call':
      return { ...expression, argument: parts[0]! };
    case 'binary':
      return { ...expression, left: parts[0]!, right: parts[1]! };
    case 'if':
      return { ...expression, left: parts[0]!, right: parts[1]!, then: parts[2]!, otherwise: parts[3]! };
  }
}

/** Every name that an expression uses, with where it stands first. */
export function namesIn(expression: Expression, into = new Map<string, number>()): Map<string, number> {
  if (expression.kind === 'name' && !into.has(expression.name)) into.set(expression.name, expression.at);
  for (const part of partsOf(expression)) namesIn(part, into);
  return into;
}
