import { AppError } from '../contract/errors.ts';
import type {
  FitStore,
  PilotRecord,
  PreparedRecord,
  ReplayRecord,
  ResultRecord,
  RoundRecord,
} from '../inference/fit-store.ts';
import { interimResult } from '../inference/interim-result.ts';

/** All that the history keeps of a run. Matrices are row-major: [n, D] of parameters, [n, F] of features. */
export interface RunRecord {
  id: string;
  prepared: PreparedRecord;
  result: ResultRecord;
  rounds: RoundRecord[];
  /** Simulations at draws from the prior; null in runs that were cut off before there was one. */
  pilot: PilotRecord | null;
  /** null: a simulator of one's own, or a run from before it was kept */
  replay: ReplayRecord | null;
}

/**
 * A run as far as it has come: a finished one with its result, another with what its last finished round estimates.
 * @param version of this program, which makes the result of an unfinished run
 * @throws AppError not-found where there is neither
 */
export async function storedRun(store: FitStore, id: string, version: string): Promise<RunRecord> {
  const prepared = store.prepared(id);
  const rounds = store.rounds(id);
  const result =
    store.result(id) ?? (prepared === null ? null : await interimResult({ id, version }, prepared, rounds));
  if (prepared === null || result === null) {
    const search = prepared?.config.algorithm === 'ibea';
    throw new AppError('not-found', `The run ${id} has no result to export.`, {
      remedy: `${search ? 'A search has one once its last round' : 'A run has one once its first round'} is finished: «chronaxie runs resume ${id}» continues it.`,
      details: { id },
    });
  }
  return { id, prepared, result, rounds, pilot: store.pilot(id), replay: store.replay(id) };
}

/** @throws AppError not-found where the run is not finished */
export function finishedRun(store: FitStore, id: string): RunRecord {
  const prepared = store.prepared(id);
  const result = store.result(id);
  if (prepared === null || result === null) {
    throw new AppError('not-found', `The run ${id} is not finished.`, {
      remedy: `«chronaxie runs resume ${id}» continues it.`,
      details: { id },
    });
  }
  const [pilot, replay] = [store.pilot(id), store.replay(id)];
  return { id, prepared, result, rounds: store.rounds(id), pilot, replay };
}
