import { describe, expect, it } from 'vitest';
import {
  cholesky,
  choleskyUpper,
  covarianceFromPrecisionFactor,
  invertLower,
  invertPositiveDefinite,
  invertUpper,
  logDeterminant,
  precisionFactorFromCovariance,
  solveLower,
  solvePositiveDefinite,
  solveUpper,
  transpose,
} from '../../../main/numeric/linear-algebra.ts';
import { createRandom } from '../../../main/numeric/random.ts';

const n = 6;

/** M Mᵀ + I of a random M: condition number below about 50, so 1e-12 leaves room for rounding. */
function positiveDefinite(): Float64Array {
  const random = createRandom(1);
  const m = Float64Array.from({ length: n * n }, () => random.normal());
  const a = multiply(m, transpose(m, n));
  for (let i = 0; i < n; i++) a[i * n + i]! += 1;
  return a;
}
function multiply(a: Float64Array, b: Float64Array): Float64Array {
  return Float64Array.from({ length: n * n }, (_, i) => {
    let sum = 0;
    for (let k = 0; k < n; k++) sum += a[Math.floor(i / n) * n + k]! * b[k * n + (i % n)]!;
    return sum;
  });
}
function expectClose(actual: Float64Array, expected: ArrayLike<number>): void {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 11));
}
const identity = Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));

describe('linear algebra', () => {
  it('factors a positive definite matrix from either side', () => {
    const a = positiveDefinite();
    const lower = cholesky(a, n);
    const upper = choleskyUpper(a, n);
    expectClose(multiply(lower, transpose(lower, n)), a);
    expectClose(multiply(transpose(upper, n), upper), a);
    expect(lower[1]).toBe(0);
    expect(upper[n]).toBe(0);
  });

  it('inverts triangular and positive definite matrices', () => {
    const a = positiveDefinite();
    const upper = choleskyUpper(a, n);
    expectClose(multiply(upper, invertUpper(upper, n)), identity);
    expectClose(multiply(cholesky(a, n), invertLower(cholesky(a, n), n)), identity);
    expectClose(multiply(a, invertPositiveDefinite(a, n)), identity);
  });

  it('turns a precision factor into its covariance and back', () => {
    const covariance = positiveDefinite();
    const upper = precisionFactorFromCovariance(covariance, n);
    expectClose(covarianceFromPrecisionFactor(upper, n), covariance);
  });

  it('solves triangular and positive definite systems', () => {
    const a = positiveDefinite();
    const x = Float64Array.of(1, -2, 3, -4, 5, -6);
    const times = (m: Float64Array) =>
      Float64Array.from({ length: n }, (_, i) => x.reduce((sum, v, j) => sum + m[i * n + j]! * v, 0));
    expectClose(solvePositiveDefinite(a, times(a), n), x);
    expectClose(solveUpper(choleskyUpper(a, n), times(choleskyUpper(a, n)), n), x);
    expectClose(solveLower(cholesky(a, n), times(cholesky(a, n)), n), x);
  });

  it('gives the log-determinant: 3·5 − 2·2 = 11', () => {
    expect(logDeterminant([3, 2, 2, 5], 2)).toBeCloseTo(Math.log(11), 13);
  });

  it('refuses a matrix that is not positive definite and names the row', () => {
    expect(() => cholesky([1, 2, 2, 1], 2)).toThrow(/not positive definite: pivot 2 .* is -3/);
    expect(() => cholesky([NaN], 1)).toThrow('not positive definite');
  });

  it('refuses a singular triangular matrix and a wrong size', () => {
    expect(() => invertUpper([1, 1, 0, 0], 2)).toThrow('its diagonal entry 2 is 0');
    expect(() => solveLower([0], [1], 1)).toThrow('its diagonal entry 1 is 0');
    expect(() => cholesky([1, 2, 3], 2)).toThrow('A 2 × 2 matrix needs 4 values, not 3.');
  });
});
