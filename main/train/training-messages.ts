import type { WireError } from '../contract/errors.ts';
import type { Accelerator } from './tensor-device.ts';
import type { NetworkTask } from './train-network.ts';
import type { EpochReport, LoopResult } from './training-loop.ts';

export type DeviceName = 'cpu' | Accelerator;

/** To the worker. A worker trains on one device only. */
export type TrainMessage =
  /** `cancel`: Int32Array of one element, not 0 = stop before the next minibatch. */
  | { kind: 'train'; device: DeviceName; task: NetworkTask; cancel: SharedArrayBuffer }
  /** Time a few steps of this network. */
  | { kind: 'time'; device: DeviceName; task: NetworkTask }
  /** See whether the device is there. */
  | { kind: 'open'; device: Accelerator };

/** From the worker. */
export type TrainReply =
  | { kind: 'ready' }
  | { kind: 'epoch'; report: EpochReport }
  | { kind: 'done'; result: LoopResult }
  | { kind: 'timed'; description: string; msPerStep: number }
  | { kind: 'opened'; description: string }
  | { kind: 'failed'; error: WireError };
