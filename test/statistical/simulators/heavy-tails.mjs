/**
 * Features as recordings have them: a mean, the sd of a quiet baseline that is tiny but for a few simulations, a
 * log-normal one over six decades, and one with Cauchy noise.
 */
export const parameters = [
  { name: 'level', prior: { uniform: [-5, 5] } },
  { name: 'noise', prior: { uniform: [0, 4] } },
];
export const features = ['mean', 'baselineSd', 'power', 'outlier'];

export function simulate([level, noise], random) {
  return [
    level + 0.5 * normal(random),
    1e-3 * Math.exp(noise + 2 * normal(random)),
    Math.exp(2 * level + noise + normal(random)),
    noise + 0.3 * Math.tan(Math.PI * (random() - 0.5)),
  ];
}

function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
