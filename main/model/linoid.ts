import { partsOf, withParts, type Expression } from './expression.ts';

/**
 * Rates such as a·(V − b)/(1 − exp(−(V − b)/c)) are 0/0 at V = b, where they have a limit. Every quotient whose denominator
 * holds exp(u) − 1 or 1 − exp(u) and whose numerator holds a factor proportional to one of u is written with exprelr(u) =
 * u/(e^u − 1), which is continuous there: the author of a model needs no guard of his own.
 *
 * @param meaning what a name stands for; definitions are looked into, so that «x» and «V − vT» are seen to be the same
 */
export function withoutSingularities(
  expression: Expression,
  meaning: (name: string) => Expression | undefined,
): Expression {
  const parts = partsOf(expression);
  const cured = parts.map((part) => withoutSingularities(part, meaning));
  const same = cured.every((part, i) => part === parts[i]);
  const rebuilt = same ? expression : withParts(expression, cured);
  if (rebuilt.kind !== 'binary' || rebuilt.operator !== '/') return rebuilt;
  const factors = factorsOf(rebuilt);
  for (const below of factors.filter((factor) => factor.inverse)) {
    const relative = relativeExponential(below.expression);
    if (relative === null) continue;
    for (const part of factorsOf(relative.argument)) {
      if (part.inverse) continue;
      for (const above of factors.filter((factor) => !factor.inverse)) {
        const ratio = proportion(above.expression, part.expression, meaning);
        if (ratio === null) continue;
        // above/(±(e^u − 1)) = ±ratio·(part/u)·exprelr(u), and part/u holds what else u is made of, upside down.
        const rest = factors.filter((factor) => factor !== above && factor !== below);
        const others = factorsOf(relative.argument)
          .filter((factor) => factor.expression !== part.expression)
          .map((factor) => ({ ...factor, inverse: !factor.inverse }));
        const scale: Factor = { expression: number(ratio * relative.sign), inverse: false };
        const linoid: Factor = {
          expression: { kind: 'call', function: 'exprelr', argument: relative.argument },
          inverse: false,
        };
        return product([...rest, ...others, scale, linoid]);
      }
    }
  }
  return rebuilt;
}

interface Factor {
  expression: Expression;
  inverse: boolean;
}

const number = (value: number): Expression => ({ kind: 'number', value });

/** A product of products and quotients, taken apart; signs become factors −1. */
function factorsOf(expression: Expression, inverse = false): Factor[] {
  if (expression.kind === 'negate')
    return [{ expression: number(-1), inverse: false }, ...factorsOf(expression.argument, inverse)];
  if (expression.kind === 'binary' && (expression.operator === '*' || expression.operator === '/')) {
    const turned = expression.operator === '/' ? !inverse : inverse;
    return [...factorsOf(expression.left, inverse), ...factorsOf(expression.right, turned)];
  }
  return [{ expression, inverse }];
}

function product(factors: readonly Factor[]): Expression {
  const above = factors.filter((factor) => !factor.inverse && !isOne(factor.expression));
  const below = factors.filter((factor) => factor.inverse);
  const top = above.map((factor) => factor.expression);
  const result = top.reduce<Expression | null>(
    (left, right) => (left === null ? right : { kind: 'binary', operator: '*', left, right }),
    null,
  );
  return below.reduce<Expression>(
    (left, factor) => ({ kind: 'binary', operator: '/', left, right: factor.expression }),
    result ?? number(1),
  );
}

const isOne = (expression: Expression): boolean => expression.kind === 'number' && expression.value === 1;

/** exp(u) − 1, 1 − exp(u), −1 + exp(u): the argument u, and the sign of e^u. */
function relativeExponential(expression: Expression): { argument: Expression; sign: 1 | -1 } | null {
  if (expression.kind !== 'binary') return null;
  const { operator, left, right } = expression;
  if (operator === '-' && isExponential(left) && isOne(right)) return { argument: left.argument, sign: 1 };
  if (operator === '-' && isOne(left) && isExponential(right)) return { argument: right.argument, sign: -1 };
  const minusOne = (side: Expression): boolean =>
    (side.kind === 'negate' && isOne(side.argument)) || (side.kind === 'number' && side.value === -1);
  if (operator === '+' && minusOne(left) && isExponential(right))
    return { argument: right.argument, sign: 1 };
  return null;
}

function isExponential(expression: Expression): expression is Extract<Expression, { kind: 'call' }> {
  return expression.kind === 'call' && expression.function === 'exp';
}

/** a = ratio·b for every value of the names; null where that is not seen, or where both are constants. */
function proportion(
  a: Expression,
  b: Expression,
  meaning: (name: string) => Expression | undefined,
): number | null {
  const [left, right] = [linearForm(a, meaning), linearForm(b, meaning)];
  if (left === null || right === null || left.size !== right.size) return null;
  if (![...left.keys()].some((key) => key !== '')) return null;
  let ratio: number | null = null;
  for (const [key, value] of left) {
    const other = right.get(key);
    if (other === undefined || other === 0) return null;
    // Differently written decimals of one number differ in their last digits.
    if (ratio !== null && Math.abs(value / other - ratio) > 1e-12 * Math.abs(ratio)) return null;
    ratio ??= value / other;
  }
  return ratio;
}

/** Σ coefficient·name + constant (the key ''); null for anything else. */
function linearForm(
  expression: Expression,
  meaning: (name: string) => Expression | undefined,
): Map<string, number> | null {
  const scaled = (form: Map<string, number>, by: number) =>
    new Map([...form].map(([key, value]) => [key, value * by]));
  switch (expression.kind) {
    case 'number':
      return new Map([['', expression.value]]);
    case 'name': {
      const inner = meaning(expression.name);
      const form = inner && linearForm(inner, meaning);
      return form ?? new Map([[expression.name, 1]]);
    }
    case 'negate': {
      const form = linearForm(expression.argument, meaning);
      return form && scaled(form, -1);
    }
    case 'binary': {
      const left = linearForm(expression.left, meaning);
      const right = linearForm(expression.right, meaning);
      if (left === null || right === null) return null;
      const constant = (form: Map<string, number>) =>
        [...form.keys()].every((key) => key === '') ? (form.get('') ?? 0) : null;
      switch (expression.operator) {
        case '+':
        case '-': {
          const sum = new Map(left);
          const sign = expression.operator === '+' ? 1 : -1;
          for (const [key, value] of right) sum.set(key, (sum.get(key) ?? 0) + sign * value);
          return new Map([...sum].filter(([, value]) => value !== 0));
        }
        case '*': {
          const [l, r] = [constant(left), constant(right)];
          return l !== null ? scaled(right, l) : r !== null ? scaled(left, r) : null;
        }
        case '/': {
          const r = constant(right);
          return r !== null && r !== 0 ? scaled(left, 1 / r) : null;
        }
        case '^':
          return null;
      }
      break;
    }
    default:
      return null;
  }
}
