import type { WireError } from '../contract/errors.ts';
import type { NetworkTask } from './train-network.ts';
import type { EpochReport, LoopResult } from './training-loop.ts';

/** To the worker. `cancel`: Int32Array of one element, not 0 = stop before the next minibatch. */
export interface TrainMessage {
  kind: 'train';
  task: NetworkTask;
  cancel: SharedArrayBuffer;
}

/** From the worker. */
export type TrainReply =
  | { kind: 'ready' }
  | { kind: 'epoch'; report: EpochReport }
  | { kind: 'done'; result: LoopResult }
  | { kind: 'failed'; error: WireError };
