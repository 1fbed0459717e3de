import type { RankShape } from '../contract/calibration.ts';
import { binomialInterval } from '../numeric/binomial.ts';
import type { Band } from './uniform-band.ts';

/**
 * Ranks of true values among draws, the currency of all calibration checks: where a posterior is right, the rank of θ* (or of a
 * function of it) among L independent draws is uniform on 0 … L (Talts et al. 2018; Cook, Gelman, Rubin 2006).
 */

/** Draws of every posterior that is checked: L + 1 = 1,000 ranks, so that levels of 1 % are met exactly. */
export const rankDraws = 999;

/** 1 %, 2 %, … 99 % */
export const rankLevels: readonly number[] = Array.from({ length: 99 }, (_, i) => (i + 1) / 100);

/** [K] share of the ranks below level·(L + 1): the empirical distribution function, n times which is binomial where all is right. */
export function rankCurve(
  ranks: readonly number[],
  draws: number = rankDraws,
  levels: readonly number[] = rankLevels,
): number[] {
  checkRanks(ranks, draws);
  return levels.map((level) => {
    let below = 0;
    // Rounding: .29·1000 is 290 but for the last bit.
    const bound = Math.round(level * (draws + 1) * 1e6) / 1e6;
    for (const rank of ranks) if (rank < bound) below += 1;
    return below / ranks.length;
  });
}

/** Counts in equal bins of ranks, and the interval that 99 % of uniform counts keep in one bin [Talts et al. 2018, figure 3]. */
export function rankHistogram(
  ranks: readonly number[],
  bins: number,
  draws: number = rankDraws,
): { counts: number[]; low: number; high: number } {
  checkRanks(ranks, draws);
  if ((draws + 1) % bins !== 0) throw new RangeError(`${draws + 1} ranks do not fill ${bins} equal bins.`);
  const counts = new Array<number>(bins).fill(0);
  for (const rank of ranks) counts[Math.floor((rank * bins) / (draws + 1))]! += 1;
  return { counts, ...binomialInterval(ranks.length, 1 / bins, 0.005) };
}

/** Does the curve keep inside the band at every level? */
export function staysInside(curve: readonly number[], { low, high }: Band): boolean {
  return curve.every((share, i) => share >= low[i]! && share <= high[i]!);
}

/**
 * How ranks that are not uniform fail: «narrow», the truth is too often in the posterior's tails (it is overconfident); «wide», too
 * seldom; «low» and «high», the posterior lies below or above the truth. By the larger of two scores, each standard normal for n
 * uniform values u: the mean's, (ū − ½)√(12n), and the spread's, (mean (u − ½)² − 1/12)√(180n).
 */
export function rankShape(
  ranks: readonly number[],
  draws: number = rankDraws,
): Exclude<RankShape, 'uniform'> {
  checkRanks(ranks, draws);
  const n = ranks.length;
  let offset = 0;
  let spread = 0;
  for (const rank of ranks) {
    const u = (rank + 0.5) / (draws + 1) - 0.5;
    offset += u / n;
    spread += (u * u) / n;
  }
  const shift = offset * Math.sqrt(12 * n);
  const width = (spread - 1 / 12) * Math.sqrt(180 * n);
  if (Math.abs(shift) > Math.abs(width)) return shift > 0 ? 'low' : 'high';
  return width > 0 ? 'narrow' : 'wide';
}

function checkRanks(ranks: readonly number[], draws: number): void {
  if (ranks.length === 0) throw new RangeError('There are no ranks to look at.');
  for (const rank of ranks)
    if (!(rank >= 0 && rank <= draws)) throw new RangeError(`Rank ${rank} is not among ${draws} draws.`);
}
