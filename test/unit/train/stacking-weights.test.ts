import { describe, expect, it } from 'vitest';
import { stackingWeights } from '../../../main/train/stacking-weights.ts';

const even = (n: number) => new Float64Array(n).fill(1);
const logs = (...values: number[]) => Float64Array.from(values, Math.log);

describe('the shares of an ensemble', () => {
  it('are where the held-out score and ten rows for each member are highest', () => {
    // 300 rows of each kind and 10 for each member: 300 ln(.9a + .3(1 − a)) + 300 ln(.2a + .5(1 − a)) + 10 ln a + 10 ln(1 − a).
    const weights = new Float64Array(2).fill(300);
    const [a, b] = stackingWeights([logs(0.9, 0.2), logs(0.3, 0.5)], weights);
    const slope = 300 * (0.6 / (0.3 + 0.6 * a!) - 0.3 / (0.5 - 0.3 * a!)) + 10 / a! - 10 / b!;
    expect(Math.abs(slope)).toBeLessThan(1e-6);
    expect(a! + b!).toBeCloseTo(1, 12);
    // 600 rows are 300 of weight 2.
    const rows = (of: Float64Array) => Float64Array.from({ length: 600 }, (_, n) => of[n % 2]!);
    const apart = stackingWeights([rows(logs(0.9, 0.2)), rows(logs(0.3, 0.5))], even(600));
    expect(apart[0]).toBeCloseTo(a!, 9);
  });

  it('are equal where all members say the same', () => {
    expect([...stackingWeights([logs(0.1, 0.2), logs(0.1, 0.2)], even(2))]).toEqual([0.5, 0.5]);
  });

  it('are none for a member that adds nothing, and all for the one that is left', () => {
    const many = new Float64Array(2).fill(1000);
    expect([...stackingWeights([logs(0.9, 0.8), logs(0.1, 0.1)], many)]).toEqual([1, 0]);
  });

  it('stand where densities under- and overflow, and pass over rows that no member reaches', () => {
    const low = Float64Array.of(-2000, -3000, -Infinity);
    const lower = Float64Array.of(-2001, -2999, -Infinity);
    const [a, b] = stackingWeights([low, lower], even(3));
    expect(a).toBeCloseTo(0.5, 6);
    expect(b).toBeCloseTo(0.5, 6);
  });
});
