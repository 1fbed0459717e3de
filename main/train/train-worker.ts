import { parentPort } from 'node:worker_threads';
import { AppError } from '../contract/errors.ts';
import { openDevice, type Accelerator, type OpenDevice } from './tensor-device.ts';
import { kernelPlan, tensorPlan, trainNetwork, trainNetworkOnTensors } from './train-network.ts';
import type { DeviceName, TrainMessage, TrainReply } from './training-messages.ts';
import { deviceLost } from './device-lost.ts';
import { timeSteps } from './time-steps.ts';

/** Trains networks off the main thread, one at a time; the protocol is in training-messages.ts. */
const port = parentPort;
if (port === null) throw new Error('train-worker.ts runs in a worker thread.');

/** Opened once in the life of the thread. */
let opened: OpenDevice | null = null;

async function open(device: Accelerator): Promise<OpenDevice> {
  opened ??= await openDevice(device);
  return opened;
}

function reply(message: TrainReply): void {
  port!.postMessage(message);
}

async function answer(message: TrainMessage): Promise<TrainReply> {
  if (message.kind === 'open')
    return { kind: 'opened', description: (await open(message.device)).description };
  const { device, task } = message;
  if (message.kind === 'time') return { kind: 'timed', ...(await time(message)) };
  const flag = new Int32Array(message.cancel);
  const hooks = {
    cancelled: () => Atomics.load(flag, 0) !== 0,
    onEpoch: (report: Extract<TrainReply, { kind: 'epoch' }>['report']) => reply({ kind: 'epoch', report }),
  };
  const result =
    device === 'cpu'
      ? trainNetwork(task, hooks)
      : await trainNetworkOnTensors((await open(device)).tf, task, hooks);
  return { kind: 'done', result };
}

async function time({ device, task }: Extract<TrainMessage, { kind: 'time' }>) {
  if (device === 'cpu') {
    const { plan, klConstant } = kernelPlan(task);
    return { description: 'one core of the processor', msPerStep: await timeSteps(plan, klConstant, task) };
  }
  const { tf, description } = await open(device);
  const plan = tensorPlan(tf, task);
  try {
    return { description, msPerStep: await timeSteps(plan, plan.klConstant, task) };
  } finally {
    plan.dispose();
  }
}

/** What is not one of our refusals is the device's fault, where there is one. */
function fault(thrown: unknown, device: DeviceName): AppError {
  if (device === 'cpu' || thrown instanceof AppError) return AppError.from(thrown);
  return deviceLost(device, thrown instanceof Error ? thrown.message : String(thrown), thrown);
}

port.on('message', (message: TrainMessage) => {
  answer(message).then(reply, (thrown: unknown) =>
    reply({ kind: 'failed', error: fault(thrown, message.device).toWire() }),
  );
});
reply({ kind: 'ready' });
