/**
 * The smallest example of a simulator module, and the toy of Lueckmann et al. (NIPS 2017): θ is the mean of two
 * Gaussians of different width, x one draw.
 *
 *   x ~ ½ N(θ, 1) + ½ N(θ, 0.1)        (variances)        θ ~ U[−10, 10]
 *
 * The posterior is known: for an observed x_o far from the bounds it is the same mixture around x_o.
 *
 *   chronaxie infer --simulator gaussian-mixture.mjs --observation gaussian-mixture-observation.csv --out result
 */

export const parameters = [{ name: 'theta', prior: { uniform: [-10, 10] } }];

export const features = ['x'];

/**
 * @param {Float64Array} theta one value for each of `parameters`
 * @param {() => number} random uniform on [0, 1): the only source of chance, so that a seed gives the same run again
 */
export function simulate(theta, random) {
  const sd = random() < 0.5 ? 1 : Math.sqrt(0.1);
  return [theta[0] + sd * normal(random)];
}

/** Standard normal (Box & Muller, 1958). 1 − u keeps the logarithm finite. */
function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
