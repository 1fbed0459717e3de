import type { RoundReport } from '../../main/contract/run.ts';
import { count, fixed } from '../../main/figures/number.ts';
import { percent } from './run-words.ts';

const sources: Record<NonNullable<RoundReport['drawnFrom']>, string> = {
  prior: 'prior',
  estimate: 'last estimate',
  'truncated-prior': 'truncated prior',
  search: 'search',
};

const families: Record<RoundReport['families'][number]['family'], string> = {
  mixture: 'mixture',
  autoregressive: 'autoregressive',
  bounded: 'bounded',
};

/** Where a round's parameters came from: «truncated prior, 0.52 %» */
export function drawnFrom({ drawnFrom: source, truncation }: RoundReport): string {
  if (source === null) return '';
  return truncation === null ? sources[source] : `${sources[source]}, ${percent(truncation.acceptance)}`;
}

/** How the region was sampled, as a sentence; empty where there was none. */
export function truncationInWords({ truncation }: RoundReport): string {
  if (truncation === null) return '';
  const share = `The region holds ${percent(truncation.acceptance)} of the prior`;
  return truncation.ess === null
    ? `${share}; drawn by rejection.`
    : `${share}; drawn by resampling, with at least ${count(truncation.ess)} effective draws.`;
}

/** The density family that described held-out simulations best: «bounded, 10» */
export function chosenFamily({ families: scores }: RoundReport): string {
  const best = scores[0];
  return best === undefined ? '' : `${families[best.family]}, ${count(best.components)}`;
}

/** Every family's held-out score; empty where there was no choice. */
export function familyScores({ families: scores }: RoundReport): string {
  return scores
    .map(({ family, heldOutLogScore }) => `${families[family]} ${fixed(heldOutLogScore, 2)}`)
    .join('; ');
}

/** What the classifier of bad simulations did: «120 draws turned away, 93 % foretold right»; empty without one. */
export function classifierInWords({ classifier }: RoundReport): string {
  if (classifier === null) return '';
  return `${count(classifier.thinned)} draws turned away where simulations go bad; ${percent(classifier.accuracy)} of this round foretold right`;
}
