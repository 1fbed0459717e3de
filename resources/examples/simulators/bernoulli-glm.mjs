import { readFileSync } from 'node:fs';

/**
 * A neuron as a generalised linear model, from the benchmark of Lueckmann et al. (AISTATS 2021, sbibm): white-noise input I,
 * a linear filter of nine time steps, a sigmoid, and at most one spike in each of 100 time steps.
 *
 *   P(y_t = 1) = sigmoid( offset + Σ_{k=0…8} filter_k I_{t−k} ),    I = 0 before the start
 *
 * An example of a correlated prior, of data files beside a module, and of sufficient statistics as features.
 *
 *   chronaxie infer --simulator bernoulli-glm.mjs --observation bernoulli-glm-observation.csv --out result
 */

const lags = 9;

/** The frozen input; one value a time step below the header. */
const stimulus = readFileSync(new URL('./bernoulli-glm-stimulus.csv', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map(Number);

const lagNames = Array.from({ length: lags }, (_, k) => k);

export const parameters = [{ name: 'offset' }, ...lagNames.map((k) => ({ name: `filter${k}` }))];

/**
 * Smooth filters that decay: offset ~ N(0, 2) and filter ~ N(0, (FᵀF)⁻¹) with F = D² + diag(√(k/9)), where D takes the
 * difference to the previous element.
 */
export const prior = { normal: { mean: new Array(lags + 1).fill(0), covariance: priorCovariance() } };

/** The number of spikes, and the input summed over all spikes, k steps before each: all that the data say of the parameters. */
export const features = ['spikes', ...lagNames.map((k) => `input${k}`)];

export function simulate(theta, random) {
  const sums = new Float64Array(lags + 1);
  for (let t = 0; t < stimulus.length; t++) {
    let drive = theta[0];
    for (let k = 0; k < lags && k <= t; k++) drive += theta[k + 1] * stimulus[t - k];
    if (random() >= 1 / (1 + Math.exp(-drive))) continue;
    sums[0] += 1;
    for (let k = 0; k < lags && k <= t; k++) sums[k + 1] += stimulus[t - k];
  }
  return sums;
}

/** (FᵀF)⁻¹ = F⁻¹F⁻ᵀ; F is lower triangular, so its inverse G comes column by column by forward substitution. */
function priorCovariance() {
  const F = lagNames.map((i) =>
    lagNames.map((j) => [1, -2, 1][i - j] ?? 0).map((value, j) => value + (i === j ? Math.sqrt(i / lags) : 0)),
  );
  const G = lagNames.map(() => new Array(lags).fill(0));
  for (const j of lagNames) {
    for (let i = j; i < lags; i++) {
      let sum = i === j ? 1 : 0;
      for (let k = j; k < i; k++) sum -= F[i][k] * G[k][j];
      G[i][j] = sum / F[i][i];
    }
  }
  const product = (i, j) => lagNames.reduce((sum, k) => sum + G[i][k] * G[j][k], 0);
  return [
    [2, ...new Array(lags).fill(0)], // the offset's precision is 1/2
    ...lagNames.map((i) => [0, ...lagNames.map((j) => product(i, j))]),
  ];
}
