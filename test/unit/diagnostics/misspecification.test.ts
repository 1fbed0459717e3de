import { describe, expect, it } from 'vitest';
import { misspecification, misspecificationWarning } from '../../../main/diagnostics/misspecification.ts';

const n = 400;
/** width: 1 … 400 shuffled by a fixed stride; count: 0 or 1, half each; rare: present in two simulations. */
function pilot() {
  const x = new Float64Array(3 * n);
  for (let i = 0; i < n; i++) {
    x[3 * i] = ((i * 7) % n) + 1;
    x[3 * i + 1] = i % 2;
    x[3 * i + 2] = i < 2 ? 5 : NaN;
  }
  return x;
}
const at = (...observed: number[]) =>
  misspecification({
    names: ['width', 'count', 'rare'],
    observed,
    x: pilot(),
    bad: new Uint8Array(n),
  });

describe('misspecification', () => {
  it('finds nothing where simulations lie on both sides of every feature, ties included', () => {
    const found = at(200, 1, NaN);
    expect(found).toMatchObject({ outOfRange: [], simulations: n });
    expect(found!.mahalanobisRank).toBeLessThan(0.99);
    expect(misspecificationWarning(found)).toBeNull();
  });

  it('lists a feature that no simulation reaches, and one that at most 1 in 200 reaches', () => {
    expect(at(400.5, 1, NaN)!.outOfRange).toEqual([{ name: 'width', present: 1, beyond: 0, side: 'larger' }]);
    expect(at(400, 1, NaN)!.outOfRange).toEqual([
      { name: 'width', present: 1, beyond: 1 / 400, side: 'larger' },
    ]);
    expect(at(1, 1, NaN)!.outOfRange[0]).toMatchObject({ beyond: 1 / 400, side: 'smaller' });
    expect(at(399, 1, NaN)!.outOfRange).toEqual([]); // 2 of 400 is 1 in 200 exactly
  });

  it('lists a feature that the observation has and hardly any simulation has', () => {
    expect(at(200, 1, 5)!.outOfRange).toEqual([{ name: 'rare', present: 2 / n, beyond: 1, side: 'smaller' }]);
  });

  it('is unknown without an observed feature or a good simulation', () => {
    expect(at(NaN, NaN, NaN)).toBeNull();
    const bad = new Uint8Array(n).fill(1);
    expect(misspecification({ names: ['a'], observed: [1], x: new Float64Array(n), bad })).toBeNull();
    expect(misspecificationWarning(null)).toBeNull();
  });

  it('refuses tables that do not fit', () => {
    expect(() =>
      misspecification({ names: ['a'], observed: [1], x: new Float64Array(3), bad: new Uint8Array(2) }),
    ).toThrow(/do not fit/);
  });
});

describe('misspecificationWarning', () => {
  it('names the features and how far out they lie, in words', () => {
    const warning = misspecificationWarning(at(500, 1, 5))!;
    expect(warning.code).toBe('observation-outside-simulations');
    expect(warning.message).toMatch(
      /^The observed width lies outside all simulations from the prior: it is larger/,
    );
    expect(warning.message).toMatch(/The observation has rare, but only 2 of 400 simulations/);
    expect(misspecificationWarning(at(400, 1, NaN))!.message).toMatch(
      /^The observed width lies outside 99\.8 % of all simulations from the prior: it is larger\./,
    );
  });

  it('names the first three and counts the rest', () => {
    const outOfRange = ['a', 'b', 'c', 'd', 'e'].map((name) => ({
      name,
      present: 1,
      beyond: 0,
      side: 'larger' as const,
    }));
    const { message } = misspecificationWarning({ mahalanobisRank: 0.5, outOfRange, simulations: 9 })!;
    expect(message).toMatch(/So do 2 more: d, e\.$/);
  });

  it('speaks of the combination where that alone is odd', () => {
    const { message } = misspecificationWarning({ mahalanobisRank: 1, outOfRange: [], simulations: 9 })!;
    expect(message).toMatch(/^All features taken together, .* than every simulation\.$/);
  });
});
