import { cholesky, solveLower } from '../numeric/linear-algebra.ts';
import { sortedQuantile } from '../numeric/statistics.ts';

/**
 * How far out the observation lies among simulations, all features at once: the share of simulations that are nearer to their
 * common centre. Uniform on 0 … 1 where the observation is one more simulation; 1 where it is the most extreme of all.
 *
 *   d_i² = (z_i − m)ᵀ S⁻¹ (z_i − m),  z = asinh((x − median)/scale), scale half the central 68 %
 *
 * asinh, so that heavy tails do not make the covariance; S = (1 − λ)·cov + λ·diag(cov) with λ = F/(F + n), which is invertible
 * for any number of features. The observation is one of the n + 1 rows behind median, scale, m and S: all rows are then treated
 * alike, which makes the rank exact for every n and F (as in full conformal prediction; Vovk, Gammerman, Shafer 2005), and d²
 * with a row included grows with d² with that row left out, so that an extreme observation cannot hide in the covariance.
 *
 * Compared are the features that the observation has, in the simulations that have them all. Features missing in many
 * simulations are left out, the rarest first, until enough simulations remain.
 * @param observed [F], NaN = missing
 * @param x [n, F] row-major, NaN = missing; bad [n], 0 = good
 * @returns 0 … 1, ties counted half; null where nothing can be compared
 */
export function mahalanobisRank(
  observed: ArrayLike<number>,
  x: Float64Array,
  bad: Uint8Array,
): number | null {
  const chosen = comparable(observed, x, bad);
  if (chosen === null) return null;
  const width = observed.length;
  const columns = chosen.features
    .map((f) => Float64Array.from([...chosen.rows.map((i) => x[i * width + f]!), observed[f]!]))
    .filter((values) => values.some((value) => value !== values[0]));
  if (columns.length === 0) return null;
  const distances = squaredDistances(columns.map(bent));
  const own = distances.at(-1)!;
  let nearer = 0;
  for (let i = 0; i < distances.length - 1; i++) {
    if (distances[i]! < own) nearer += 1;
    else if (distances[i] === own) nearer += 0.5;
  }
  return nearer / (distances.length - 1);
}

/** Simulations for each feature compared, and in any case. */
const rowsPerFeature = 3;
const rowsAtLeast = 30;

function comparable(
  observed: ArrayLike<number>,
  x: Float64Array,
  bad: Uint8Array,
): { features: number[]; rows: number[] } | null {
  const width = observed.length;
  const has = (i: number, f: number) => !Number.isNaN(x[i * width + f]!);
  const good = [...bad.keys()].filter((i) => bad[i] === 0);
  const count = (f: number) => good.reduce((sum, i) => sum + (has(i, f) ? 1 : 0), 0);
  const features = Array.from({ length: width }, (_, f) => f)
    .filter((f) => !Number.isNaN(observed[f]!))
    .map((f) => ({ f, present: count(f) }))
    .toSorted((a, b) => b.present - a.present || a.f - b.f)
    .map(({ f }) => f);
  for (; features.length > 0; features.pop()) {
    const rows = good.filter((i) => features.every((f) => has(i, f)));
    if (rows.length >= Math.max(rowsAtLeast, rowsPerFeature * features.length)) return { features, rows };
  }
  return null;
}

/** asinh of the distance to the median in units of half the central 68 % (1 where that is a single value). */
function bent(values: Float64Array): Float64Array {
  const sorted = values.toSorted();
  const middle = sortedQuantile(sorted, 0.5);
  const scale = (sortedQuantile(sorted, 0.84) - sortedQuantile(sorted, 0.16)) / 2 || 1;
  return values.map((value) => Math.asinh((value - middle) / scale));
}

/** d_i² of every row. */
function squaredDistances(columns: readonly Float64Array[]): Float64Array {
  const F = columns.length;
  const n = columns[0]!.length;
  const centred = columns.map((values) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / n;
    return values.map((value) => value - mean);
  });
  const shrinkage = F / (F + n);
  const covariance = new Float64Array(F * F);
  for (let a = 0; a < F; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += centred[a]![i]! * centred[b]![i]!;
      covariance[a * F + b] = ((a === b ? 1 : 1 - shrinkage) * sum) / n;
    }
  }
  const lower = cholesky(covariance, F);
  return Float64Array.from({ length: n }, (_, i) =>
    solveLower(
      lower,
      centred.map((values) => values[i]!),
      F,
    ).reduce((sum, value) => sum + value * value, 0),
  );
}
