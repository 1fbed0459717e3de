/**
 * Effective sample size of importance weights (Kish 1965): ESS = (Σ wᵢ)² / Σ wᵢ², between 1 and the number of positive
 * weights; n equal weights give n. 0 where every weight is 0.
 * @param weights [n], finite and not negative; their scale does not matter
 */
export function effectiveSampleSize(weights: Float64Array | readonly number[]): number {
  let largest = 0;
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]!;
    if (!(weight >= 0 && weight < Infinity)) throw new RangeError(`Weight ${i} is ${weight}.`);
    if (weight > largest) largest = weight;
  }
  if (largest === 0) return 0;
  // Relative to the largest weight, so that neither the sum nor the squares leave the range of a double.
  let sum = 0;
  let squares = 0;
  for (const value of weights) {
    const weight = value / largest;
    sum += weight;
    squares += weight * weight;
  }
  return (sum * sum) / squares;
}
