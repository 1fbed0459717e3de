import type { RoundReport } from '../contract/run.ts';
import { densityFromJson } from '../train/density-json.ts';
import { scoreClassifier, trainBadClassifier, type BadClassifier } from './bad-classifier.ts';
import type { RoundRecord } from './fit-store.ts';
import type { Problem } from './problem.ts';
import {
  drawDefensive,
  drawPrior,
  drawTruncated,
  priorProposal,
  proposalRandom,
  type ProposalDraw,
} from './proposal.ts';
import type { RoundContext } from './round.ts';
import { concatenate } from './training-data.ts';

/** The parameters of a round, in working coordinates; those of round 1 that the pilot run has simulated already are its first. */
export async function drawRound(
  { problem, pilot, signal }: RoundContext,
  earlier: readonly RoundRecord[],
  notices: string[],
): Promise<ProposalDraw> {
  const { config } = problem.prepared;
  const { coordinates } = problem;
  const random = proposalRandom(config.seed, earlier.length + 1);
  const n = config.simulations;
  const last = earlier.at(-1);
  if (last === undefined) {
    const theta = new Float64Array(n * coordinates.dimension);
    theta.set(coordinates.toWorking(pilot.theta));
    const rest = drawPrior(n - pilot.bad.length, coordinates.prior, random);
    theta.set(rest, pilot.theta.length);
    return { theta, proposal: priorProposal, truncation: null, priorInstead: 0, turnedAway: 0 };
  }
  const posterior = densityFromJson(JSON.parse(last.posterior));
  const classifier = config.badSimulations.classifier ? learnBad(problem, earlier) : null;
  const truncated =
    config.algorithm === 'tsnpe' || earlier.some(({ report }) => fallsBack(config, report.ess));
  const draw = truncated
    ? await drawTruncated(n, posterior, coordinates.prior, config.truncation, classifier, random, signal)
    : await drawDefensive(n, posterior, coordinates.prior, config.proposal, classifier, random, signal);
  if (draw.priorInstead > 0) {
    const share = (100 * draw.priorInstead).toPrecision(2);
    notices.push(
      `${share} % of the parameters were drawn from the prior, because the estimate gave too few inside the prior's bounds in time.`,
    );
  }
  return draw;
}

/** The classifier of bad simulations, from all rounds so far. */
function learnBad({ coordinates, prepared }: Problem, earlier: readonly RoundRecord[]): BadClassifier | null {
  const { seed, strict } = prepared.config;
  const theta = concatenate(earlier.map((round) => coordinates.toWorking(round.theta)));
  const bad = Uint8Array.from(earlier.flatMap((round) => [...round.bad]));
  return trainBadClassifier(theta, bad, coordinates.prior, seed, strict);
}

/** How well it foretold the round that it thinned. */
export function judgeClassifier(
  { theta, proposal, turnedAway }: ProposalDraw,
  bad: Uint8Array,
): RoundReport['classifier'] {
  if (proposal.thinning === null) return null;
  const { classifier } = proposal.thinning;
  return { trainedOn: classifier.trainedOn, ...scoreClassifier(classifier, theta, bad), thinned: turnedAway };
}

/** Importance weights of snpe that have come down to this few effective simulations are given up. */
export function fallsBack({ algorithm, proposal }: Problem['prepared']['config'], ess: number): boolean {
  return algorithm === 'snpe' && ess < proposal.leastEss;
}

export function drawnFrom({ proposal }: ProposalDraw): RoundReport['drawnFrom'] {
  if (proposal.estimate === null) return 'prior';
  return proposal.region === null ? 'estimate' : 'truncated-prior';
}
