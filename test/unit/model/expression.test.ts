import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../main/contract/errors.ts';
import { closureOf, exprelr } from '../../../main/model/expression-closure.ts';
import { namesIn, parseExpression, reservedWords } from '../../../main/model/expression.ts';

function evaluate(source: string, values: Record<string, number> = {}): number {
  const names = Object.keys(values);
  const closure = closureOf(parseExpression(source, 'a test'), (name) => names.indexOf(name));
  return closure(Float64Array.from(Object.values(values)));
}
function refusal(source: string): AppError {
  try {
    parseExpression(source, 'alpha of gate m');
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown;
  }
  throw new Error(`«${source}» was not refused.`);
}

describe('parseExpression', () => {
  it.each([
    ['1 + 2 * 3', 7],
    ['(1 + 2) * 3', 9],
    ['8 / 4 / 2', 1],
    ['8 - 4 - 2', 2],
    ['-2^2', -4],
    ['2^-1', 0.5],
    ['2^3^2', 512],
    ['2*-3', -6],
    ['--3', 3],
    ['+.5e1', 5],
    ['1e-4*1E4', 1],
    ['sqrt(16) + abs(-2)', 6],
    ['log(exp(2))', 2],
    ['exprelr(0)', 1],
    ['if(1 < 2, 3, 4)', 3],
    ['if(2 <= 2, 3, 4)', 3],
    ['if(2 > 2, 3, 4)', 4],
    ['if(2 >= 2, if(1 > 0, 5, 6), 4)', 5],
    ['min(2, 3) + 10 * max(2, 3)', 32],
  ])('evaluates %s to %f', (source, expected) => {
    // One rounding of exp and log each.
    expect(evaluate(source)).toBeCloseTo(expected, 12);
  });

  it('reads names, and says which an expression uses', () => {
    expect(evaluate('0.128 * exp(-(V - vT - 17) / 18)', { V: -50, vT: -60 })).toBeCloseTo(
      0.128 * Math.exp(7 / 18),
      15,
    );
    expect([...namesIn(parseExpression('a * exp(b - a) ^ c', 'a test')).keys()]).toEqual(['a', 'b', 'c']);
  });

  /** The same expression for the parser and, as an independent evaluator, for the JavaScript engine. */
  interface Pair {
    source: string;
    script: string;
  }
  const both = (text: string): Pair => ({ source: text, script: text });
  const { expression } = fc.letrec<{ expression: Pair; leaf: Pair }>((tie) => ({
    leaf: fc.oneof(
      fc.constantFrom('a', 'b').map(both),
      fc.integer({ min: 0, max: 99 }).map((i) => both(`${i / 10}`)),
    ),
    expression: fc.oneof(
      { maxDepth: 5 },
      tie('leaf'),
      fc
        .tuple(tie('expression'), fc.constantFrom('+', '-', '*', '/'), tie('expression'))
        .map(([l, o, r]) => ({
          source: `${l.source} ${o} ${r.source}`,
          script: `${l.script} ${o} ${r.script}`,
        })),
      tie('expression').map((e) => ({ source: `(${e.source})`, script: `(${e.script})` })),
      tie('leaf').map((e) => ({ source: `-${e.source}`, script: `(-${e.script})` })),
      fc
        .tuple(tie('leaf'), fc.integer({ min: 0, max: 3 }))
        .map(([e, n]) => ({ source: `-${e.source}^${n}`, script: `(-(${e.script}**${n}))` })),
      fc
        .tuple(fc.constantFrom('exp', 'tanh', 'cosh', 'sqrt', 'abs', 'log'), tie('expression'))
        .map(([f, e]) => ({ source: `${f}(${e.source})`, script: `Math.${f}(${e.script})` })),
    ),
  }));
  it('agrees with the JavaScript engine on random expressions', () => {
    fc.assert(
      fc.property(expression, fc.double({ min: -2, max: 2, noNaN: true }), ({ source, script }, a) => {
        const direct = new Function('a', 'b', `return ${script}`) as (a: number, b: number) => number;
        const [got, expected] = [evaluate(source, { a, b: 0.7 }), direct(a, 0.7)];
        expect(got === expected || (Number.isNaN(got) && Number.isNaN(expected))).toBe(true);
      }),
      { numRuns: 500, seed: 7 },
    );
  });

  it('never throws anything but a refusal, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'aV19.e+-*/^() $,é'), maxLength: 30 }), (source) => {
        try {
          parseExpression(source, 'a test');
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(AppError);
        }
      }),
      { seed: 7 },
    );
  });

  it.each([
    ['1 + ', 4, 'expected a number, a name or «(», but the expression ends'],
    ['(1 + 2', 7, 'expected «)», but the expression ends'],
    ['1 2', 3, 'expected an operator or the end, but there is «2»'],
    ['V * )', 5, 'expected a number, a name or «(», but there is «)»'],
    ['0,5 * V', 2, 'there is «,»'],
    ['0.5 $ V', 5, '«$» has no meaning'],
    ['sin(V)', 1, `there is no function «sin»; the functions are ${reservedWords.join(', ')}`],
    ['if(V, 1, 2)', 5, 'expected a comparison (< <= > >=), but there is «,»'],
    ['if(V < 1, 2)', 12, 'expected «,», but there is «)»'],
    ['min(V)', 6, 'expected «,», but there is «)»'],
    ['', 1, 'the expression ends'],
  ])('refuses «%s» at character %i and says what it expected', (source, position, what) => {
    const error = refusal(source);
    expect(error.code).toBe('model-invalid');
    expect(error.message).toContain('alpha of gate m');
    expect(error.message).toContain(what);
    expect(error.details['position']).toBe(position);
  });

  it('refuses an expression nested too deeply instead of exhausting the stack', () => {
    expect(refusal('('.repeat(5000) + '1' + ')'.repeat(5000)).message).toContain('nested deeper');
    expect(refusal('2^'.repeat(5000) + '1').message).toContain('nested deeper');
    const min = Array.from({ length: 40 }).reduce<string>((inner) => `min(${inner}, 1)`, 'V');
    expect(refusal(min).message).toContain('more than 20000 operations');
  });
});

describe('exprelr', () => {
  it('is continuous through its removable singularity', () => {
    // The series leaves out z²/12 = 8e-10 at the seam.
    expect(exprelr(0.99e-4)).toBeCloseTo(exprelr(1.01e-4), 5);
    expect(Math.abs(exprelr(1e-4 * (1 - 1e-9)) - exprelr(1e-4))).toBeLessThan(1e-9);
  });
});
