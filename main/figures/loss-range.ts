import { padded } from './plot-window.ts';

/** One epoch of training, held-out loss null where none was measured; or a generation of a search (see RoundReport). */
export interface LossPoint {
  round: number;
  epoch: number;
  loss: number;
  validationLoss: number | null;
}

/** The range that is drawn: the first epochs of a round may stand far above all others and are cut off. */
export function lossRange(points: readonly LossPoint[]): readonly [number, number] {
  const finite = points.flatMap((p) => [p.loss, p.validationLoss ?? p.loss]).filter(Number.isFinite);
  if (finite.length === 0) return [0, 1];
  const sorted = finite.toSorted((a, b) => a - b);
  const high = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.98))]!;
  return padded([sorted[0]!, Math.max(high, sorted[0]! + 1e-6)]);
}
