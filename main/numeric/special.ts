import type { RandomStream } from './random.ts';

const lanczos = [
  676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
  -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** ln Γ(x) for x > 0, relative error about 1e-14 (Lanczos 1964, g = 7, nine terms); reflected below ½. */
export function logGamma(x: number): number {
  if (!(x > 0)) throw new RangeError(`logGamma needs a positive number, not ${x}.`);
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const z = x - 1;
  let sum = 0.99999999999980993;
  lanczos.forEach((coefficient, i) => {
    sum += coefficient / (z + i + 1);
  });
  const t = z + lanczos.length - 0.5;
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(sum);
}

/** log Σ e^{v_i}, −Infinity for no values. */
export function logSumExp(values: Float64Array): number {
  let top = -Infinity;
  for (const value of values) if (value > top) top = value;
  if (!Number.isFinite(top)) return top;
  let sum = 0;
  for (const value of values) sum += Math.exp(value - top);
  return top + Math.log(sum);
}

/** A draw from the gamma distribution with the given shape and scale 1 (Marsaglia, Tsang 2000); shape > 0. */
export function sampleGamma(random: RandomStream, shape: number): number {
  if (!(shape > 0)) throw new RangeError(`A gamma distribution needs a positive shape, not ${shape}.`);
  if (shape < 1) return sampleGamma(random, shape + 1) * Math.pow(1 - random.uniform(), 1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = random.normal();
    const v = (1 + c * x) ** 3;
    if (v <= 0) continue;
    const u = 1 - random.uniform();
    if (Math.log(u) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** A draw from χ² with ν degrees of freedom. */
export function sampleChiSquare(random: RandomStream, degrees: number): number {
  return 2 * sampleGamma(random, degrees / 2);
}
