import { createRandom } from '../../../main/numeric/random.ts';
import { DensityEstimator } from '../../../main/train/estimator.ts';
import { trainInThisThread, type TrainingRequest, type TrainingResult } from '../../../main/train/trainer.ts';

/**
 * A task with a known posterior, two parameters and two features: θ ~ N(3, 2²) each, x = A θ + N(0, 1) with
 * A = [[1, 0.5], [0, 1]]. Posterior precision P = ¼ I + AᵀA, mean = P⁻¹(¾ + Aᵀx).
 */
export const exact = {
  /** [2, 2] */
  covariance: invert([0.25 + 1, 0.5, 0.5, 0.25 + 1.25]),
  mean: ([x0, x1]: [number, number]) => times(exact.covariance, [0.75 + x0, 0.75 + 0.5 * x0 + x1]),
  /** Without the first feature: Aᵀ is the second column alone, [0, 1]. */
  covarianceWithoutFirst: invert([0.25, 0, 0, 1.25]),
  meanWithoutFirst: (x1: number) => times(exact.covarianceWithoutFirst, [0.75, 0.75 + x1]),
};

/** A request's choice of one mixture with one component, over D unbounded parameters. */
export function oneMixture(
  D: number,
): Pick<TrainingRequest, 'families' | 'components' | 'ensemble' | 'bounds'> {
  return {
    families: ['mixture'],
    components: 1,
    ensemble: 1,
    bounds: { low: new Float64Array(D).fill(-Infinity), high: new Float64Array(D).fill(Infinity) },
  };
}

/** Trains a request for one mixture in this thread. */
export function trainMixture(
  request: TrainingRequest,
): Omit<TrainingResult, 'estimator'> & { estimator: DensityEstimator } {
  const result = trainInThisThread(request);
  const { estimator } = result;
  if (!(estimator instanceof DensityEstimator)) throw new TypeError(`A ${estimator.family} was trained.`);
  return { ...result, estimator };
}

export function linearGaussian(
  n: number,
  overrides: Partial<TrainingRequest> = {},
  missing = 0,
): TrainingRequest {
  const random = createRandom(77);
  const theta = Float64Array.from({ length: 2 * n }, () => 3 + 2 * random.normal());
  const x = new Float64Array(2 * n);
  for (let i = 0; i < n; i++) {
    x[2 * i] = theta[2 * i]! + 0.5 * theta[2 * i + 1]! + random.normal();
    x[2 * i + 1] = theta[2 * i + 1]! + random.normal();
    if (random.uniform() < missing) x[2 * i] = NaN;
  }
  return {
    ...oneMixture(2),
    hidden: [20],
    variational: true,
    x,
    theta,
    weights: new Float64Array(n).fill(1),
    standardisation: {
      xCentre: new Float64Array(2),
      xBend: new Float64Array(2),
      xMean: Float64Array.of(4.5, 3),
      xSd: Float64Array.of(Math.sqrt(6), Math.sqrt(5)),
      thetaMean: Float64Array.of(3, 3),
      thetaSd: Float64Array.of(2, 2),
    },
    start: null,
    weightPrior: { precision: 0.01, previous: null },
    options: {
      batchSize: 100,
      learningRate: 0.002,
      gradientClip: 5,
      maxEpochs: 60,
      patience: 6,
      validationFraction: 0.1,
      seed: 1,
      stream: 1,
    },
    strict: false,
    ...overrides,
  };
}

function invert([a, b, c, d]: [number, number, number, number]): Float64Array {
  const determinant = a * d - b * c;
  return Float64Array.of(d / determinant, -b / determinant, -c / determinant, a / determinant);
}
function times(m: Float64Array, [a, b]: [number, number]): [number, number] {
  return [m[0]! * a + m[1]! * b, m[2]! * a + m[3]! * b];
}
