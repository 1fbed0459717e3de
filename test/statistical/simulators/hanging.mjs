/** Never returns for rare parameters, far from where the observation comes from. */
export const parameters = [
  { name: 'a', prior: { uniform: [-3, 3] } },
  { name: 'b', prior: { uniform: [-3, 3] } },
];
export const features = ['x', 'y'];

export function simulate([a, b], random) {
  while (a > 2.8 && b > 2.8);
  return [a + 0.5 * normal(random), b + a / 2 + 0.5 * normal(random)];
}

function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
