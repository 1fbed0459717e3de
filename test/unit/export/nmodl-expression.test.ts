import { describe, expect, it } from 'vitest';
import {
  nmodlExpression,
  nmodlFunctions,
  nmodlNumber,
  type NmodlFunction,
} from '../../../main/export/nmodl-expression.ts';
import { parseExpression } from '../../../main/model/expression.ts';

function nmodl(source: string): { text: string; uses: NmodlFunction[] } {
  const uses = new Set<NmodlFunction>();
  const text = nmodlExpression(parseExpression(source, 'a test'), (name) => name, uses);
  return { text, uses: [...uses] };
}

describe('nmodlExpression', () => {
  it.each([
    ['a - (b - c)', 'a - (b - c)'],
    ['a - b - c', 'a - b - c'],
    ['a / (b * c)', 'a / (b * c)'],
    ['-2^2', '-(2^2)'],
    ['(-2)^2', '(-2)^2'],
    ['2^3^2', '2^(3^2)'],
    ['(a + b) * c', '(a + b) * c'],
    ['V - -77', 'V - (-77)'],
    ['a * -b', 'a * (-b)'],
    ['abs(a) + tanh(b)', 'fabs(a) + tanh(b)'],
  ])('writes %s as %s', (source, text) => {
    expect(nmodl(source)).toEqual({ text, uses: [] });
  });

  it('writes choices and removable singularities as functions that the file defines', () => {
    expect(nmodl('if(a <= b, 1, 2)')).toEqual({
      text: 'choose_at_most(a, b, 1, 2)',
      uses: ['choose_at_most'],
    });
    expect(nmodl('max(a, 0)').text).toBe('choose_less(a, 0, 0, a)');
    expect(nmodl('exprelr(a)')).toEqual({ text: 'linoid(a)', uses: ['linoid'] });
    const text = nmodlFunctions(new Set<NmodlFunction>(['linoid', 'choose_less']));
    expect(text).toContain('FUNCTION linoid(z)');
    expect(text).toContain('FUNCTION choose_less(left, right, then, otherwise)');
    expect(text).not.toContain('choose_at_most');
  });

  it('keeps every double', () => {
    expect(Number(nmodlNumber(0.1 + 0.2))).toBe(0.1 + 0.2);
    expect(nmodlNumber(-1e-7)).toBe('-1e-7');
  });
});
