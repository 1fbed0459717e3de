/** x = A θ + noise with a correlated joint prior; the exact posterior is normal. */
const design = [
  [1, 0.5],
  [-0.3, 1],
  [0.7, 0.7],
];
const noiseSd = 0.5;

export const parameters = [{ name: 'a' }, { name: 'b' }];
export const prior = {
  normal: {
    mean: [1, -2],
    covariance: [
      [1, 1.2],
      [1.2, 4],
    ],
  },
};
export const features = ['x1', 'x2', 'x3'];

export function simulate(theta, random) {
  return design.map(([a, b]) => a * theta[0] + b * theta[1] + noiseSd * normal(random));
}

function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
