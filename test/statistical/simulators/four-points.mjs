/**
 * Simple likelihood, complex posterior (Papamakarios, Sterratt, Murray, AISTATS 2019): four draws of a two-dimensional
 * normal with mean (θ₁, θ₂), standard deviations θ₃² and θ₄² and correlation tanh θ₅.
 */
export const parameters = Array.from({ length: 5 }, (_, d) => ({
  name: `theta${d + 1}`,
  prior: { uniform: [-3, 3] },
}));
export const features = ['x1', 'y1', 'x2', 'y2', 'x3', 'y3', 'x4', 'y4'];

export function simulate(theta, random) {
  const correlation = Math.tanh(theta[4]);
  const rest = Math.sqrt(1 - correlation ** 2);
  return [1, 2, 3, 4].flatMap(() => {
    const u = normal(random);
    const v = normal(random);
    return [theta[0] + theta[2] ** 2 * u, theta[1] + theta[3] ** 2 * (correlation * u + rest * v)];
  });
}

function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
