import type { RoundReport } from '../contract/run.ts';
import type { Verdict } from './verdict.ts';
import { number, share } from './words.ts';

export interface SearchVerdictInput {
  /**
   * Of each feature that has an objective: the median of s − s_o over new simulations of the hall of fame, in standard
   * deviations of the prior's simulations; null where half of them or more lack it.
   */
  offsets: readonly { name: string; offset: number | null }[];
  /** The hall of fame's median sum of objectives as the search saw it, and with new noise. */
  found: number;
  again: number;
  /** jointCheck(), as for a posterior; null = unknown. */
  priorNearer: number | null;
  last: RoundReport;
}

/** Half a standard deviation of the prior's simulations: a draw from the prior is typically one to two away. */
const missed = 0.5;
/** New noise that makes the fit more than twice as bad shows that the search kept lucky simulations. */
const lucky = 2;
/** As for a posterior: see verdict.ts. */
const priorNearerDoubtful = 0.15;

type Finding = [severity: 0 | 1 | 2, sentence: string];

/**
 * What is to be thought of a search. It is never «trust»: the hall of fame may fit well, and still says nothing about the
 * other parameter sets that would. What is checked is how far new simulations are from the observation, and not where in
 * them it lies: point estimates lack the spread that lets an observation lie in the middle of what a posterior predicts.
 */
export function searchVerdict(input: SearchVerdictInput): Verdict {
  const findings: Finding[] = [
    [
      1,
      'A search gives single parameter sets and no uncertainty: how different other sets may be that explain the recording as well, it does not say. Fit the same recording with snpe, tsnpe or npe for that.',
    ],
    ...offsetFindings(input),
    ...luckFindings(input),
    ...jointFindings(input),
    ...badFindings(input),
  ];
  const sorted = findings.toSorted((a, b) => b[0] - a[0]);
  return {
    verdict: sorted[0]![0] === 2 ? 'do-not-trust' : 'look-closer',
    reasons: sorted.map(([, sentence]) => sentence),
  };
}

function offsetFindings({ offsets }: SearchVerdictInput): Finding[] {
  const findings: Finding[] = [];
  const met: number[] = [];
  for (const { name, offset } of offsets) {
    if (offset === null) {
      findings.push([
        2,
        `The recording has ${name}, but half of the new simulations of the hall of fame or more lack it. More simulations may find it, or another model is needed.`,
      ]);
    } else if (Math.abs(offset) > missed) {
      findings.push([
        2,
        `New simulations of the hall of fame miss the observed ${name} by ${number(Math.abs(offset))} standard deviations of the prior’s simulations (median). More simulations may find it, or the model cannot match all features at once.`,
      ]);
    } else met.push(Math.abs(offset));
  }
  if (met.length === 0) return findings;
  const which =
    met.length < offsets.length
      ? `${met.length} of ${offsets.length} observed features`
      : offsets.length === 1
        ? 'the observed feature'
        : `all ${offsets.length} observed features`;
  const sentence = `The median of new simulations of the hall of fame comes within ${number(Math.max(...met))} standard deviations of the prior’s simulations of ${which}.`;
  return [...findings, [0, sentence]];
}

/** The best of many noisy simulations are also the luckiest. */
function luckFindings({ found, again }: SearchVerdictInput): Finding[] {
  if (again <= lucky * found) return [];
  return [
    [
      0,
      `With new noise the hall of fame’s sum of objectives is ${number(again)} (median), not the ${number(found)} that the search saw: it keeps what fits by luck too.`,
    ],
  ];
}

function jointFindings({ priorNearer }: SearchVerdictInput): Finding[] {
  if (priorNearer === null || priorNearer <= priorNearerDoubtful) return [];
  return [
    [
      2,
      `Taken together, the features are hardly closer to the recording than without a fit: ${share(priorNearer)} of the simulations from the prior are closer than half of those of the hall of fame.`,
    ],
  ];
}

function badFindings({ last }: SearchVerdictInput): Finding[] {
  if (last.bad === 0) return [];
  const sentence = `${number(last.bad)} of ${number(last.simulations)} simulations of the last round were bad and got the worst score.`;
  return [[0, sentence]];
}
