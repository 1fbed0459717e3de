import { median } from '../../main/numeric/statistics.ts';
import { durationMs, accuracy, type Accuracy } from './problem.ts';

/** What a simulator was measured with: one curve of the work–precision plot. */
export interface Series {
  simulator: string;
  variant: string;
  points: {
    dtMs: number;
    /** Processor time of each repetition */
    seconds: number[];
    sets: number;
    /** Cells whose voltage became NaN or infinite */
    notFinite: number;
    /** Of the judged cells */
    spikes: number[][];
  }[];
}

export interface Point extends Accuracy {
  dtMs: number;
  /** Core-seconds per simulated second of one cell */
  cost: number;
  nsPerStep: number;
  notFinite: number;
}

export interface Curve {
  simulator: string;
  variant: string;
  points: Point[];
  /** Cost at the target error; null where every step is less accurate. */
  atTarget: { cost: number; dtMs: number } | null;
}

/** The median spike-time error at which simulators are compared, ms. */
export const targetMs = 0.04;

export function curveOf({ simulator, variant, points }: Series, reference: readonly number[][]): Curve {
  const judged = points.map(({ dtMs, seconds, sets, notFinite, spikes }) => {
    const each = median(seconds) / sets;
    const nsPerStep = (each * 1e9 * dtMs) / durationMs;
    return { dtMs, cost: (each * 1000) / durationMs, nsPerStep, notFinite, ...accuracy(spikes, reference) };
  });
  return { simulator, variant, points: judged, atTarget: atTarget(judged) };
}

/**
 * Between the two time steps around the target, straight in the logarithms; at the coarsest step of a curve that stays below it
 * everywhere, which may be more than needed and never less.
 */
function atTarget(points: readonly Point[]): Curve['atTarget'] {
  const sorted = points.filter((p) => Number.isFinite(p.medianMs)).toSorted((a, b) => a.dtMs - b.dtMs);
  const above = sorted.findIndex((p) => p.medianMs > targetMs);
  const coarsest = sorted.at(-1);
  if (coarsest && above < 0) return { cost: coarsest.cost, dtMs: coarsest.dtMs };
  if (above < 1) return null;
  const [fine, coarse] = [sorted[above - 1]!, sorted[above]!];
  const share = Math.log(targetMs / fine.medianMs) / Math.log(coarse.medianMs / fine.medianMs);
  const between = (a: number, b: number) => a * (b / a) ** share;
  return { cost: between(fine.cost, coarse.cost), dtMs: between(fine.dtMs, coarse.dtMs) };
}
