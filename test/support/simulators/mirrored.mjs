/** Two parameter sets explain every observation: x = θ² looks the same from ±θ; y tells b. */
export const parameters = [
  { name: 'a', prior: { uniform: [-3, 3] } },
  { name: 'b', prior: { uniform: [-3, 3] } },
];
export const features = ['square', 'b'];

export function simulate(theta, random) {
  return [theta[0] ** 2 + 0.1 * (random() - 0.5), theta[1] + 0.1 * (random() - 0.5)];
}
