import type { Expression } from './expression.ts';

const number = (value: number): Expression => ({ kind: 'number', value });
const isNumber = (e: Expression, value: number): boolean => e.kind === 'number' && e.value === value;

/** Arithmetic that leaves out what 0 and 1 make superfluous. */
export const algebra = {
  number,
  add: (left: Expression, right: Expression): Expression =>
    isNumber(left, 0) ? right : isNumber(right, 0) ? left : { kind: 'binary', operator: '+', left, right },
  subtract: (left: Expression, right: Expression): Expression =>
    isNumber(right, 0)
      ? left
      : isNumber(left, 0)
        ? algebra.negate(right)
        : { kind: 'binary', operator: '-', left, right },
  multiply: (left: Expression, right: Expression): Expression => {
    if (isNumber(left, 0) || isNumber(right, 0)) return number(0);
    if (isNumber(left, 1)) return right;
    return isNumber(right, 1) ? left : { kind: 'binary', operator: '*', left, right };
  },
  divide: (left: Expression, right: Expression): Expression =>
    isNumber(left, 0) ? left : isNumber(right, 1) ? left : { kind: 'binary', operator: '/', left, right },
  negate: (argument: Expression): Expression =>
    argument.kind === 'number' ? number(-argument.value) : { kind: 'negate', argument },
  power: (left: Expression, right: Expression): Expression =>
    isNumber(right, 1) ? left : { kind: 'binary', operator: '^', left, right },
  name: (name: string): Expression => ({ kind: 'name', name, at: 0 }),
};

/**
 * ∂expression/∂variable, for the linear part of a time step. Branches of a choice are differentiated each by itself.
 * @param meaning what a name stands for (a definition); undefined for what is a quantity of its own
 */
export function derivative(
  expression: Expression,
  variable: string,
  meaning: (name: string) => Expression | undefined,
): Expression {
  const { add, subtract, multiply, divide, negate, power } = algebra;
  const of = (e: Expression): Expression => derivative(e, variable, meaning);
  switch (expression.kind) {
    case 'number':
      return number(0);
    case 'name': {
      if (expression.name === variable) return number(1);
      const inner = meaning(expression.name);
      return inner ? of(inner) : number(0);
    }
    case 'negate':
      return negate(of(expression.argument));
    case 'call':
      return multiply(outerDerivative(expression), of(expression.argument));
    case 'if': {
      const [then, otherwise] = [of(expression.then), of(expression.otherwise)];
      return isNumber(then, 0) && isNumber(otherwise, 0) ? then : { ...expression, then, otherwise };
    }
    case 'binary': {
      const { left, right } = expression;
      const [dl, dr] = [of(left), of(right)];
      switch (expression.operator) {
        case '+':
          return add(dl, dr);
        case '-':
          return subtract(dl, dr);
        case '*':
          return add(multiply(dl, right), multiply(left, dr));
        case '/': // (l/r)' = (l' − (l/r)·r')/r
          return divide(subtract(dl, multiply(expression, dr)), right);
        case '^': {
          const base = multiply(multiply(right, power(left, subtract(right, number(1)))), dl);
          return isNumber(dr, 0) ? base : add(base, multiply(multiply(expression, call('log', left)), dr));
        }
      }
    }
  }
}

const call = (name: Extract<Expression, { kind: 'call' }>['function'], argument: Expression): Expression => ({
  kind: 'call',
  function: name,
  argument,
});

/** Below this |z| the derivative of exprelr is its series −1/2 + z/6 − z³/180; the error is z⁵/5040 < 2e-9. */
const seriesLimit = 0.1;

/** The derivative of a function with respect to its argument. */
function outerDerivative(expression: Extract<Expression, { kind: 'call' }>): Expression {
  const { add, subtract, multiply, divide, negate, power } = algebra;
  const z = expression.argument;
  switch (expression.function) {
    case 'exp':
      return expression;
    case 'log':
      return divide(number(1), z);
    case 'sqrt':
      return divide(number(0.5), expression);
    case 'abs':
      return {
        kind: 'if',
        operator: '<',
        left: z,
        right: number(0),
        then: number(-1),
        otherwise: number(1),
      };
    case 'tanh':
      return subtract(number(1), power(expression, number(2)));
    case 'cosh':
      return multiply(number(0.5), subtract(call('exp', z), call('exp', negate(z))));
    case 'exprelr': // E(z)·(1 − E(−z))/z
      return {
        kind: 'if',
        operator: '<',
        left: call('abs', z),
        right: number(seriesLimit),
        then: add(
          number(-0.5),
          multiply(z, subtract(number(1 / 6), multiply(power(z, number(2)), number(1 / 180)))),
        ),
        otherwise: divide(multiply(expression, subtract(number(1), call('exprelr', negate(z)))), z),
      };
  }
}
