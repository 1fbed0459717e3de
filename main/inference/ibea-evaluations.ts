import type { Simulated } from '../simulate/simulator-pool.ts';
import type { PilotRecord, RoundRecord } from './fit-store.ts';
import { objectivesOf, objectiveSums, searchTarget, type Target } from './ibea-objectives.ts';

/** Everything that a search has simulated, in order: evaluation e is row e over all its rounds. */
export interface Evaluations {
  target: Target;
  /** How many objectives there are. */
  count: number;
  /** [n, D], [n, K], [n] */
  theta: Float64Array;
  objectives: Float64Array;
  sums: Float64Array;
}

/** @param observed [F], NaN = missing */
export function evaluationsOf(
  rounds: readonly Pick<RoundRecord, 'theta' | 'x' | 'bad'>[],
  pilot: Pick<PilotRecord, 'xSd'>,
  observed: Float64Array,
): Evaluations {
  const target = searchTarget(observed, pilot.xSd);
  const count = target.features.length;
  const objectives = joined(rounds.map(({ x, bad }) => objectivesOf(x, bad, target)));
  return {
    target,
    count,
    theta: joined(rounds.map(({ theta }) => theta)),
    objectives,
    sums: objectiveSums(objectives, count),
  };
}

/** The evaluations' rows of a matrix with `width` columns. */
export function rowsOf(values: Float64Array, width: number, rows: readonly number[]): Float64Array {
  const picked = new Float64Array(rows.length * width);
  rows.forEach((row, i) => picked.set(values.subarray(row * width, (row + 1) * width), i * width));
  return picked;
}

/**
 * The best distinct parameter sets by the sum of their objectives, the best first; of equal ones the first that was found.
 * @returns evaluation numbers, at most `size`
 */
export function hallOfFame({ theta, sums }: Evaluations, dimension: number, size: number): number[] {
  const order = [...sums.keys()].sort((a, b) => sums[a]! - sums[b]! || a - b);
  const seen = new Set<string>();
  const best: number[] = [];
  for (const row of order) {
    if (best.length === size) break;
    const key = theta.subarray(row * dimension, (row + 1) * dimension).join();
    if (seen.has(key)) continue;
    seen.add(key);
    best.push(row);
  }
  return best;
}

/** 0, 1, …, size − 1, 0, 1, …: every member is simulated as often as the others. [n] */
export function inTurns(n: number, size: number): number[] {
  return Array.from({ length: n }, (_, i) => i % size);
}

/** What a search hands on from round to round: who survived, as evaluation numbers. RoundRecord.posterior holds it. */
export function populationToJson(population: readonly number[]): string {
  return JSON.stringify({ population });
}
export function populationFromJson(json: string): number[] {
  return (JSON.parse(json) as { population: number[] }).population;
}

/** The simulations of one round, generation by generation. */
export class RoundSimulations {
  readonly theta: Float64Array;
  readonly x: Float64Array;
  readonly bad: Uint8Array;
  readonly badReasons: string[] = [];
  done = 0;
  badCount = 0;
  readonly #dimension: number;
  readonly #width: number;

  constructor(n: number, dimension: number, width: number) {
    this.theta = new Float64Array(n * dimension);
    this.x = new Float64Array(n * width);
    this.bad = new Uint8Array(n);
    this.#dimension = dimension;
    this.#width = width;
  }

  /** Takes a generation over; reasons get the numbers that they have in the round. */
  add(theta: Float64Array, simulated: Simulated): void {
    this.theta.set(theta, this.done * this.#dimension);
    this.x.set(simulated.x, this.done * this.#width);
    simulated.bad.forEach((flag, i) => {
      if (flag === 0) return;
      this.bad[this.done + i] = 1 + this.#reason(simulated.badReasons[flag - 1]!);
      this.badCount += 1;
    });
    this.done += simulated.bad.length;
  }

  #reason(reason: string): number {
    const known = this.badReasons.indexOf(reason);
    return known >= 0 ? known : this.badReasons.push(reason) - 1;
  }
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
