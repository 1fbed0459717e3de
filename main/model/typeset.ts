import type { MathNode } from '../contract/equations.ts';
import type { Choice, Expression } from './expression.ts';

/** What a name is called in print: parameters by their symbol, «−V_T» with its sign. */
export type SymbolOf = (name: string) => string;

export const number = (text: string): MathNode => ({ kind: 'number', text });
export const operator = (text: string): MathNode => ({ kind: 'operator', text });
export const row = (...parts: MathNode[]): MathNode => ({ kind: 'row', parts });
export const fraction = (over: MathNode, under: MathNode): MathNode => ({ kind: 'fraction', over, under });
export const power = (base: MathNode, exponent: MathNode): MathNode => ({ kind: 'power', base, exponent });

/** «g_Na» → base g, subscript Na; a sign is left to signOf. */
export function symbol(text: string): MathNode {
  const [base = '', ...sub] = text.replace(/^[−-]/, '').split('_');
  return { kind: 'symbol', base, sub: sub.join('_').replace(/^\{(.*)\}$/, '$1') };
}

const isNegative = (text: string) => /^[−-]/.test(text);
const brackets = (inner: MathNode) => row(operator('('), inner, operator(')'));

/** Precedence: what binds looser than its place needs brackets. */
const levels = { choice: 0, sum: 1, product: 2, sign: 3, power: 4, fraction: 5, atom: 6 } as const;

function levelOf(expression: Expression, symbolOf: SymbolOf): number {
  if (expression.kind === 'negate') return levels.sign;
  if (expression.kind === 'number') return expression.value < 0 ? levels.sign : levels.atom;
  if (expression.kind === 'name') return isNegative(symbolOf(expression.name)) ? levels.sign : levels.atom;
  if (expression.kind === 'call')
    return { exp: levels.power, exprelr: levels.fraction }[expression.function as string] ?? levels.atom;
  if (expression.kind === 'if') return extremeOf(expression) ? levels.atom : levels.choice;
  if (expression.operator === '+' || expression.operator === '-') return levels.sum;
  if (expression.operator === '^') return levels.power;
  return expression.operator === '/' ? levels.fraction : levels.product;
}

/** An expression as mathematics: fractions, powers, true minus, symbols with subscripts; exprelr(z) is written out. */
export function typeset(expression: Expression, symbolOf: SymbolOf): MathNode {
  const inside = (part: Expression, least: number): MathNode => {
    const shown = typeset(part, symbolOf);
    return levelOf(part, symbolOf) < least ? brackets(shown) : shown;
  };
  const of = (part: Expression): MathNode => inside(part, levels.sum);
  switch (expression.kind) {
    case 'number':
      return number(String(expression.value).replace('-', '−'));
    case 'name': {
      const text = symbolOf(expression.name);
      return isNegative(text) ? row(operator('−'), symbol(text)) : symbol(text);
    }
    case 'negate': {
      const { argument } = expression;
      // −(−E_l) is E_l.
      if (argument.kind === 'name' && isNegative(symbolOf(argument.name)))
        return symbol(symbolOf(argument.name));
      return row(operator('−'), inside(argument, levels.product));
    }
    case 'call':
      return call(expression.function, expression.argument, symbolOf);
    case 'if': {
      const extreme = extremeOf(expression);
      if (extreme)
        return row(
          operator(extreme.name),
          brackets(row(of(extreme.first), operator(',\u00a0'), of(extreme.second))),
        );
      const comparison = operator(expression.operator === '<' ? ' < ' : ' ≤ ');
      return row(
        ...[
          of(expression.then),
          operator('\u00a0if\u00a0'),
          of(expression.left),
          comparison,
          of(expression.right),
        ],
        ...[operator(',\u00a0else\u00a0'), of(expression.otherwise)],
      );
    }
    case 'binary': {
      const { left, right } = expression;
      if (expression.operator === '/') return fraction(typeset(left, symbolOf), typeset(right, symbolOf));
      if (expression.operator === '^') return power(inside(left, levels.atom), typeset(right, symbolOf));
      if (expression.operator === '*') {
        const numeric = right.kind === 'number';
        const between = numeric ? [operator('·')] : [operator('\u2062')];
        return row(inside(left, levels.product), ...between, inside(right, levels.power));
      }
      // V + (−V_T) is V − V_T.
      const flips = right.kind === 'name' && isNegative(symbolOf(right.name));
      const sign = (expression.operator === '-') !== flips ? '−' : '+';
      const second = flips
        ? symbol(symbolOf(right.name))
        : inside(right, expression.operator === '-' ? levels.product : levels.sum);
      return row(inside(left, levels.sum), operator(sign), second);
    }
  }
}

/** min(a, b) and max(a, b) are written as choices by the parser. */
function extremeOf({ left, right, then, otherwise }: Choice): {
  name: 'min' | 'max';
  first: Expression;
  second: Expression;
} | null {
  if (left === then && right === otherwise) return { name: 'min', first: right, second: left };
  if (left === otherwise && right === then) return { name: 'max', first: left, second: right };
  return null;
}

function call(
  name: Extract<Expression, { kind: 'call' }>['function'],
  argument: Expression,
  symbolOf: SymbolOf,
): MathNode {
  const shown = typeset(argument, symbolOf);
  const e = power(symbol('e'), shown);
  switch (name) {
    case 'exp':
      return e;
    case 'exprelr':
      return fraction(shown, row(e, operator('−'), number('1')));
    case 'sqrt':
      return { kind: 'root', of: shown };
    case 'abs':
      return row(operator('|'), shown, operator('|'));
    default:
      return row(operator(name === 'log' ? 'ln' : name), brackets(shown));
  }
}

/** One line of plain text that says the same. */
export function plainText(node: MathNode): string {
  switch (node.kind) {
    case 'number':
    case 'operator':
      return node.text === '\u2062' ? ' ' : node.text.replaceAll('\u00a0', ' ');
    case 'symbol':
      return node.sub === '' ? node.base : `${node.base}_${node.sub}`;
    case 'row':
      return node.parts
        .map((part, i) => {
          const shown = plainText(part);
          if (i === 0) return shown;
          // A sign at the beginning stands at its number.
          if (part.kind === 'operator') return /^[+−=≥→←]$/.test(part.text) ? ` ${part.text} ` : shown;
          // g_Na m is not g_Nam.
          return node.parts[i - 1]!.kind === 'operator' ? shown : ` ${shown}`;
        })
        .join('')
        .trim();
    case 'fraction':
      return `(${plainText(node.over)})/(${plainText(node.under)})`;
    case 'power':
      return `${plainText(node.base)}^(${plainText(node.exponent)})`;
    case 'root':
      return `√(${plainText(node.of)})`;
  }
}
