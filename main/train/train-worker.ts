import { parentPort } from 'node:worker_threads';
import { AppError } from '../contract/errors.ts';
import { trainNetwork } from './train-network.ts';
import type { TrainMessage, TrainReply } from './training-messages.ts';

/** Trains networks off the main thread, one at a time; the protocol is in training-messages.ts. */
const port = parentPort;
if (port === null) throw new Error('train-worker.ts runs in a worker thread.');

function reply(message: TrainReply): void {
  port!.postMessage(message);
}

port.on('message', ({ task, cancel }: TrainMessage) => {
  const flag = new Int32Array(cancel);
  try {
    const result = trainNetwork(task, {
      cancelled: () => Atomics.load(flag, 0) !== 0,
      onEpoch: (report) => reply({ kind: 'epoch', report }),
    });
    reply({ kind: 'done', result });
  } catch (error) {
    reply({ kind: 'failed', error: AppError.from(error).toWire() });
  }
});
reply({ kind: 'ready' });
