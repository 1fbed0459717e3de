/** Five parameters with independent normal priors behind twenty noisy features, half of which say nothing. */
export const parameters = Array.from({ length: 5 }, (_, d) => ({
  name: `p${d + 1}`,
  prior: { normal: [d, 1 + d / 2] },
}));
export const features = Array.from({ length: 20 }, (_, f) => `x${f + 1}`);

/** The weight of parameter d in feature f: features 11 to 20 are noise alone. */
const weight = (f, d) => (f < 10 ? Math.cos(1 + f * (d + 1)) : 0);

export function simulate(theta, random) {
  return features.map((_, f) => theta.reduce((sum, value, d) => sum + weight(f, d) * value, normal(random)));
}

function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
