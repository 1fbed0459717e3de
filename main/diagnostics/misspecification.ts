import type { Warning } from '../contract/recording.ts';
import { exceededRarely } from '../numeric/binomial.ts';
import { mahalanobisRank } from './mahalanobis-rank.ts';
import { number, percent } from './words.ts';

/** Does the model under its prior reach the observation at all? Asked of the pilot run, before anything is trained. */

export interface MisspecificationInput {
  /** [F] */
  names: readonly string[];
  /** [F], NaN = missing in the observation */
  observed: ArrayLike<number>;
  /** [n, F] row-major simulations from the prior, NaN = missing */
  x: Float64Array;
  /** [n], 0 = good; bad simulations are left out */
  bad: Uint8Array;
}

export interface FeatureReach {
  name: string;
  /** Share of the good simulations that have the feature. */
  present: number;
  /** Share of those that lie as far out as the observation or further, on its own side: 0 = none reaches it. */
  beyond: number;
  side: 'larger' | 'smaller';
}

export interface Misspecification {
  /** mahalanobisRank(); null where no feature could be compared. */
  mahalanobisRank: number | null;
  /** Observed features that (hardly) any simulation reaches, the worst first. */
  outOfRange: FeatureReach[];
  /** Good simulations. */
  simulations: number;
}

/**
 * An observed value that at most 1 in 200 simulations reaches on its side: by chance one feature in a hundred is such, if the
 * observation came from the prior. A network learns from interpolation; out there it would extrapolate.
 */
const hardlyReached = 0.005;
/** A feature that the observation has and fewer simulations than this have. */
const hardlyPresent = 0.01;
/** Further from the centre than 99 % of the simulations: by chance once in a hundred recordings. */
export const farFromAll = 0.99;

/** @returns null where the observation has no feature or no simulation is good */
export function misspecification(input: MisspecificationInput): Misspecification | null {
  const { names, observed, x, bad } = input;
  if (x.length !== bad.length * names.length || observed.length !== names.length) {
    throw new RangeError(
      `${names.length} features and ${bad.length} simulations do not fit ${observed.length} observed and ${x.length} simulated values.`,
    );
  }
  const simulations = bad.reduce((sum, flag) => sum + (flag === 0 ? 1 : 0), 0);
  const found = names.flatMap((_, f) => (Number.isNaN(observed[f]!) ? [] : [reach(input, f, simulations)]));
  if (simulations === 0 || found.length === 0) return null;
  const outOfRange = moreThanByChance(
    found
      .filter(({ present, beyond }) => present < hardlyPresent || beyond < hardlyReached)
      .toSorted((a, b) => a.present * a.beyond - b.present * b.beyond),
    found.length,
    simulations,
  );
  return { mahalanobisRank: mahalanobisRank(observed, x, bad), outOfRange, simulations };
}

/**
 * Of a hundred features one lies at the edge of the simulations by chance. The list stands where more of them do than chance brings
 * once in twenty times: features that no simulation reaches, counted by themselves, or all that hardly any does.
 */
function moreThanByChance(edge: FeatureReach[], features: number, simulations: number): FeatureReach[] {
  const unreached = edge.filter(({ present, beyond }) => present < hardlyPresent || beyond === 0).length;
  const byChance = (p: number) => exceededRarely(features, p, 0.05);
  const stands =
    unreached > byChance(2 / (simulations + 1)) ||
    edge.length > byChance(2 * (hardlyReached + 1 / simulations));
  return stands ? edge : [];
}

function reach({ names, observed, x, bad }: MisspecificationInput, f: number, good: number): FeatureReach {
  const target = observed[f]!;
  let present = 0;
  let low = 0;
  let high = 0;
  for (let i = 0; i < bad.length; i++) {
    const value = x[i * names.length + f]!;
    if (bad[i] !== 0 || Number.isNaN(value)) continue;
    present += 1;
    if (value <= target) low += 1;
    if (value >= target) high += 1;
  }
  const beyond = present === 0 ? 0 : Math.min(low, high) / present;
  return { name: names[f]!, present: present / good, beyond, side: high < low ? 'larger' : 'smaller' };
}

/** What to tell a person before the run is believed; null where the prior's simulations surround the observation. */
export function misspecificationWarning(found: Misspecification | null): Warning | null {
  if (found === null) return null;
  const { outOfRange, simulations } = found;
  const rank = found.mahalanobisRank;
  const far = rank !== null && rank > farFromAll;
  if (outOfRange.length === 0 && !far) return null;
  const sentences = outOfRange.slice(0, 3).map((feature) => `${reachInWords(feature, simulations)}.`);
  const more = outOfRange.length - sentences.length;
  if (more > 0) sentences.push(`So do ${number(more)} more: ${namesOf(outOfRange.slice(3))}.`);
  if (far) sentences.push(`${farInWords(rank)}.`);
  return {
    code: 'observation-outside-simulations',
    message: sentences.join(' '),
    remedy:
      'Check the recording’s units, junction potential and capacitance, widen the prior, choose another model, or leave the feature out; a posterior that is learned so far from the data can be confident and wrong.',
  };
}

export function farInWords(rank: number): string {
  const share = rank === 1 ? 'every simulation' : `${percent(rank)} of the simulations`;
  return `All features taken together, the observation lies further from the centre of the prior’s simulations than ${share}`;
}

function reachInWords({ name, present, beyond, side }: FeatureReach, simulations: number): string {
  if (present < hardlyPresent) {
    const n = Math.round(present * simulations);
    const few = n === 0 ? 'none' : `only ${number(n)}`;
    return `The observation has ${name}, but ${few} of ${number(simulations)} simulations from the prior has it`;
  }
  return beyond === 0
    ? `The observed ${name} lies outside all simulations from the prior: it is ${side} than in every one`
    : `The observed ${name} lies outside ${percent(1 - beyond)} of all simulations from the prior: it is ${side}`;
}

const namesOf = (features: readonly FeatureReach[]) => features.map(({ name }) => name).join(', ');
