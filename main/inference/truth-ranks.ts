import type { Density } from '../density/density.ts';
import { rankDraws } from '../diagnostics/rank-curve.ts';
import { densityRank, parameterRanks, referenceRank } from '../diagnostics/ranks.ts';
import type { RandomStream } from '../numeric/random.ts';

export interface TruthRanks {
  /** [D] */
  parameters: number[];
  density: number;
  reference: number;
  /** [D] one of the draws, in working coordinates */
  draw: Float64Array;
  /** Hardly anything of the estimate lies inside: the ranks are among its draws as they are. */
  lost: boolean;
}

/** Draws at a time, and how many such batches at most: an estimate of which less than about 1 % lies inside is lost. */
const batch = 1000;
const batchesAtMost = 100;

/**
 * Ranks of a truth among draws of its posterior, all in working coordinates.
 * @param truth [D]
 * @param inside flags of rows: where the posterior may be
 * @param reference [D] for referenceRank(), in units of scale [D]
 */
export function truthRanks(
  truth: Float64Array,
  estimate: Density,
  inside: (theta: Float64Array) => Uint8Array,
  { reference, scale }: { reference: Float64Array; scale: Float64Array },
  random: RandomStream,
): TruthRanks {
  const { dimension } = estimate;
  const kept = new Float64Array(rankDraws * dimension);
  let found = 0;
  let first: Float64Array | null = null;
  for (let tried = 0; tried < batchesAtMost && found < rankDraws; tried++) {
    const drawn = estimate.draw(batch, random);
    first ??= drawn;
    inside(drawn).forEach((flag, i) => {
      if (flag === 0 || found === rankDraws) return;
      kept.set(drawn.subarray(i * dimension, (i + 1) * dimension), found * dimension);
      found += 1;
    });
  }
  const lost = found < rankDraws;
  const draws = lost ? first!.slice(0, rankDraws * dimension) : kept;
  return {
    parameters: parameterRanks(truth, draws),
    density: densityRank(estimate.logDensity(truth), estimate.logDensities(draws)),
    reference: referenceRank(truth, draws, reference, scale),
    draw: draws.slice(0, dimension),
    lost,
  };
}
