/** A simulator with everything that goes wrong: diverging (null), throwing, and a feature that is often missing. */
export const parameters = [
  { name: 'a', prior: { uniform: [-2, 2] } },
  { name: 'b', prior: { uniform: [-2, 2] } },
];
export const features = ['sum', 'latency'];

export function simulate(theta, random) {
  if (theta[0] > 1.8) return null;
  if (theta[0] < -1.8) throw new Error('too low');
  const noise = 0.2 * (random() + random() + random() - 1.5);
  return [theta[0] + noise, theta[1] > 0 ? theta[1] + noise : NaN];
}
