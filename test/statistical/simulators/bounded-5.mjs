/** Five parameters in [−1, 1]⁵ behind a linear map and noise: the posterior piles up at several bounds. */
export const parameters = Array.from({ length: 5 }, (_, d) => ({
  name: `p${d + 1}`,
  prior: { uniform: [-1, 1] },
}));
export const features = Array.from({ length: 8 }, (_, f) => `x${f + 1}`);

export function simulate(theta, random) {
  return features.map((_, f) =>
    theta.reduce((sum, value, d) => sum + Math.cos(2 + 3 * f + f * d) * value, 0.6 * normal(random)),
  );
}

function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
