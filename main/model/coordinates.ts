import type { JointPriorSpec, ParameterSpec, PriorSpec } from '../contract/prior.ts';
import { independentPrior, normalPrior, type Prior } from './prior.ts';

/**
 * The coordinates that inference works in: u_i = ln θ_i where the prior of θ_i is log-uniform or log-normal, u_i = θ_i
 * elsewhere. There every prior is uniform or normal, and a parameter that spans decades is as easy as one that does not.
 * Matrices are [n, D] row-major.
 */
export interface Coordinates {
  readonly dimension: number;
  /** [D] whether u_i is the logarithm */
  readonly logarithmic: readonly boolean[];
  /** The prior of u. */
  readonly prior: Prior;
  /** θ → u; what rounding carried over a bound of the prior is put back on it. */
  toWorking(theta: Float64Array): Float64Array;
  /** u → θ, likewise. */
  fromWorking(u: Float64Array): Float64Array;
  /** ln |du/dθ| at u: added to ln q(u), it gives ln q(θ). */
  logJacobian(u: Float64Array, offset?: number): number;
}

/** @param jointPrior a correlated normal prior over all parameters; null = the parameters' own priors */
export function workingCoordinates(
  parameters: readonly ParameterSpec[],
  jointPrior: JointPriorSpec | null,
): Coordinates {
  const names = parameters.map((parameter) => parameter.name);
  if (jointPrior !== null) {
    const prior = normalPrior(names, jointPrior.normal.mean, jointPrior.normal.covariance);
    return linearCoordinates(prior);
  }
  const logarithmic = parameters.map(({ prior }) => 'logUniform' in prior || 'logNormal' in prior);
  if (!logarithmic.includes(true)) return linearCoordinates(independentPrior(parameters));
  const own = independentPrior(parameters);
  const prior = independentPrior(parameters.map((p) => ({ ...p, prior: workingSpec(p.prior) })));
  const dimension = parameters.length;
  function convert(values: Float64Array, map: (value: number) => number, to: Prior): Float64Array {
    return values.map((value, index) => {
      const i = index % dimension;
      if (!logarithmic[i]) return value;
      return Math.min(Math.max(map(value), to.low[i]!), to.high[i]!);
    });
  }
  return {
    dimension,
    logarithmic,
    prior,
    toWorking: (theta) => convert(theta, Math.log, prior),
    fromWorking: (u) => convert(u, Math.exp, own),
    logJacobian(u, offset = 0) {
      let sum = 0;
      for (let i = 0; i < dimension; i++) if (logarithmic[i]) sum -= u[offset + i]!;
      return sum;
    },
  };
}

/** u = θ throughout. */
export function linearCoordinates(prior: Prior): Coordinates {
  return {
    dimension: prior.dimension,
    logarithmic: new Array<boolean>(prior.dimension).fill(false),
    prior,
    toWorking: (theta) => theta,
    fromWorking: (u) => u,
    logJacobian: () => 0,
  };
}

function workingSpec(spec: PriorSpec): PriorSpec {
  if ('logUniform' in spec) return { uniform: [Math.log(spec.logUniform[0]), Math.log(spec.logUniform[1])] };
  return 'logNormal' in spec ? { normal: spec.logNormal } : spec;
}
