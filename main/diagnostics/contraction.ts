import type { JointPriorSpec, ParameterSpec, PriorSpec } from '../contract/prior.ts';
import { variance } from '../numeric/statistics.ts';

/** How a parameter's spread is measured: on the axis on which its prior is simple, and with what variance there. */
export interface PriorAxis {
  /** Natural logarithm of the value: log-uniform and log-normal priors. */
  log: boolean;
  /** Of the prior on that axis. */
  variance: number;
}

/** (b − a)²/12 of a uniform prior, the square of the standard deviation of a normal one; of the logarithm for log priors. */
export function priorAxis(prior: PriorSpec): PriorAxis {
  if ('uniform' in prior) return { log: false, variance: (prior.uniform[1] - prior.uniform[0]) ** 2 / 12 };
  if ('normal' in prior) return { log: false, variance: prior.normal[1] ** 2 };
  if ('logNormal' in prior) return { log: true, variance: prior.logNormal[1] ** 2 };
  return { log: true, variance: Math.log(prior.logUniform[1] / prior.logUniform[0]) ** 2 / 12 };
}

/**
 * Contraction from prior to posterior, parameter by parameter (Schad, Betancourt, Vasishth, Psychol. Methods 2021; Betancourt 2020):
 *   1 − Var(θ_i | x_o)/Var(θ_i)
 * 1: the observation fixes the parameter; 0: it says nothing; below 0: the posterior is wider than the prior, as it is where its
 * modes lie at both ends. Variances of the logarithm where the prior is one of the logarithm.
 * @param samples [n, D] row-major draws of the posterior in the parameters' own units
 * @param jointPrior a correlated normal prior in the place of the parameters' own
 * @returns by parameter name
 */
export function contraction(
  samples: Float64Array,
  parameters: readonly Pick<ParameterSpec, 'name' | 'prior'>[],
  jointPrior: JointPriorSpec | null = null,
): Record<string, number> {
  const dimension = parameters.length;
  const n = samples.length / dimension;
  if (!Number.isInteger(n) || n < 2)
    throw new RangeError(`${samples.length} values are not two draws or more of ${dimension} parameters.`);
  return Object.fromEntries(
    parameters.map(({ name, prior }, i) => {
      const axis = jointPrior
        ? { log: false, variance: jointPrior.normal.covariance[i]![i]! }
        : priorAxis(prior);
      const values = Float64Array.from({ length: n }, (_, s) => samples[s * dimension + i]!);
      return [name, 1 - variance(axis.log ? values.map(Math.log) : values) / axis.variance];
    }),
  );
}
