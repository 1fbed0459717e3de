/** Two parameters in a box, seen through noise as wide as the box: the posterior piles up at a bound and is cut there. */
export const parameters = [
  { name: 'a', prior: { uniform: [-1, 1] } },
  { name: 'b', prior: { uniform: [0, 5] } },
];
export const features = ['sum', 'difference'];

export function simulate([a, b], random) {
  return [a + b / 2.5 + 0.4 * normal(random), a - b / 2.5 + 0.8 * normal(random)];
}

function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
