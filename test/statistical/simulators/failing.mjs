/** Diverges in a corner of the prior (null) and throws in another; its posterior ends where it fails. */
export const parameters = [
  { name: 'a', prior: { uniform: [-2, 2] } },
  { name: 'b', prior: { uniform: [-2, 2] } },
];
export const features = ['x', 'y'];

export function simulate([a, b], random) {
  if (a + b > 1) return null;
  if (a < -1.2) throw new Error('a too low');
  return [a + 0.5 * normal(random), b + 0.5 * normal(random)];
}

function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
