import { createRandom } from '../../../main/numeric/random.ts';
import { readSbibm } from './sbibm.ts';
import { simulatorPath, type StatisticalTask } from './task.ts';

/** Standard deviations of the two components of the paper's toy; 0.1 is a variance. */
export const paperSds = [1, Math.sqrt(0.1)] as const;

/**
 * The toy of Lueckmann et al. 2017 at x_o = 0. Its posterior ½ N(0, 1) + ½ N(0, 0.1), cut at ± 10, where the density is
 * 1e-22 of its peak, is sampled exactly.
 */
export function paperGaussianMixture(samples = 10_000): StatisticalTask {
  const random = createRandom(17, 1);
  const draw = () => (random.uniform() < 0.5 ? paperSds[0] : paperSds[1]) * random.normal();
  return {
    name: 'Gaussian mixture, 1-D (Lueckmann et al. 2017)',
    simulator: simulatorPath('gaussian-mixture.mjs'),
    parameters: ['theta'],
    features: ['x'],
    observed: Float64Array.of(0),
    reference: Float64Array.from({ length: samples }, draw),
  };
}

/** The benchmark's two-dimensional version with its reference samples. */
export function sbibmGaussianMixture(observation: 1 | 2): StatisticalTask {
  const { observed, reference } = readSbibm('gaussian_mixture', observation);
  return {
    name: `Gaussian mixture, 2-D (sbibm, observation ${observation})`,
    simulator: simulatorPath('gaussian-mixture-2d.mjs'),
    parameters: ['theta1', 'theta2'],
    features: ['x1', 'x2'],
    observed,
    reference,
  };
}
