import { AppError } from '../contract/errors.ts';
import type {
  FitStore,
  PilotRecord,
  PreparedRecord,
  ResultRecord,
  RoundRecord,
} from '../inference/fit-store.ts';

/** All that the history keeps of a finished run. Matrices are row-major: [n, D] of parameters, [n, F] of features. */
export interface RunRecord {
  id: string;
  prepared: PreparedRecord;
  result: ResultRecord;
  rounds: RoundRecord[];
  /** Simulations at draws from the prior; null in runs that were cut off before there was one. */
  pilot: PilotRecord | null;
}

/** @throws AppError not-found where the run is not finished */
export function finishedRun(store: FitStore, id: string): RunRecord {
  const prepared = store.prepared(id);
  const result = store.result(id);
  if (prepared === null || result === null) {
    throw new AppError('not-found', `The run ${id} has no result to export.`, {
      remedy: `A run has one once its last round is finished: «chronaxie runs resume ${id}» continues it.`,
      details: { id },
    });
  }
  return { id, prepared, result, rounds: store.rounds(id), pilot: store.pilot(id) };
}
