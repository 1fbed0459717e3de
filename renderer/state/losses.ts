import type { RoundReport } from '../../main/contract/run.ts';
import type { LossPoint } from './run.svelte.ts';

/** What remains of the loss curve once a run is over: each round's last values. */
export function roundLosses(reports: readonly RoundReport[]): LossPoint[] {
  return reports.map(({ round, epochs, loss, validationLoss }) => ({
    round,
    epoch: epochs,
    loss,
    validationLoss,
  }));
}
