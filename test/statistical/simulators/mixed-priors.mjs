/** One parameter of each kind of prior, each seen together with its neighbour. */
export const parameters = [
  { name: 'flat', prior: { uniform: [0, 4] } },
  { name: 'rate', prior: { logUniform: [0.01, 10] } },
  { name: 'level', prior: { normal: [-60, 5] } },
  { name: 'size', prior: { logNormal: [0, 0.7] } },
];
export const features = ['a', 'b', 'c', 'd'];

export function simulate([flat, rate, level, size], random) {
  return [
    flat + Math.log10(rate) + 0.5 * normal(random),
    Math.log10(rate) + (level + 60) / 5 + 0.5 * normal(random),
    level + 5 * Math.log(size) + 2 * normal(random),
    size * (1 + 0.3 * normal(random)),
  ];
}

function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
