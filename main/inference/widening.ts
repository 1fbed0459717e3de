import type { Density } from '../density/density.ts';
import { Mixture } from '../density/mixture.ts';
import { stackDensities } from '../density/stacked.ts';
import { precisionFactorFromCovariance } from '../numeric/linear-algebra.ts';
import type { RandomStream } from '../numeric/random.ts';
import { meanAndCovariance } from '../numeric/statistics.ts';

/** Draws behind a density's moments. */
const momentDraws = 4000;

/**
 * An estimate with Student-t tails: a mixture's own components with ν degrees of freedom; any other density in equal parts with
 * a Student-t of its mean and covariance, so that no draw in the tails has a weight without bound.
 */
export function heavyTailed(estimate: Density, nu: number, random: RandomStream): Density {
  if (estimate instanceof Mixture) return estimate.withStudentT(nu);
  const { dimension } = estimate;
  const { mean, covariance } = meanAndCovariance(estimate.draw(momentDraws, random), dimension);
  const tails = new Mixture({
    components: 1,
    dimension,
    logWeights: Float64Array.of(0),
    means: mean,
    precisionFactors: precisionFactorFromCovariance(covariance, dimension),
    studentT: nu,
  });
  return stackDensities([estimate, tails], Float64Array.of(0, 0));
}
