import { AppError } from '../contract/errors.ts';
import { tokenize, type Token } from './expression-tokens.ts';

/**
 * The arithmetic of model files: numbers, names, + − * / ^, parentheses and the functions below.
 *
 * Precedence from loose to tight: + −; * /; unary −; ^. Operators of one level group from the left, ^ from the right,
 * so that −2^2 = −4 and 2^3^2 = 2^9, as on paper.
 */
export type Expression =
  | { kind: 'number'; value: number }
  | { kind: 'name'; name: string; at: number }
  | { kind: 'negate'; argument: Expression }
  | { kind: 'binary'; operator: BinaryOperator; left: Expression; right: Expression }
  | { kind: 'call'; function: FunctionName; argument: Expression };

export type BinaryOperator = '+' | '-' | '*' | '/' | '^';

/**
 * exprelr(z) = z/(e^z − 1), continuous through exprelr(0) = 1: the rate of an opening gate whose expression has a
 * removable singularity. The name is that of NMODL and Brian.
 */
export const functionNames = ['exp', 'exprelr', 'log', 'sqrt', 'abs', 'tanh', 'cosh'] as const;
export type FunctionName = (typeof functionNames)[number];

function isFunctionName(name: string): name is FunctionName {
  return (functionNames as readonly string[]).includes(name);
}

/** Deeper nesting than this is refused: the parser descends once a level. */
const maxDepth = 200;

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
      if (!isFunctionName(token.text))
        throw expressionError(
          source,
          where,
          token.at,
          `there is no function «${token.text}»; the functions are ${functionNames.join(', ')}`,
        );
      position++;
      const argument = sum();
      take(')');
      return { kind: 'call', function: token.text, argument };
    }
    if (!isOperator('(')) refuse('a number, a name or «(»');
    position++;
    const inner = sum();
    take(')');
    return inner;
  }

  const result = sum();
  if (peek().kind !== 'end') refuse('an operator or the end');
  return result;
}

export function expressionError(source: string, where: string, at: number, what: string): AppError {
  return new AppError('model-invalid', `In ${where}, at character ${at + 1} of «${source}»: ${what}.`, {
    remedy: 'Correct the expression in the model file.',
    details: { expression: source, position: at + 1 },
  });
}

/** Every name that an expression uses, with where it stands first. */
export function namesIn(expression: Expression, into = new Map<string, number>()): Map<string, number> {
  if (expression.kind === 'name' && !into.has(expression.name)) into.set(expression.name, expression.at);
  if (expression.kind === 'negate' || expression.kind === 'call') namesIn(expression.argument, into);
  if (expression.kind === 'binary') {
    namesIn(expression.left, into);
    namesIn(expression.right, into);
  }
  return into;
}
