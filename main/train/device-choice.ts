import { AppError } from '../contract/errors.ts';
import type { TrainedOn } from '../contract/run.ts';
import { parameterCount } from './network.ts';
import type { Accelerator } from './tensor-device.ts';
import type { NetworkTask } from './train-network.ts';
import { timeNetwork } from './train-pool.ts';
import type { DeviceName } from './training-messages.ts';

export type Timing = TrainedOn['times'][number];

/** What was found in this process, so that every network is timed once. */
const known = new Map<string, Promise<Timing[]>>();

/**
 * The device for `auto`: a few real steps of the largest of the networks on each device that is there, and the one on which all of
 * them are done first. The processor trains as many networks at once as it has cores, another device one after the other.
 * @returns the timings too, in ms of one step of one network; none where the processor is alone
 */
export async function chooseDevice(
  tasks: readonly NetworkTask[],
  cores: number,
): Promise<{ device: DeviceName; times: Timing[] }> {
  const [largest] = [...tasks].sort((a, b) => parameterCount(b.network) - parameterCount(a.network));
  const { network, options } = largest!;
  const key = JSON.stringify([network, options.batchSize]);
  const measured = known.get(key) ?? timeAll(largest!);
  known.set(key, measured);
  const times = await measured;
  const turns = Math.ceil(tasks.length / Math.max(1, cores)) / tasks.length;
  const total = ({ device, msPerStep }: Timing) => msPerStep * (device === 'cpu' ? turns : 1);
  const [fastest] = [...times].sort((a, b) => total(a) - total(b));
  return { device: fastest?.device ?? 'cpu', times };
}

/** One after the other: side by side they would take time from each other. */
async function timeAll(task: NetworkTask): Promise<Timing[]> {
  const others: Timing[] = [];
  for (const device of ['cuda', 'webgpu'] satisfies Accelerator[]) {
    try {
      others.push({ device, ...(await timeNetwork(device, task)) });
    } catch (thrown) {
      const { code } = AppError.from(thrown);
      if (code !== 'device-unavailable' && code !== 'device-lost') throw thrown;
    }
  }
  if (others.length === 0) return [];
  return [{ device: 'cpu', ...(await timeNetwork('cpu', task)) }, ...others];
}
