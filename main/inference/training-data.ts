import type { FitConfig } from '../contract/config.ts';
import { logSumExp } from '../numeric/special.ts';
import type { RoundRecord } from './fit-store.ts';
import type { Problem } from './problem.ts';
import { importanceWeights, proposalFromJson, proposalLogDensities, type Proposal } from './proposal.ts';

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
  /** A copy: what a round sets aside is its own affair. */
  const bad = Uint8Array.from(parts.flatMap((part) => [...part.bad]));
  setAsideOutside(fresh.proposal, theta, bad);
  const weights = importanceWeights(theta, bad, coordinates.prior, mixtureOf(parts, theta, problem));
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
 * Where the round drew from the prior inside a region, only simulations inside it are trained on, earlier ones too: the target
 * then is the prior restricted to the region, under which all of them weigh nearly the same (Deistler et al. 2022). Those outside would
 * keep the prior's full weight and drown the rest.
 */
function setAsideOutside({ region, estimate }: Proposal, theta: Float64Array, setAside: Uint8Array): void {
  if (region === null || estimate === null) return;
  estimate.logDensities(theta).forEach((logQ, i) => {
    if (logQ < region.logThreshold) setAside[i] = 1;
  });
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
