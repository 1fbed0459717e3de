/**
 * The two-dimensional Gaussian mixture of the benchmark of Lueckmann et al. (AISTATS 2021, sbibm): both components are
 * centred at θ, one ten times wider than the other, and a draw takes both coordinates from the same one.
 *
 *   x ~ ½ N(θ, I) + ½ N(θ, 0.01 I)      (variances)        θ ~ U[−10, 10]²
 */

export const parameters = [
  { name: 'theta1', prior: { uniform: [-10, 10] } },
  { name: 'theta2', prior: { uniform: [-10, 10] } },
];

export const features = ['x1', 'x2'];

export function simulate(theta, random) {
  const sd = random() < 0.5 ? 1 : 0.1;
  // Box & Muller (1958): one radius and one angle make two independent normals.
  const radius = sd * Math.sqrt(-2 * Math.log(1 - random()));
  const angle = 2 * Math.PI * random();
  return [theta[0] + radius * Math.cos(angle), theta[1] + radius * Math.sin(angle)];
}
