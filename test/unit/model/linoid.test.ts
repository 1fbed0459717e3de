import { describe, expect, it } from 'vitest';
import { closureOf } from '../../../main/model/expression-closure.ts';
import { parseExpression, type Expression } from '../../../main/model/expression.ts';
import { withoutSingularities } from '../../../main/model/linoid.ts';

const names = ['V', 'vT', 'k', 'x'];
const meanings: Record<string, Expression> = { x: parseExpression('V - vT', 'a test') };
function cured(source: string): Expression {
  return withoutSingularities(parseExpression(source, 'a test'), (name) => meanings[name]);
}
const at = (expression: Expression, V: number): number =>
  closureOf(expression, (name) => names.indexOf(name))(Float64Array.of(V, -55, 4, V + 55));

describe('withoutSingularities', () => {
  it.each<[source: string, singular: number, limit: number]>([
    ['0.1 * (V + 40) / (1 - exp(-(V + 40) / 10))', -40, 1],
    ['-0.01 * (V + 34) / (exp(-0.1 * (V + 34)) - 1)', -34, 0.1],
    ['0.32 * (13 - V) / (exp((13 - V) / 4) - 1)', 13, 1.28],
    ['0.32 * (13 - x) / (exp((13 - x) / k) - 1)', -42, 1.28],
    ['0.28 * (V - vT - 40) / (exp((V - vT - 40) / 5) - 1)', -15, 1.4],
    ['0.28 * (V - vT - 40) / (exp((x - 40) / 5) - 1)', -15, 1.4],
    ['(V + 4) / (-1 + exp(0.1 * V + 0.4))', -4, 10],
    ['V / (2 * (1 - exp(-V)))', 0, 0.5],
    ['k * V / vT / (exp(V / k) - 1)', 0, 16 / -55],
  ])('gives %s its limit at %f', (source, singular, limit) => {
    const plain = parseExpression(source, 'a test');
    expect(at(plain, singular)).toBeNaN();
    expect(at(cured(source), singular)).toBeCloseTo(limit, 12);
    for (const V of [-90.3, -41.7, 0.2, 30])
      // Factors are multiplied in another order: a few roundings.
      expect(at(cured(source), V) / at(plain, V)).toBeCloseTo(1, 12);
  });
  it.each([
    '(V + 40) / (1 - exp(-(V + 41) / 10))',
    '3 / (1 - exp(V))',
    'V / (2 - exp(V))',
    'V / (1 + exp(V))',
    'k / (exp(k) + 1)',
  ])('leaves %s as it is', (source) => {
    expect(cured(source)).toEqual(parseExpression(source, 'a test'));
  });
});
