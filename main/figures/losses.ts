import type { RoundLosses, RoundReport } from '../contract/run.ts';
import type { LossPoint } from './loss-range.ts';

/** What remains of the loss curve once a run is over: each round's last values. */
export function roundLosses(reports: readonly RoundReport[]): LossPoint[] {
  return reports.map(({ round, epochs, loss, validationLoss }) => ({
    round,
    epoch: epochs,
    loss,
    validationLoss,
  }));
}

/** Every epoch of the rounds that the history holds. */
export function epochLosses(rounds: readonly RoundLosses[]): LossPoint[] {
  return rounds.flatMap(({ round, losses, validationLosses }) =>
    Array.from(losses, (loss, i) => {
      const held = validationLosses[i] ?? NaN;
      return { round, epoch: i + 1, loss, validationLoss: Number.isNaN(held) ? null : held };
    }),
  );
}

/**
 * Places the epochs of all rounds on one axis: a round begins where the one before ended. Not every epoch is reported
 * while a fast run is watched, so the ends come from the rounds' reports where they are known.
 * @returns [points] positions, 1-based
 */
export function epochPositions(
  points: readonly LossPoint[],
  reports: readonly Pick<RoundReport, 'round' | 'epochs'>[],
): number[] {
  const seen = new Map<number, number>();
  for (const { round, epoch } of points) seen.set(round, Math.max(seen.get(round) ?? 0, epoch));
  for (const { round, epochs } of reports) if (seen.has(round)) seen.set(round, epochs);
  const begins = new Map<number, number>();
  let end = 0;
  for (const round of [...seen.keys()].toSorted((a, b) => a - b)) {
    begins.set(round, end);
    end += seen.get(round) ?? 0;
  }
  return points.map(({ round, epoch }) => (begins.get(round) ?? 0) + epoch);
}

/**
 * Whether the epochs that were seen join to a line in every round but the newest, which may just have begun: a fast
 * round may report a single one.
 */
export function makesCurve(points: readonly LossPoint[]): boolean {
  const seen = new Map<number, number>();
  for (const { round } of points) seen.set(round, (seen.get(round) ?? 0) + 1);
  return points.length > 1 && [...seen.values()].slice(0, -1).every((epochs) => epochs > 1);
}
