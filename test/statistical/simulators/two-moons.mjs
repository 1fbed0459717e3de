/** Two crescents (Greenberg et al., ICML 2019): the posterior is two thin half-moons that face each other. */
export const parameters = [
  { name: 'theta1', prior: { uniform: [-1, 1] } },
  { name: 'theta2', prior: { uniform: [-1, 1] } },
];
export const features = ['x1', 'x2'];

export function simulate([theta1, theta2], random) {
  const angle = Math.PI * (random() - 0.5);
  const radius = 0.1 + 0.01 * normal(random);
  return [
    radius * Math.cos(angle) + 0.25 - Math.abs(theta1 + theta2) / Math.SQRT2,
    radius * Math.sin(angle) + (theta2 - theta1) / Math.SQRT2,
  ];
}

function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
