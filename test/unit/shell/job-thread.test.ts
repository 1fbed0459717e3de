import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JobThread } from '../../../main/shell/job-thread.ts';
import type { TestJob } from '../../support/jobs-worker.ts';

let started: number;
let thread: JobThread<TestJob>;

beforeEach(() => {
  started = 0;
  thread = new JobThread(() => {
    started++;
    return new Worker(new URL('../../support/jobs-worker.ts', import.meta.url));
  });
});
afterEach(() => thread.close());

describe('a thread for jobs', () => {
  it('is started by the first question, and answers it and the next', async () => {
    expect(started).toBe(0);
    expect(await thread.ask('answer')).toEqual(new Float32Array([1, 2]));
    await thread.ask('answer');
    expect(started).toBe(1);
  });

  it('can be started before, and is not started twice', async () => {
    thread.start();
    thread.start();
    expect(started).toBe(1);
    await thread.ask('answer');
    expect(started).toBe(1);
  });

  it('tells how far it is', async () => {
    const told: unknown[] = [];
    expect(await thread.ask('tell', { onNews: (news) => told.push(news) })).toBe('whole');
    expect(told).toEqual(['half']);
  });

  it('passes on what a job refuses, and of a fault where it happened', async () => {
    await expect(thread.ask('refuse')).rejects.toMatchObject({
      code: 'usage',
      remedy: 'Ask for something else.',
    });
    const fault = await thread.ask('break').catch((error: unknown) => error);
    expect(fault).toMatchObject({ code: 'internal' });
    expect(String((fault as { cause: Error }).cause.stack)).toContain('jobs-worker.ts');
  });

  it('aborts the one job that is meant', async () => {
    const controller = new AbortController();
    const ended: string[] = [];
    const first = thread.ask('wait', { signal: controller.signal }).then(() => ended.push('first'));
    const second = thread.ask('wait', { signal: AbortSignal.abort() }).then(() => ended.push('second'));
    await second;
    expect(ended).toEqual(['second']);
    controller.abort();
    await first;
    expect(ended).toEqual(['second', 'first']);
  });

  it('says that it ended unexpectedly, and the next question starts it again', async () => {
    const waiting = thread.ask('wait');
    const crash = thread.ask('crash');
    await expect(crash).rejects.toMatchObject({ code: 'internal' });
    await expect(waiting).rejects.toMatchObject({ code: 'internal' });
    expect(await thread.ask('tell')).toBe('whole');
    expect(started).toBe(2);
  });

  it('ends at once when it is closed, however deep in work, and calls that «cancelled»', async () => {
    const blocked = thread.ask('block').catch((error: unknown) => error);
    const before = performance.now();
    await thread.close();
    expect(await blocked).toMatchObject({ code: 'cancelled' });
    expect(performance.now() - before).toBeLessThan(10_000); // the job itself would last a minute
    await expect(thread.ask('answer')).rejects.toMatchObject({ code: 'cancelled' });
  });
});
