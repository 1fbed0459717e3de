import { normalInterval } from '../../main/numeric/normal.ts';
import type { RandomStream } from '../../main/numeric/random.ts';

/**
 * Exact draws of the Pólya-Gamma distribution PG(1, z) (Polson, Scott, Windle, JASA 2013, section 4): a quarter of a
 * tilted Jacobi variable J*(1, z/2), whose density is an alternating series Σ (−1)ⁿ aₙ(x) e^{−z²x/8} cosh(z/2). A proposal
 * from its first term is accepted by the series method (Devroye, 1986): partial sums bound the density from both sides.
 */

/** Where the two forms of aₙ meet; both then fall with n on their own side. Near the optimum .64 (section 4). */
const border = 0.64;

const exponential = (random: RandomStream) => -Math.log(1 - random.uniform());

/** aₙ(x), equations 12 and 13 of the paper. */
function coefficient(n: number, x: number): number {
  const k = n + 0.5;
  return x > border
    ? Math.PI * k * Math.exp((-k * k * Math.PI * Math.PI * x) / 2)
    : Math.PI * k * (2 / (Math.PI * x)) ** 1.5 * Math.exp((-2 * k * k) / x);
}

export function samplePolyaGamma(random: RandomStream, z: number): number {
  if (!Number.isFinite(z)) throw new RangeError(`PG(1, z) needs a finite z, not ${z}.`);
  const tilt = Math.abs(z) / 2;
  const rate = Math.PI ** 2 / 8 + tilt ** 2 / 2;
  // Masses of the proposal: an exponential right of the border, an inverse Gaussian IG(1/tilt, 1) left of it.
  const right = (Math.PI / (2 * rate)) * Math.exp(-rate * border);
  const left = 2 * Math.exp(-tilt) * inverseGaussianBelow(border, tilt);
  for (;;) {
    const x =
      random.uniform() * (left + right) < right
        ? border + exponential(random) / rate
        : inverseGaussianLeft(random, tilt);
    let sum = coefficient(0, x);
    const height = random.uniform() * sum;
    for (let n = 1; ; n++) {
      if (n % 2 === 1) {
        sum -= coefficient(n, x);
        if (height <= sum) return x / 4;
      } else {
        sum += coefficient(n, x);
        if (height > sum) break;
      }
    }
  }
}

/** P(X ≤ x) of the inverse Gaussian with mean 1/tilt and shape 1 (Shuster, 1968). */
function inverseGaussianBelow(x: number, tilt: number): number {
  const root = 1 / Math.sqrt(x);
  const below = (value: number) => normalInterval(-Infinity, value);
  return below(root * (x * tilt - 1)) + Math.exp(2 * tilt) * below(-root * (x * tilt + 1));
}

/** IG(1/tilt, 1) cut to (0, border): algorithms 2 and 3 of the paper. */
function inverseGaussianLeft(random: RandomStream, tilt: number): number {
  if (tilt < 1 / border) {
    // The mean lies right of the border: 1/χ² cut to (0, border), accepted by the tilt.
    for (;;) {
      let e: number;
      do e = exponential(random);
      while (e * e > (2 * exponential(random)) / border);
      const x = border / (1 + border * e) ** 2;
      if (random.uniform() <= Math.exp((-tilt * tilt * x) / 2)) return x;
    }
  }
  const mean = 1 / tilt;
  for (;;) {
    const y = random.normal() ** 2;
    let x = mean + (mean * mean * y) / 2 - (mean / 2) * Math.sqrt(4 * mean * y + (mean * y) ** 2);
    if (random.uniform() > mean / (mean + x)) x = (mean * mean) / x;
    if (x < border) return x;
  }
}
