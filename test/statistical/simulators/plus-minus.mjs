/** The sign of θ is lost: x ~ ½ N(θ, 0.25) + ½ N(−θ, 0.25), so that the posterior has two equal modes. */
export const parameters = [{ name: 'theta', prior: { uniform: [-10, 10] } }];
export const features = ['x'];

export function simulate([theta], random) {
  const sign = random() < 0.5 ? -1 : 1;
  return [sign * theta + 0.5 * normal(random)];
}

function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
