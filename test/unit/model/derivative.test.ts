import { expect, it } from 'vitest';
import { derivative } from '../../../main/model/derivative.ts';
import { closureOf } from '../../../main/model/expression-closure.ts';
import { parseExpression, type Expression } from '../../../main/model/expression.ts';

const names = ['V', 'a', 'x'];
const definitions: Record<string, Expression> = { x: parseExpression('2 * V - a', 'a test') };
function value(expression: Expression, V: number): number {
  const a = 1.7;
  return closureOf(expression, (name) => names.indexOf(name))(Float64Array.of(V, a, 2 * V - a));
}

it.each([
  '3',
  'a * V - V / a',
  'V ^ 3 + V ^ 2.5 + 2 ^ V + V ^ a',
  'exp(-V / 4) / (1 + exp(V))',
  'log(V) * sqrt(V)',
  'tanh(V) + cosh(V / 3)',
  'abs(-V) - abs(V - 9)',
  'exprelr(V) + exprelr(-V / 50) + exprelr(V / 1000)',
  'if(V < 2, V ^ 2, -V)',
  'min(V, 9) + max(a, V)',
  'exp(x / 10) + V * x',
  '-(V * (a - V))',
])('differentiates %s as finite differences do', (source) => {
  const slope = derivative(parseExpression(source, 'a test'), 'V', (name) => definitions[name]);
  for (const V of [0.4, 1.31, 4.2]) {
    const whole = parseExpression(source, 'a test');
    const h = 1e-5;
    // Definitions change with V: the difference goes through x as well.
    const difference = (value(whole, V + h) - value(whole, V - h)) / (2 * h);
    // Central differences are off by h²·f''' ≈ 1e-9 and by the rounding 1e-16/h = 1e-11.
    expect(Math.abs(value(slope, V) - difference)).toBeLessThan(1e-7 * (1 + Math.abs(difference)));
  }
});

it('is 0, as a number, for what does not depend on the variable', () => {
  expect(derivative(parseExpression('exp(a) * if(a < 1, 2, a)', 'a test'), 'V', () => undefined)).toEqual({
    kind: 'number',
    value: 0,
  });
});
