import type { WireError } from '../contract/errors.ts';
import type { EpochReport } from './training-loop.ts';
import type { TrainingResult, WireRequest } from './training-request.ts';

/** To the worker. `cancel`: Int32Array of one element, not 0 = stop before the next minibatch. */
export interface TrainMessage {
  kind: 'train';
  request: WireRequest;
  cancel: SharedArrayBuffer;
}

export type WireResult = Omit<TrainingResult, 'estimator'> & { estimator: Uint8Array };

/** From the worker. */
export type TrainReply =
  | { kind: 'ready' }
  | { kind: 'epoch'; report: EpochReport }
  | { kind: 'done'; result: WireResult }
  | { kind: 'failed'; error: WireError };
