import { correlation } from '../numeric/statistics.ts';

/**
 * Pearson correlations of the columns of samples; 1 on the diagonal, 0 beside a column that does not vary.
 * @param samples [n, D] row-major
 * @returns [D][D]
 */
export function correlationMatrix(samples: Float64Array, dimension: number): number[][] {
  const n = samples.length / dimension;
  if (!Number.isInteger(n) || n < 2)
    throw new RangeError(`${samples.length} values are not two rows or more of ${dimension} columns.`);
  const columns = Array.from({ length: dimension }, (_, i) =>
    Float64Array.from({ length: n }, (_, s) => samples[s * dimension + i]!),
  );
  const matrix = columns.map(() => new Array<number>(dimension).fill(1));
  for (let i = 0; i < dimension; i++) {
    for (let j = 0; j < i; j++) {
      const r = correlation(columns[i]!, columns[j]!);
      matrix[i]![j] = r;
      matrix[j]![i] = r;
    }
  }
  return matrix;
}
