import { describe, expect, it } from 'vitest';
import { correlationMatrix } from '../../../main/diagnostics/correlation-matrix.ts';

describe('correlationMatrix', () => {
  it('is symmetric, 1 on the diagonal, and ±1 for columns on a line', () => {
    const matrix = correlationMatrix(Float64Array.of(0, 0, 1, 1, 2, -1, 2, 4, -3), 3);
    expect(matrix[0]![1]).toBeCloseTo(1, 12); // rounding
    expect(matrix[0]![2]).toBeCloseTo(-1, 12);
    expect(matrix.map((row, i) => row[i])).toEqual([1, 1, 1]);
    expect(matrix[2]![1]).toBe(matrix[1]![2]);
  });

  it('gives ½ where it is ½ by hand, and 0 beside a constant column', () => {
    // x = 0 1 2, y = 1 0 2 → r = Σ dx dy / √(Σdx² Σdy²) = 1/2; the third column never varies.
    const matrix = correlationMatrix(Float64Array.of(0, 1, 7, 1, 0, 7, 2, 2, 7), 3);
    expect(matrix[0]![1]).toBeCloseTo(0.5, 12); // rounding
    expect(matrix[0]![2]).toBe(0);
  });

  it('refuses fewer than two rows', () => {
    expect(() => correlationMatrix(Float64Array.of(1, 2), 2)).toThrow(/two rows or more/);
  });
});
