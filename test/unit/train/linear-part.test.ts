import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../main/numeric/random.ts';
import { LinearPart, type Triangle } from '../../../main/train/linear-part.ts';

const n = 4000;
const random = createRandom(4);
/** Two features, the second missing in a third of the rows; three parameters with correlated residuals, one of them exact. */
const z = new Float64Array(2 * n);
const t = new Float64Array(3 * n);
for (let i = 0; i < n; i++) {
  const [a, b] = [random.normal(), random.normal()];
  const [e, f] = [random.normal(), random.normal()];
  const missing = random.uniform() < 1 / 3;
  z.set([a, missing ? NaN : b], 2 * i);
  t.set(
    [0.5 * a + 0.2 * e, 0.1 + 0.3 * (missing ? 0 : b) + (missing ? 0.4 : 0) + 0.1 * e + 0.3 * f, 2 * a],
    3 * i,
  );
}
const weights = new Float64Array(n).fill(1);
const rows = Array.from({ length: n }, (_, i) => i);
const fitted = (triangle: Triangle) => LinearPart.fit({ z, t, weights, rows }, 2, 3, [1], triangle);

describe.each(['lower', 'upper'] as const)('the linear part of a training, %s', (triangle) => {
  const part = fitted(triangle);

  it('finds the coefficients of features and of missing ones', () => {
    const expected = [0, 0.5, 0, 0, 0.1, 0, 0.3, 0.4, 0, 2, 0, 0];
    // Standard errors are 0.3/√(n/3) = 0.008 at most.
    part.coefficients.forEach((value, i) => expect(Math.abs(value - expected[i]!)).toBeLessThan(0.033));
  });

  it('leaves residuals of mean 0 and covariance I', () => {
    const { r } = part.residuals(z, t);
    for (let d = 0; d < 3; d++)
      for (let e = 0; e < 3; e++) {
        let product = 0;
        for (let i = 0; i < n; i++) product += (r[3 * i + d]! * r[3 * i + e]!) / n;
        // The ridge takes 1/n of a coefficient; a parameter without a residual is left with its floor, and less than 1.
        const expected = d !== e ? 0 : d < 2 ? 1 : 0;
        if (d < 2 && e < 2) expect(product).toBeCloseTo(expected, 2);
        else expect(Math.abs(product)).toBeLessThan(1.01);
      }
  });

  it('puts t together again from residuals and centres', () => {
    const { r, centre } = part.residuals(z, t);
    for (let i = 0; i < t.length; i += 97) {
      const d = i % 3;
      expect(centre[i]! + part.spread[d * 3 + d]! * r[i]!).toBeCloseTo(t[i]!, 10);
    }
    const predicted = part.predict(z, 0);
    const back = predicted.map((value, d) =>
      [0, 1, 2].reduce((sum, j) => sum + part.spread[3 * d + j]! * r[j]!, value),
    );
    back.forEach((value, d) => expect(value).toBeCloseTo(t[d]!, 10));
  });

  it('fills its triangle alone, and knows its determinant', () => {
    const empty = triangle === 'lower' ? [1, 2, 5] : [3, 6, 7];
    expect(empty.map((i) => part.spread[i])).toEqual([0, 0, 0]);
    expect(part.logDeterminant).toBeCloseTo(
      Math.log(part.spread[0]! * part.spread[4]! * part.spread[8]!),
      10,
    );
  });

  it('survives JSON', () => {
    const copy = LinearPart.fromJSON(
      JSON.parse(JSON.stringify(part)) as ReturnType<LinearPart['toJSON']>,
      [1],
    );
    expect(copy.predict(z, 2)).toEqual(part.predict(z, 2));
    expect(copy.residuals(z, t)).toEqual(part.residuals(z, t));
  });
});

describe('a linear part', () => {
  it('follows the weights', () => {
    const half = weights.map((_, i) => (i < n / 2 ? 2 : 0));
    const shifted = t.map((value, i) => value + (i < (3 * n) / 2 ? 5 : 0));
    const part = LinearPart.fit({ z, t: shifted, weights: half, rows }, 2, 3, [1], 'lower');
    // 5 more in all rows that count.
    expect(part.coefficients[0]).toBeCloseTo(5, 1);
  });

  it('reads no features where there are none to read', () => {
    const part = LinearPart.fit({ z, t, weights, rows }, 0, 3, [], 'lower');
    expect(part.coefficients).toHaveLength(3);
    // The variance of 0.5a + 0.2e
    expect(part.spread[0]! ** 2).toBeCloseTo(0.29, 1);
  });

  it('is the identity where no row counts', () => {
    const part = LinearPart.fit({ z, t, weights: weights.map(() => 0), rows }, 2, 3, [1], 'upper');
    expect(part.residuals(z, t).r).toEqual(t);
    expect(LinearPart.identity(2, 'lower').logDeterminant).toBe(0);
  });

  it('stands features that repeat each other, and more of them than rows', () => {
    const many = Float64Array.from({ length: 50 * 20 }, () => random.normal());
    for (let row = 0; row < 20; row++) many[row * 50 + 1] = many[row * 50]!;
    const own = Float64Array.from({ length: 20 }, (_, row) => many[row * 50]! + 0.1 * random.normal());
    const part = LinearPart.fit({ z: many, t: own, weights, rows: rows.slice(0, 20) }, 50, 1, [], 'lower');
    expect(part.residuals(many, own).r.every(Number.isFinite)).toBe(true);
  });
});
