import { binomialLogMass, centralInterval, type Interval } from '../numeric/binomial.ts';
import { logGamma } from '../numeric/special.ts';

/** Between which shares an empirical distribution function of uniform values lies; both [K]. */
export interface Band {
  low: number[];
  high: number[];
}

/** At each level by itself: n·share is binomial with the probability z. Of K levels, 1 − confidence of K stray. */
export function pointwiseBand(n: number, levels: readonly number[], confidence: number): Band {
  return shares(n, intervals(masses(n, levels), (1 - confidence) / 2));
}

/**
 * At all levels at once: the whole curve lies inside with the given confidence (Säilynoja, Bürkner, Vehtari, Stat. Comput. 2022,
 * section 2.2). All levels get binomial intervals with the same tail, the largest that keeps the probability of no straying; that
 * probability is exact, by the recursion over levels in which n·share goes from k to k + Bin(n − k, (z' − z)/(1 − z)).
 * @param levels increasing, inside 0 … 1
 */
export function simultaneousBand(n: number, levels: readonly number[], confidence: number): Band {
  const mass = masses(n, levels);
  const inside = insideProbability(n, levels);
  let kept = 0; // this tail is small enough
  let refused = (1 - confidence) / 2; // as if there were a single level
  if (inside(intervals(mass, refused)) >= confidence) return shares(n, intervals(mass, refused));
  // The counts are whole, so that the intervals are stairs of the tail: 1 % of it is finer than they resolve.
  while (refused - kept > 0.01 * refused) {
    const middle = (kept + refused) / 2;
    if (inside(intervals(mass, middle)) >= confidence) kept = middle;
    else refused = middle;
  }
  return shares(n, intervals(mass, kept));
}

/** [K] of [n + 1] */
function masses(n: number, levels: readonly number[]): Float64Array[] {
  return levels.map((z) => binomialLogMass(n, z).map(Math.exp));
}

function intervals(mass: readonly Float64Array[], tail: number): Interval[] {
  return mass.map((values) => centralInterval(values, tail));
}

function shares(n: number, counts: readonly Interval[]): Band {
  return { low: counts.map(({ low }) => low / n), high: counts.map(({ high }) => high / n) };
}

/** The probability that the counts of n uniform values below each level lie inside all intervals. */
function insideProbability(n: number, levels: readonly number[]): (counts: readonly Interval[]) => number {
  const logFactorial = Float64Array.from({ length: n + 1 }, (_, k) => logGamma(k + 1));
  return (counts) => {
    let start = 0;
    let mass = Float64Array.of(1); // mass[k − start]: probability of count k, having been inside so far
    let z = 0;
    levels.forEach((level, i) => {
      const step = (level - z) / (1 - z);
      const logStep = Math.log(step);
      const logRest = Math.log1p(-step);
      const odds = step / (1 - step);
      const { low, high } = counts[i]!;
      const next = new Float64Array(high - low + 1);
      for (let k = start; k < start + mass.length; k++) {
        const from = mass[k - start]!;
        if (from === 0) continue;
        const left = n - k;
        const reach = 10 * Math.sqrt(left * step * (1 - step)) + 10; // beyond it lies less than 1e-15
        const first = Math.max(low - k, 0, Math.floor(left * step - reach));
        const last = Math.min(high - k, Math.ceil(left * step + reach));
        if (first > last) continue;
        const logChoose = logFactorial[left]! - logFactorial[first]! - logFactorial[left - first]!;
        let binomial = Math.exp(logChoose + first * logStep + (left - first) * logRest);
        for (let gained = first; gained <= last; gained++) {
          next[k + gained - low]! += from * binomial;
          binomial *= ((left - gained) / (gained + 1)) * odds;
        }
      }
      start = low;
      mass = next;
      z = level;
    });
    return mass.reduce((sum, value) => sum + value, 0);
  };
}
