import { describe, expect, it } from 'vitest';
import { standardForm } from '../../../main/export/neuroml-forms.ts';
import type { Expression } from '../../../main/model/expression.ts';
import { parseExpression } from '../../../main/model/expression.ts';
import { withoutSingularities } from '../../../main/model/linoid.ts';

const meanings: Record<string, Expression> = {
  vT: { kind: 'number', value: -55 },
  x: parseExpression('V - vT', 'x'),
};
const meaning = (name: string): Expression | undefined => meanings[name];
const form = (source: string) =>
  standardForm(withoutSingularities(parseExpression(source, 'a rate'), meaning), meaning);

describe('standardForm', () => {
  it.each([
    ['4 * exp(-(V + 65) / 18)', 'HHExp', 4, -65, -18],
    ['0.128 * exp((17 - x) / 18)', 'HHExp', 0.128, -38, -18],
    ['3 / exp(V / 10)', 'HHExp', 3, 0, -10],
    ['4 / (1 + exp((40 - x) / 5))', 'HHSigmoid', 4, -15, 5],
    ['0.0065 / (exp((-15 - V) / 28) + 1)', 'HHSigmoid', 0.0065, -15, 28],
    ['0.32 * (13 - x) / (exp((13 - x) / 4) - 1)', 'HHExpLinear', 1.28, -42, 4],
    ['0.28 * (x - 40) / (exp((x - 40) / 5) - 1)', 'HHExpLinear', 1.4, -15, -5],
  ])('finds %s', (source, kind, rate, midpoint, scale) => {
    const found = form(source)!;
    expect(found.form).toBe(kind);
    expect(found.rate).toBeCloseTo(rate, 12);
    expect(found.midpointMv).toBeCloseTo(midpoint, 10);
    expect(found.scaleMv).toBeCloseTo(scale, 10);
  });

  it.each([
    '1 / (3.3 * exp(V / 20) + exp(-V / 20))',
    'exp(V) * exp(2 * V)',
    'tanh(V / 10)',
    'exp(V ^ 2)',
    '5',
    'V',
  ])('leaves %s, which has none', (source) => {
    expect(form(source)).toBeNull();
  });
});
