import { median, quantile } from '../numeric/statistics.ts';
import { runningMedian } from './running-median.ts';

/** A stretch of samples begin … end−1 at one current. */
export interface Plateau {
  begin: number;
  end: number;
  levelPa: number;
}

/** Shorter stretches of a command are parts of a ramp or of noise, not plateaus. */
const SHORTEST_PLATEAU_MS = 1;
/** Samples of a command closer than this (pA, or this share of its range) are equal: 32-bit floats of one value. */
const COMMAND_TOLERANCE_PA = 1e-3;
const COMMAND_TOLERANCE = 1e-5;
/** Half-width of what a recorded current is smoothed with; pulses must be longer than this. */
const SMOOTHING_MS = 3;
/** An edge must exceed the noise of the smoothed current by this factor, and this share of its range. */
const EDGE_SIGMAS = 6;
const EDGE_SHARE = 0.04;
/** Share of a Gaussian within one standard deviation: this quantile of |change| is its noise, edges being rare. */
const WITHIN_ONE_SIGMA = 0.6827;
/** Shorter stretches of a recorded current are transients: action potentials leak into it for about 2 ms each. */
const SHORTEST_RECORDED_MS = 6;

/** The plateaus of an exact command: runs of equal samples. */
export function commandPlateaus(current: Float32Array, rateHz: number): Plateau[] {
  const tolerance = Math.max(COMMAND_TOLERANCE_PA, COMMAND_TOLERANCE * range(current));
  const shortest = Math.max(2, (SHORTEST_PLATEAU_MS * rateHz) / 1000);
  const found: Plateau[] = [];
  let begin = 0;
  for (let i = 1; i <= current.length; i++) {
    if (i < current.length && Math.abs(current[i]! - current[begin]!) <= tolerance) continue;
    if (i - begin >= shortest) found.push({ begin, end: i, levelPa: current[begin]! });
    begin = i;
  }
  return found;
}

/**
 * The plateaus of a recorded, noisy current. Rough edges lie where the running median changes by more than its noise;
 * what lies between two is a plateau if it lasts, and neighbours that do not differ are joined across the transients
 * between them; at last each edge goes to the least-squares change point between the levels beside it.
 */
export function recordedPlateaus(current: Float32Array, rateHz: number): Plateau[] {
  const half = Math.max(1, Math.round((SMOOTHING_MS * rateHz) / 2000));
  const shortest = (SHORTEST_RECORDED_MS * rateHz) / 1000;
  const smooth = runningMedian(current, 2 * half + 1);
  const change = smooth.map(
    (_, i) => (smooth[i + half] ?? smooth.at(-1)!) - (smooth[i - half] ?? smooth[0]!),
  );
  const sigma = quantile(change.map(Math.abs), WITHIN_ONE_SIGMA);
  const threshold = Math.max(EDGE_SIGMAS * sigma, EDGE_SHARE * range(smooth));
  const edges = [0, ...edgeCentres(change, threshold), current.length];
  const pieces = edges
    .slice(1)
    .map((end, k) => ({ begin: edges[k]!, end, levelPa: levelOf(current, edges[k]!, end, half) }))
    .filter((piece) => piece.end - piece.begin >= shortest);
  const plateaus = joinEqual(current, pieces, threshold, half);
  plateaus.slice(1).forEach((plateau, k) => {
    const before = plateaus[k]!;
    const edge = changePoint(current, before, plateau, half);
    before.end = edge;
    plateau.begin = edge;
  });
  return plateaus;
}

/** The middle of each run of samples at which the change exceeds the threshold in one direction. */
function edgeCentres(change: Float32Array, threshold: number): number[] {
  const centres: number[] = [];
  let begin = -1;
  for (let i = 0; i <= change.length; i++) {
    const here = i < change.length && Math.abs(change[i]!) > threshold ? Math.sign(change[i]!) : 0;
    if (begin >= 0 && here !== Math.sign(change[begin]!)) {
      centres.push((begin + i) >> 1);
      begin = -1;
    }
    if (begin < 0 && here !== 0) begin = i;
  }
  return centres;
}

/**
 * The k between two plateaus (and `reach` into either) that minimises Σ_{i<k}(x−a)² + Σ_{i≥k}(x−b)² for their levels a and b;
 * x is clipped to between them so that transients do not pull.
 */
function changePoint(x: Float32Array, before: Plateau, after: Plateau, reach: number): number {
  const { levelPa: a } = before;
  const { levelPa: b } = after;
  const from = Math.max(before.begin, before.end - reach);
  const to = Math.min(after.end, after.begin + reach);
  let best = from;
  let cost = 0;
  let lowest = 0;
  for (let i = from; i < to; i++) {
    const clipped = Math.min(Math.max(x[i]!, Math.min(a, b)), Math.max(a, b));
    cost += (clipped - a) ** 2 - (clipped - b) ** 2;
    if (cost < lowest) {
      lowest = cost;
      best = i + 1;
    }
  }
  return best;
}

function joinEqual(x: Float32Array, pieces: Plateau[], threshold: number, margin: number): Plateau[] {
  const joined: Plateau[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    if (last && Math.abs(piece.levelPa - last.levelPa) <= threshold) {
      last.end = piece.end;
      last.levelPa = levelOf(x, last.begin, last.end, margin);
    } else joined.push({ ...piece });
  }
  return joined;
}

/** Median of a stretch without `margin` samples at either end, where there are enough of them. */
function levelOf(x: Float32Array, begin: number, end: number, margin: number): number {
  const cut = end - begin > 4 * margin ? margin : 0;
  return median(x.subarray(begin + cut, end - cut));
}

function range(values: Float32Array): number {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return high - low;
}
