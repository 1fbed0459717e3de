import type { FitConfig } from '../contract/config.ts';
import { logSumExp } from '../numeric/special.ts';
import type { Prior } from '../model/prior.ts';
import type { RoundRecord } from './fit-store.ts';
import type { Problem } from './problem.ts';
import {
  importanceWeights,
  normaliseWeights,
  proposalFromJson,
  proposalLogDensities,
  type Proposal,
} from './proposal.ts';

interface Fresh {
  /** Working coordinates. */
  theta: Float64Array;
  x: Float64Array;
  bad: Uint8Array;
  proposal: Proposal;
}

export interface TrainingData {
  /** All simulations that may be trained on, [n, F]; bad ones have weight 0. */
  x: Float64Array;
  /** [n], mean 1 over the good ones */
  weights: Float64Array;
  /** The weights of this round's own simulations. */
  freshWeights: Float64Array;
  /** The simulations with a positive weight, weights scaled to mean 1. */
  select(weights: Float64Array): { theta: Float64Array; x: Float64Array; w: Float64Array };
}

/**
 * What a round trains on. By default all simulations so far against the mixture of all proposals, w = p(θ)/Σ_r (N_r/N) p̃_r(θ): the
 * balance heuristic of multiple importance sampling [Veach and Guibas 1995], which bounds the weights because round 1 is the
 * prior. Without proposal.reuseRounds the round's own simulations with w = p(θ)/p̃_r(θ).
 */
export function trainingData(
  fresh: Fresh,
  earlier: readonly RoundRecord[],
  problem: Problem,
  config: FitConfig,
): TrainingData {
  const { coordinates, observed } = problem;
  const parts = config.proposal.reuseRounds
    ? [
        ...earlier.map(({ theta, x, bad, proposal }) => ({
          theta: coordinates.toWorking(theta),
          x,
          bad,
          proposal: proposalFromJson(proposal),
        })),
        fresh,
      ]
    : [fresh];
  const theta = concatenate(parts.map((part) => part.theta));
  const x = concatenate(parts.map((part) => part.x));
  const bad = Uint8Array.from(parts.flatMap((part) => [...part.bad]));
  const logProposal = mixtureOf(parts, theta, problem);
  const weights =
    fresh.proposal.region === null
      ? importanceWeights(theta, bad, coordinates.prior, logProposal)
      : truncatedWeights(theta, bad, fresh.proposal, coordinates.prior, logProposal);
  return {
    x,
    weights,
    freshWeights: weights.slice(weights.length - fresh.bad.length),
    select(chosen) {
      const rows = [...chosen.keys()].filter((i) => chosen[i]! > 0);
      const total = rows.reduce((sum, i) => sum + chosen[i]!, 0);
      return {
        theta: gather(theta, rows, coordinates.dimension),
        x: gather(x, rows, observed.length),
        w: Float64Array.from(rows, (i) => (chosen[i]! * rows.length) / total),
      };
    },
  };
}

/**
 * Weights of a round that drew from the prior inside a region. The posterior has next to no mass outside, so only there must
 * the weighted simulations follow the prior: inside they get p/p̃, which is the same for all where the rounds' regions lie in
 * one another (Deistler et al. 2022); those outside, from earlier rounds, get the mean of that. By p/p̃ they would weigh
 * many times as much and drown the rest.
 */
function truncatedWeights(
  theta: Float64Array,
  bad: Uint8Array,
  { estimate, region }: Proposal,
  prior: Prior,
  logProposal: Float64Array,
): Float64Array {
  const outside = estimate!.logDensities(theta).map((logQ) => Number(logQ < region!.logThreshold));
  const leftOut = Uint8Array.from(bad, (flag, i) => (flag === 0 ? outside[i]! : 1));
  const weights = importanceWeights(theta, leftOut, prior, logProposal);
  return normaliseWeights(
    weights.map((w, i) => (bad[i] === 0 && outside[i] === 1 ? 1 : w)),
    bad,
  );
}

/** log Σ_r (N_r/N) p̃_r(θ) at every row */
function mixtureOf(parts: readonly Fresh[], theta: Float64Array, { coordinates }: Problem): Float64Array {
  const total = parts.reduce((sum, part) => sum + part.bad.length, 0);
  const densities = parts.map(({ proposal, bad }) => {
    const logShare = Math.log(bad.length / total);
    return proposalLogDensities(proposal, coordinates.prior, theta).map((logQ) => logShare + logQ);
  });
  if (densities.length === 1) return densities[0]!;
  return densities[0]!.map((_, i) => logSumExp(Float64Array.from(densities, (own) => own[i]!)));
}

export function concatenate(parts: readonly Float64Array[]): Float64Array {
  if (parts.length === 1) return parts[0]!;
  const whole = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

function gather(matrix: Float64Array, rows: readonly number[], width: number): Float64Array {
  const chosen = new Float64Array(rows.length * width);
  rows.forEach((row, i) => chosen.set(matrix.subarray(row * width, (row + 1) * width), i * width));
  return chosen;
}
