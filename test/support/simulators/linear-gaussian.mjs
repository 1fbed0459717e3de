/** x = θ + noise in two dimensions, noise sd 0.3: the posterior under a normal prior is known in closed form. */
export const parameters = [
  { name: 'a', unit: 'mV', prior: { normal: [0, 1] } },
  { name: 'b', unit: 'ms', prior: { normal: [2, 0.5] } },
];
export const features = ['x', 'y'];

function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

export function simulate(theta, random) {
  return [theta[0] + 0.3 * normal(random), theta[1] + 0.3 * normal(random)];
}
