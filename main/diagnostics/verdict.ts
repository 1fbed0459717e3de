import type { RoundReport, Summary } from '../contract/run.ts';
import { exceededRarely } from '../numeric/binomial.ts';
import { farFromAll, farInWords } from './misspecification.ts';
import { moreThan, number, percent, share } from './words.ts';

/** May the posterior be used? The verdict, and why, in the lab's language: worst first. */

export interface VerdictInput {
  /** In order; the last one is the result. */
  rounds: readonly RoundReport[];
  /** Share of the final estimate inside the prior's support, 0 … 1. */
  acceptance: number;
  /** By feature: the observation among simulations at posterior draws, and among those from the prior; null = not comparable. */
  predictivePercentiles: Readonly<Record<string, number | null>>;
  priorPercentiles: Readonly<Record<string, number | null>>;
  /** mahalanobisRank() of the observation among the prior's simulations; null = unknown. */
  mahalanobisRank: number | null;
  /** jointCheck(): share of prior simulations nearer to the recording than the median one at the posterior; null = unknown. */
  priorNearer: number | null;
}

export type Verdict = Pick<Summary['diagnostics'], 'verdict' | 'reasons'>;

/**
 * An observed feature beyond 99.5 % of the posterior's simulations: of the default 200 not one, or at most one tied, lies
 * beyond it. The model at these parameters does not do what the cell did.
 */
const predictiveTailFailed = 0.0025;
/** Outside the central 95 %. A good fit leaves the middle less often than 1 in 20, as it has seen these very features. */
const predictiveTailDoubtful = 0.025;
/**
 * Outside the central 98 % of the prior's simulations: among the default 500 some five lie beyond. The network has then
 * learned from few simulations near the data, and a bound of the prior may be in the way.
 */
const priorTailDoubtful = 0.01;

/**
 * So many prior simulations nearer to the recording than half of the posterior's: in fits that a person would call good it
 * is below 1 % (Hodgkin–Huxley, 7 features), and up to 23 % where few noisy features leave an exact posterior wide; in one whose
 * draws were half silent, 26 %.
 */
export const priorNearerDoubtful = 0.25;

/** Effective simulations that the last round was trained on: a mean's relative error is 1/√ESS, 10 % here … */
const essFailed = 100;
/** … and 6 % here. */
const essDoubtful = 300;

/**
 * Mass of the estimate inside the prior. Where a parameter is not informed by the data, a Gaussian on a flat posterior keeps
 * 92 % a parameter, about half for eight; a tenth means that the data pull out of the prior.
 */
const acceptanceFailed = 0.01;
const acceptanceDoubtful = 0.1;

/** Bad simulations do not bias the posterior, but with more than half of them the round was smaller than it looks. */
const badShareDoubtful = 0.5;
/** A feature that the recording has and most simulations lack is learned from the few that have it. */
const missingShareDoubtful = 0.8;

type Finding = [severity: 0 | 1 | 2, sentence: string];
const names = ['trust', 'look-closer', 'do-not-trust'] as const;

export function verdict(input: VerdictInput): Verdict {
  const last = input.rounds.at(-1);
  if (last === undefined) {
    return { verdict: 'do-not-trust', reasons: ['No round was finished. Resume the run.'] };
  }
  const findings = [
    ...predictiveFindings(input),
    ...jointFindings(input.priorNearer),
    ...farFindings(input.mahalanobisRank),
    sampleSizeFindings(last),
    ...acceptanceFindings(input.acceptance),
    ...simulationFindings(last, input),
  ].toSorted((a, b) => b[0] - a[0]);
  return { verdict: names[findings[0]![0]], reasons: findings.map(([, sentence]) => sentence) };
}

function predictiveFindings({ predictivePercentiles, priorPercentiles }: VerdictInput): Finding[] {
  const findings: Finding[] = [];
  let inside = 0;
  const tails = Object.values(predictivePercentiles)
    .filter((percentile) => percentile !== null)
    .map((percentile) => Math.min(percentile, 1 - percentile));
  // Of many features some lie in the tails by chance: what counts is whether more do than in most good fits.
  const tooMany = (limit: number, falseAlarms: number) =>
    tails.filter((tail) => tail < limit).length > exceededRarely(tails.length, 2 * limit, falseAlarms);
  const failed = tooMany(predictiveTailFailed, 0.05);
  const doubtful = failed || tooMany(predictiveTailDoubtful, 0.25);
  for (const [name, percentile] of Object.entries(predictivePercentiles)) {
    const prior = priorPercentiles[name] ?? null;
    if (percentile === null) {
      findings.push(incomparable(name, prior));
      continue;
    }
    const tail = Math.min(percentile, 1 - percentile);
    const priorTail = prior === null ? 0 : Math.min(prior, 1 - prior);
    if (tail < predictiveTailDoubtful) {
      const remedy =
        priorTail < priorTailDoubtful
          ? `Simulations from the whole prior hardly reach it either: a wider prior or another model may be needed.`
          : `Simulations from the prior do reach it: more simulations or rounds may find it, or the model cannot match all features at once.`;
      const severity =
        failed && tail < predictiveTailFailed ? 2 : doubtful || tail < predictiveTailFailed ? 1 : 0;
      findings.push([severity, `${beyond(name, percentile, 'at the posterior')}. ${remedy}`]);
    } else {
      inside += 1;
      if (priorTail < priorTailDoubtful && prior !== null) {
        const remedy = 'See whether a parameter lies at a bound of its prior; a wider prior may be needed.';
        findings.push([1, `${beyond(name, prior, 'from the prior')}. ${remedy}`]);
      }
    }
  }
  if (inside > 0) {
    const which = inside === 1 ? 'One observed feature lies' : `${number(inside)} observed features lie`;
    findings.push([0, `${which} within the central 95 % of the simulations at the posterior.`]);
  } else if (findings.length === 0) {
    findings.push([2, 'No feature could be compared with simulations at the posterior.']);
  }
  return findings;
}

function jointFindings(priorNearer: number | null): Finding[] {
  if (priorNearer === null) return [];
  const nearer = `${share(priorNearer)} of the simulations from the prior`;
  if (priorNearer <= priorNearerDoubtful) {
    return priorNearer === 0
      ? [
          [
            0,
            'Half of the simulations at the posterior resemble the recording more than any from the prior does.',
          ],
        ]
      : [[0, `Only ${nearer} resemble the recording more than half of those at the posterior do.`]];
  }
  return [
    [
      1,
      `Taken together, the features of simulations at the posterior are hardly closer to the recording than without a fit: ${nearer} are closer than half of them. Look at the predicted traces; more simulations, a wider prior or another model may be needed, or these features say little about the parameters.`,
    ],
  ];
}

/** Each feature alone may be ordinary and their combination one that the model hardly makes. */
function farFindings(rank: number | null): Finding[] {
  if (rank === null || rank <= farFromAll) return [];
  return [
    [
      1,
      `${farInWords(rank)}. The network has learned from few simulations like it; a wider prior or another model may be needed.`,
    ],
  ];
}

/** Missing in the recording: no comparison, no fault. Missing only in the posterior's simulations: a misfit. */
function incomparable(name: string, prior: number | null): Finding {
  return prior === null
    ? [0, `${name} is missing in the recording or in all simulations and was not compared.`]
    : [
        2,
        `The recording has ${name}, but no simulation at the posterior has it. More simulations or rounds may be needed, or another model.`,
      ];
}

function beyond(name: string, percentile: number, where: string): string {
  const direction = percentile > 0.5 ? 'larger' : 'smaller';
  const tail = Math.min(percentile, 1 - percentile);
  const of =
    tail === 0 ? `in every simulation ${where}` : `in ${percent(1 - tail)} of the simulations ${where}`;
  return `The observed ${name} is ${direction} than ${of}`;
}

function sampleSizeFindings({ ess }: RoundReport): Finding {
  const sentence = `The last round was trained on ${number(ess)} effective simulations`;
  if (ess >= essDoubtful) return [0, `${sentence}.`];
  return ess < essFailed
    ? [2, `${sentence}: too few. Use more simulations per round.`]
    : [1, `${sentence}: widths and tails are rough. Use more simulations per round.`];
}

function acceptanceFindings(acceptance: number): Finding[] {
  const inside = `${share(acceptance)} of the estimate lies inside the prior’s bounds`;
  if (acceptance >= acceptanceDoubtful) return [[0, `${inside}.`]];
  const remedy =
    'The data pull towards values outside: widen the prior of parameters that pile up at a bound, or train on more simulations.';
  return [[acceptance < acceptanceFailed ? 2 : 1, `Only ${inside}. ${remedy}`]];
}

function simulationFindings(last: RoundReport, { predictivePercentiles }: VerdictInput): Finding[] {
  const findings: Finding[] = [];
  if (last.bad > 0) {
    const reasons = Object.entries(last.badReasons).map(([reason, n]) => `${number(n)} ${reason}`);
    const why = reasons.length > 0 ? ` (${reasons.join(', ')})` : '';
    const sentence = `${number(last.bad)} of ${number(last.simulations)} simulations of the last round were bad${why} and set aside`;
    findings.push(
      moreThan(badShareDoubtful, last.bad, last.simulations)
        ? [1, `${sentence}. Narrow the prior to where the model runs, or use more simulations.`]
        : [0, `${sentence}.`],
    );
  }
  const good = last.simulations - last.bad;
  for (const [name, missing] of Object.entries(last.missing)) {
    const observed = typeof predictivePercentiles[name] === 'number';
    if (!observed || !moreThan(missingShareDoubtful, missing, good)) continue;
    findings.push([
      1,
      `${name} is missing in ${number(missing)} of ${number(good)} simulations of the last round, though the recording has it. Use more simulations, or leave it out of the features.`,
    ]);
  }
  return findings;
}
