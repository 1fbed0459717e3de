/** One feature that trades θ₁² against θ₂: the posterior is a crescent. */
export const parameters = [
  { name: 'theta1', prior: { uniform: [-3, 3] } },
  { name: 'theta2', prior: { uniform: [-3, 6] } },
];
export const features = ['x1', 'x2'];

export function simulate([theta1, theta2], random) {
  return [theta2 - theta1 * theta1 + 0.25 * normal(random), theta1 + theta2 / 4 + 1.5 * normal(random)];
}

function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
