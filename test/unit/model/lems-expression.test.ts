import { describe, expect, it } from 'vitest';
import { closureOf } from '../../../main/model/expression-closure.ts';
import { parseExpression } from '../../../main/model/expression.ts';
import { lemsChoice, lemsExpression } from '../../../main/model/lems-expression.ts';

const nameOf = (name: string): string => {
  if (name === 'v') return 'V';
  throw new Error(`«${name}» is not known`);
};
const at = (source: string, V: number): number =>
  closureOf(parseExpression(source, 'a test'), () => 0)(Float64Array.of(V));

describe('lemsExpression', () => {
  it('keeps arithmetic and functions, ln by its name here', () => {
    expect(at(lemsExpression('2*exp(-v/4) + ln(v^2) - sqrt( 1e1 )', nameOf), 3)).toBeCloseTo(
      2 * Math.exp(-0.75) + Math.log(9) - Math.sqrt(10),
      14,
    );
  });
  it.each([
    ['sin(v)', '«sin» has no counterpart'],
    ['w + v', '«w» is not known'],
    ['v .gt. 3', 'stands outside a condition'],
    ['v $ 3', '«$» has no meaning'],
  ])('says why %s cannot be written', (text, reason) => {
    expect(() => lemsExpression(text, nameOf)).toThrow(reason);
  });
});

describe('lemsChoice', () => {
  it.each<[string, (v: number) => boolean]>([
    ['v .gt. 2', (v) => v > 2],
    ['(v .leq. 2)', (v) => v <= 2],
    ['v .geq. 2 .and. v .lt. 4', (v) => v >= 2 && v < 4],
    ['(v .lt. 1) .or. ((v .gt. 2) .and. (v .lt. 3))', (v) => v < 1 || (v > 2 && v < 3)],
    ['v .eq. 2', (v) => v === 2],
    ['v*2 .neq. 4', (v) => v * 2 !== 4],
    ['.not. (v .gt. 2)', (v) => !(v > 2)],
  ])('chooses by %s', (condition, holds) => {
    const choice = lemsChoice(condition, '10', '20', nameOf);
    for (const v of [0, 1, 2, 2.5, 3, 4]) expect(at(choice, v)).toBe(holds(v) ? 10 : 20);
  });
  it('refuses what is no condition', () => {
    expect(() => lemsChoice('v + 2', '1', '2', nameOf)).toThrow('is not a condition');
  });
});
