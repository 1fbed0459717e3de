import { constants, getPriority, platform } from 'node:os';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';

/** Says the priorities of a thread that stands back and of one that it starts. */
const thread = `
const { readlinkSync } = await import('node:fs');
const { getPriority } = await import('node:os');
const { basename } = await import('node:path');
const { Worker, parentPort, workerData, isMainThread } = await import('node:worker_threads');
const own = () => getPriority(Number(basename(readlinkSync('/proc/thread-self'))));
if (workerData.module !== null) {
  const { standBack } = await import(workerData.module);
  const before = own();
  standBack();
  const child = new Worker(new URL('data:text/javascript,' + encodeURIComponent(workerData.source)), { workerData: { module: null } });
  child.once('message', (inherited) => parentPort.postMessage({ before, after: own(), inherited }));
} else parentPort.postMessage(own());
`;

describe.runIf(platform() === 'linux')('a thread that stands back', () => {
  it('lowers its own priority and that of threads that it starts, and no other', async () => {
    const mine = getPriority();
    const module = new URL('../../../main/shell/thread-priority.ts', import.meta.url).href;
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(thread)}`), {
      workerData: { module, source: thread },
    });
    const told = await new Promise<unknown>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
    await worker.terminate();
    const low = Math.max(mine, constants.priority.PRIORITY_BELOW_NORMAL);
    expect(told).toEqual({ before: mine, after: low, inherited: low });
    expect(getPriority()).toBe(mine);
  });
});
