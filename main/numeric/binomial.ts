import { logGamma } from './special.ts';

/** The binomial distribution of n trials with success probability p: n ≥ 0 whole, 0 ≤ p ≤ 1. */

/** [n + 1] log P(k), k = 0 … n; −Infinity where P is 0. Relative error of P about 1e-12 for n up to 10⁵. */
export function binomialLogMass(n: number, p: number): Float64Array {
  if (!(Number.isInteger(n) && n >= 0 && p >= 0 && p <= 1))
    throw new RangeError(`There is no binomial distribution of ${n} trials with probability ${p}.`);
  const logP = Math.log(p);
  const logQ = Math.log1p(-p);
  const whole = logGamma(n + 1);
  // 0 · log 0 is 0 here: no success of probability 0 is certain.
  return Float64Array.from(
    { length: n + 1 },
    (_, k) =>
      whole -
      logGamma(k + 1) -
      logGamma(n - k + 1) +
      (k === 0 ? 0 : k * logP) +
      (k === n ? 0 : (n - k) * logQ),
  );
}

/**
 * The central interval low … high: low is the smallest k with P(≤ k) > tail, high the largest with P(≥ k) > tail. Counts below it
 * have at most the probability `tail`, and so have those above.
 */
export function binomialInterval(n: number, p: number, tail: number): Interval {
  return centralInterval(binomialLogMass(n, p).map(Math.exp), tail);
}

export interface Interval {
  low: number;
  high: number;
}

/** The same of the probabilities [n + 1] of the counts 0 … n. */
export function centralInterval(mass: Float64Array, tail: number): Interval {
  const n = mass.length - 1;
  let low = 0;
  for (let below = mass[0]!; below <= tail && low < n; below += mass[low]!) low += 1;
  let high = n;
  for (let above = mass[n]!; above <= tail && high > 0; above += mass[high]!) high -= 1;
  return { low, high };
}

/** The smallest count that n trials with success probability p exceed with a probability below `tail`. */
export function exceededRarely(n: number, p: number, tail: number): number {
  const mass = binomialLogMass(n, Math.min(1, p)).map(Math.exp);
  let above = 1;
  for (let count = 0; count < n; count++) {
    above -= mass[count]!;
    if (above < tail) return count;
  }
  return n;
}
