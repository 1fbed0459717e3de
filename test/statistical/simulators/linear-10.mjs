/** Ten parameters, a correlated prior (neighbours like each other), and a hundred features of which eighty say nothing. */
const dimension = 10;
export const parameters = Array.from({ length: dimension }, (_, d) => ({ name: `p${d + 1}` }));
export const prior = {
  normal: {
    mean: parameters.map((_, d) => d / 5),
    covariance: parameters.map((_, i) => parameters.map((__, j) => 0.7 ** Math.abs(i - j))),
  },
};
export const features = Array.from({ length: 100 }, (_, f) => `x${f + 1}`);

/** Features 1 to 20 each see two neighbouring parameters; the rest are noise alone. */
export function simulate(theta, random) {
  return features.map((_, f) => {
    if (f >= 20) return normal(random);
    const d = f % dimension;
    return theta[d] + 0.5 * theta[(d + 1) % dimension] + 0.7 * normal(random);
  });
}

function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
