/** Squares of two parameters: four modes, two of them nearer the middle than the noise would like. */
export const parameters = [
  { name: 'theta1', prior: { uniform: [-3, 3] } },
  { name: 'theta2', prior: { normal: [0, 1.5] } },
];
export const features = ['square1', 'square2'];

export function simulate([theta1, theta2], random) {
  return [theta1 * theta1 + 0.6 * normal(random), theta2 * theta2 + 0.3 * normal(random)];
}

function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
