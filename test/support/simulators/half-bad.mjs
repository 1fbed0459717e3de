/** x = θ + noise of sd 0.3 in two dimensions; every simulation with a + b > 0.3 diverges, close to where observations lie. */
export const parameters = [
  { name: 'a', prior: { uniform: [-2, 2] } },
  { name: 'b', prior: { uniform: [-2, 2] } },
];
export const features = ['x', 'y'];

function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

export function simulate(theta, random) {
  if (theta[0] + theta[1] > 0.3) return null;
  return [theta[0] + 0.3 * normal(random), theta[1] + 0.3 * normal(random)];
}
