import { solvePositiveDefinite } from '../numeric/linear-algebra.ts';
import { meanAndCovariance } from '../numeric/statistics.ts';

/** Added to the diagonal, in units of it, so that columns that hardly vary can be solved for. */
const ridge = 1e-9;

/**
 * Where draws would lie if some of their columns had given values, to first order: the draws nearest to these values, the other
 * columns moved along their linear regression on the held ones (Beaumont, Zhang and Balding 2002, section 2.2, without weights). Chains
 * that begin here have little left to do.
 * @param rows [m, D] draws of the joint density, row-major
 * @param point [D]; of it the held columns are read
 * @param n rows wanted
 * @param contains whether a row may be begun at; where the regression leaves the support, the row keeps its own free columns
 * @returns [min(n, m), D], the nearest first
 */
export function regressionStart(
  rows: Float64Array,
  point: Float64Array,
  held: readonly number[],
  n: number,
  contains: (row: Float64Array, offset: number) => boolean,
): Float64Array {
  const D = point.length;
  const { covariance } = meanAndCovariance(rows, D);
  const near = nearest(rows, point, held, n, covariance);
  if (held.length === 0) return near;
  const local = near.length / D > 1 ? meanAndCovariance(near, D).covariance : covariance;
  const h = held.length;
  const among = Float64Array.from({ length: h * h }, (_, k) => {
    const [i, j] = [held[Math.floor(k / h)]!, held[k % h]!];
    return local[i * D + j]! + (i === j ? ridge * (covariance[i * D + i]! || 1) : 0);
  });
  const slopes = Array.from({ length: D }, (_, d) =>
    held.includes(d)
      ? null
      : solvePositiveDefinite(
          among,
          held.map((i) => local[i * D + d]!),
          h,
        ),
  );
  const moved = new Float64Array(D);
  for (let at = 0; at < near.length; at += D) {
    for (let d = 0; d < D; d++) {
      const slope = slopes[d];
      moved[d] = near[at + d]!;
      if (slope) held.forEach((i, k) => (moved[d]! += slope[k]! * (point[i]! - near[at + i]!)));
    }
    for (const i of held) moved[i] = near[at + i] = point[i]!;
    if (contains(moved, 0)) near.set(moved, at);
  }
  return near;
}

/** The n rows nearest to a point in the given columns, each in units of its own spread. */
function nearest(
  rows: Float64Array,
  point: Float64Array,
  columns: readonly number[],
  n: number,
  covariance: Float64Array,
): Float64Array {
  const D = point.length;
  const m = rows.length / D;
  const distance = new Float64Array(m);
  for (const i of columns) {
    const variance = covariance[i * D + i]! || 1;
    for (let s = 0; s < m; s++) distance[s]! += (rows[s * D + i]! - point[i]!) ** 2 / variance;
  }
  const order = Array.from(distance.keys()).sort((a, b) => distance[a]! - distance[b]!);
  const kept = order.slice(0, n);
  const out = new Float64Array(kept.length * D);
  kept.forEach((s, k) => out.set(rows.subarray(s * D, (s + 1) * D), k * D));
  return out;
}
