import { describe, expect, it } from 'vitest';
import { LemsDynamics } from '../../../main/export/lems-dynamics.ts';
import { parseExpression } from '../../../main/model/expression.ts';

const dynamics = () =>
  new LemsDynamics(
    (name) =>
      name === 'vT'
        ? { kind: 'number', value: -55 }
        : name === 'x'
          ? parseExpression('V - vT', 'x')
          : undefined,
    { V: 'V' },
  );
const of = (source: string) => {
  const made = dynamics();
  return { made, text: made.text(parseExpression(source, 'a test')) };
};

describe('LemsDynamics', () => {
  it('writes expressions in LEMS’ words', () => {
    expect(of('-V + log(2)').text).toBe('((0 - V) + ln(2))');
    expect(of('V * -3').text).toBe('(V * (0 - 3))');
  });
  it('has parameters as constants and definitions as variables, under names that LEMS does not use', () => {
    const { made, text } = of('x * vT');
    expect(text).toBe('(x_2 * vT)');
    expect(made.constants).toEqual(['<Constant name="vT" dimension="none" value="-55"/>']);
    expect(made.derived).toEqual(['<DerivedVariable name="x_2" dimension="none" value="(V - vT)"/>']);
  });
  it('makes a variable of a choice, and conditional ones of what needs it', () => {
    const { made, text } = of('if(V < 3, 1, 2)');
    expect(made.derived[0]).toContain('<Case condition="V .lt. 3" value="1"/><Case value="2"/>');
    made.set('y', text);
    expect(made.derived[1]).toBe(
      `<ConditionalDerivedVariable name="y" dimension="none"><Case value="${text}"/></ConditionalDerivedVariable>`,
    );
  });
  it('has no division by zero at a removable singularity', () => {
    const { made, text } = of('exprelr(V)');
    expect(made.derived).toEqual(['<DerivedVariable name="u_1" dimension="none" value="V + 1e-9"/>']);
    expect(text).toBe('(u_1 / (exp(u_1) - 1))');
  });
  it('refuses what has no value', () => {
    expect(() => of('Ca')).toThrow('«Ca» has no value here.');
  });
});
