/**
 * A linear-Gaussian task in which a share of the simulations lacks a feature, learned with and without an indicator of it:
 * posterior variance of the first parameter over the exact one, where the feature is at its mean (4.5), 0.4 sd beside it, or missing.
 * Run: node bench/missing-features.ts; seconds. docs/decisions/0005 shows its table.
 */
import { exact, linearGaussian, trainMixture } from '../test/unit/train/linear-gaussian.ts';

const seeds = [1, 2, 3];
const places: [string, number[]][] = [
  ['at the feature’s mean', [4.5]],
  ['0.4 sd beside it', [3.5, 5.5]],
  ['missing', [NaN]],
];

function estimators(missing: number, indicators: number[]) {
  return [true, false].flatMap((variational) =>
    seeds.map((seed) => {
      const request = linearGaussian(8000, {}, missing);
      const options = { ...request.options, seed };
      return trainMixture({ ...request, indicators, variational, options }).estimator;
    }),
  );
}

console.log('| missing in | given x | learned value alone | with indicator |\n| --- | --- | --- | --- |');
for (const missing of [0.2, 0.5]) {
  const kinds = [estimators(missing, []), estimators(missing, [0])];
  for (const [name, values] of places) {
    const cells = kinds.map((trained) => {
      const ratios = trained.flatMap((estimator) =>
        values.map((x0) => {
          const covariance = Number.isNaN(x0) ? exact.covarianceWithoutFirst : exact.covariance;
          return estimator.condition([x0, 3.5]).covariance()[0]! / covariance[0]!;
        }),
      );
      return `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`;
    });
    console.log(`| ${100 * missing} % | ${name} | ${cells.join(' | ')} |`);
  }
}
