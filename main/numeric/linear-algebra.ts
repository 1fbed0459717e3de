import { AppError } from '../contract/errors.ts';

/** Small dense matrices: Float64Array, [n, n] row-major. Everything is O(n³) or less and meant for n up to about 100. */

/**
 * The lower triangular L with A = L Lᵀ (Cholesky), zeros above the diagonal.
 * @param a symmetric, [n, n]; only the lower triangle is read
 * @throws AppError input-invalid where A is not positive definite, naming the row
 */
export function cholesky(a: ArrayLike<number>, n: number): Float64Array {
  checkSize(a, n);
  const lower = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= lower[i * n + k]! * lower[j * n + k]!;
      if (i !== j) lower[i * n + j] = sum / lower[j * n + j]!;
      else if (sum > 0 && sum < Infinity) lower[i * n + i] = Math.sqrt(sum);
      else throw notPositiveDefinite(i, sum);
    }
  }
  return lower;
}

/**
 * The upper triangular U with A = Uᵀ U: the transpose of L.
 * @throws AppError input-invalid where A is not positive definite
 */
export function choleskyUpper(a: ArrayLike<number>, n: number): Float64Array {
  return transpose(cholesky(a, n), n);
}

/** The inverse of an upper triangular matrix, upper triangular itself. */
export function invertUpper(upper: ArrayLike<number>, n: number): Float64Array {
  checkSize(upper, n);
  const inverse = new Float64Array(n * n);
  for (let column = 0; column < n; column++) {
    for (let i = column; i >= 0; i--) {
      let sum = i === column ? 1 : 0;
      for (let k = i + 1; k <= column; k++) sum -= upper[i * n + k]! * inverse[k * n + column]!;
      inverse[i * n + column] = sum / pivot(upper, i, n);
    }
  }
  return inverse;
}

/** The inverse of a lower triangular matrix, lower triangular itself. */
export function invertLower(lower: ArrayLike<number>, n: number): Float64Array {
  checkSize(lower, n);
  return transpose(invertUpper(transpose(lower, n), n), n);
}

/** x with U x = b, U upper triangular. */
export function solveUpper(upper: ArrayLike<number>, b: ArrayLike<number>, n: number): Float64Array {
  const x = Float64Array.from({ length: n }, (_, i) => b[i]!);
  for (let i = n - 1; i >= 0; i--) {
    let sum = x[i]!;
    for (let k = i + 1; k < n; k++) sum -= upper[i * n + k]! * x[k]!;
    x[i] = sum / pivot(upper, i, n);
  }
  return x;
}

/** x with L x = b, L lower triangular. */
export function solveLower(lower: ArrayLike<number>, b: ArrayLike<number>, n: number): Float64Array {
  const x = Float64Array.from({ length: n }, (_, i) => b[i]!);
  for (let i = 0; i < n; i++) {
    let sum = x[i]!;
    for (let k = 0; k < i; k++) sum -= lower[i * n + k]! * x[k]!;
    x[i] = sum / pivot(lower, i, n);
  }
  return x;
}

/** x with A x = b, A symmetric and positive definite. */
export function solvePositiveDefinite(a: ArrayLike<number>, b: ArrayLike<number>, n: number): Float64Array {
  const lower = cholesky(a, n);
  return solveUpper(transpose(lower, n), solveLower(lower, b, n), n);
}

/** A⁻¹ of a symmetric positive definite matrix. */
export function invertPositiveDefinite(a: ArrayLike<number>, n: number): Float64Array {
  return covarianceFromPrecisionFactor(choleskyUpper(a, n), n);
}

/** (UᵀU)⁻¹ = U⁻¹ U⁻ᵀ: the covariance that belongs to the precision factor U. */
export function covarianceFromPrecisionFactor(upper: ArrayLike<number>, n: number): Float64Array {
  const inverse = invertUpper(upper, n);
  const covariance = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = i; k < n; k++) sum += inverse[i * n + k]! * inverse[j * n + k]!;
      covariance[i * n + j] = sum;
      covariance[j * n + i] = sum;
    }
  }
  return covariance;
}

/** The upper triangular U with UᵀU = Σ⁻¹. @throws AppError input-invalid where Σ is not positive definite */
export function precisionFactorFromCovariance(covariance: ArrayLike<number>, n: number): Float64Array {
  return choleskyUpper(invertPositiveDefinite(covariance, n), n);
}

/** log |A| of a symmetric positive definite matrix. */
export function logDeterminant(a: ArrayLike<number>, n: number): number {
  return 2 * logDiagonalSum(cholesky(a, n), n);
}

/** Σ_i log T_ii: the log-determinant of a triangular matrix with a positive diagonal. */
export function logDiagonalSum(triangular: ArrayLike<number>, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += Math.log(triangular[i * n + i]!);
  return sum;
}

export function transpose(a: ArrayLike<number>, n: number): Float64Array {
  const result = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) result[j * n + i] = a[i * n + j]!;
  return result;
}

function pivot(triangular: ArrayLike<number>, i: number, n: number): number {
  const value = triangular[i * n + i]!;
  if (value !== 0 && Number.isFinite(value)) return value;
  throw new AppError(
    'input-invalid',
    `A triangular matrix is singular: its diagonal entry ${i + 1} is ${value}.`,
    {
      remedy: 'Look for parameters or features that do not vary, or vary together exactly.',
      details: { row: i },
    },
  );
}

function checkSize(a: ArrayLike<number>, n: number): void {
  if (a.length === n * n) return;
  throw new AppError('input-invalid', `A ${n} × ${n} matrix needs ${n * n} values, not ${a.length}.`, {
    remedy: 'Give every row as many values as there are rows.',
  });
}

function notPositiveDefinite(row: number, pivotValue: number): AppError {
  return new AppError(
    'input-invalid',
    `The covariance is not positive definite: pivot ${row + 1} of its Cholesky factor is ${pivotValue}.`,
    {
      remedy: 'Check that it is symmetric, that no variance is 0, and that no variable repeats another.',
      details: { row },
    },
  );
}
