import type { FitConfig } from '../contract/config.ts';
import type { RandomStream } from '../numeric/random.ts';

/**
 * How a search makes new parameter sets from two. Every parameter is a position on [0, 1], 0 and 1 its bounds.
 *
 * Both operators are the bounded ones of Deb's NSGA-II code, as in DEAP and BluePyOpt: simulated binary crossover (Deb and
 * Agrawal, Complex Systems 1995; bounds: Deb, Pratap, Agarwal, Meyarivan, IEEE Trans. Evol. Comput. 2002) and polynomial
 * mutation (Deb and Goyal 1996). The larger η, the nearer children stay.
 */
export type VariationSettings = Pick<
  FitConfig['ibea'],
  'crossoverEta' | 'mutationEta' | 'crossoverProbability' | 'mutationProbability'
>;

/** Of a pair that is crossed, or of a child that is mutated, each parameter is changed with this probability. */
const perParameter = 0.5;
/** Closer than this two positions are the same: their distance would be rounding. */
const same = 1e-14;

/**
 * Simulated binary crossover of one parameter: (a + b ∓ β (b − a))/2 with β from a density that peaks at 1 and ends where
 * a child would pass the bound. Far from the bounds it keeps the parents' mean.
 */
export function crossover(a: number, b: number, eta: number, random: RandomStream): [number, number] {
  const low = Math.min(a, b);
  const high = Math.max(a, b);
  const distance = high - low;
  if (distance < same) return [a, b];
  const u = random.uniform();
  const below = spread(1 + (2 * low) / distance, u, eta);
  const above = spread(1 + (2 * (1 - high)) / distance, u, eta);
  const children: [number, number] = [
    inside((low + high - below * distance) / 2),
    inside((low + high + above * distance) / 2),
  ];
  return random.uniform() < 0.5 ? children : [children[1], children[0]];
}

/** @param room 1 + twice the parent's distance to its bound, in units of the parents' distance: the largest β */
function spread(room: number, u: number, eta: number): number {
  const v = u * (2 - room ** -(eta + 1));
  return (v <= 1 ? v : 1 / (2 - v)) ** (1 / (eta + 1));
}

/** Polynomial mutation of one parameter: a step whose density falls as (1 − |δ|)^η and ends at the bounds. */
export function mutate(x: number, eta: number, random: RandomStream): number {
  const u = random.uniform();
  const power = 1 / (eta + 1);
  if (u < 0.5) return inside(x + (2 * u + (1 - 2 * u) * (1 - x) ** (eta + 1)) ** power - 1);
  return inside(x + 1 - (2 * (1 - u) + 2 * (u - 0.5) * x ** (eta + 1)) ** power);
}

/**
 * Two children of two parents [D]. A child that neither crossover nor mutation has changed is mutated in one parameter:
 * simulated again, it would spend a simulation on a parameter set that is known.
 */
export function twoChildren(
  first: Float64Array,
  second: Float64Array,
  settings: VariationSettings,
  random: RandomStream,
): [Float64Array, Float64Array] {
  const children: [Float64Array, Float64Array] = [first.slice(), second.slice()];
  if (random.uniform() < settings.crossoverProbability) {
    for (let i = 0; i < first.length; i++) {
      if (random.uniform() >= perParameter) continue;
      [children[0][i], children[1][i]] = crossover(first[i]!, second[i]!, settings.crossoverEta, random);
    }
  }
  [first, second].forEach((parent, c) => {
    const child = children[c]!;
    const mutateAt = (i: number) => (child[i] = mutate(child[i]!, settings.mutationEta, random));
    if (random.uniform() < settings.mutationProbability) {
      for (let i = 0; i < child.length; i++) if (random.uniform() < perParameter) mutateAt(i);
    }
    if (child.every((value, i) => value === parent[i])) mutateAt(random.integer(child.length));
  });
  return children;
}

/** Rounding may carry a position over its bound. */
function inside(position: number): number {
  return Math.min(1, Math.max(0, position));
}
