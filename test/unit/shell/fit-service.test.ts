import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fitConfigSchema, type FitConfigInput } from '../../../main/contract/config.ts';
import { AppError } from '../../../main/contract/errors.ts';
import { History } from '../../../main/history/history.ts';
import type { ResultRecord } from '../../../main/inference/fit-store.ts';
import { EventBus, type EventMessage } from '../../../main/shell/event-bus.ts';
import { FitService } from '../../../main/shell/fit-service.ts';
import type { RunOptions } from '../../../main/shell/fit-thread.ts';

/** A fit that ends when the test says so, or when it is cancelled. */
interface Running {
  options: RunOptions;
  finish: () => void;
  fail: (error: unknown) => void;
}

let folder: string;
let history: History;
let events: EventMessage[];
let running: Running[];
let fits: FitService;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chronaxie-fits-'));
  history = History.open(join(folder, 'history.sqlite'));
  const bus = new EventBus();
  events = [];
  bus.listen((message) => events.push(message));
  running = [];
  const run = (options: RunOptions) =>
    new Promise<ResultRecord>((finish, fail) => {
      const cancel = () => fail(new AppError('cancelled', 'Cancelled.', { remedy: 'Resume.' }));
      if (options.signal?.aborted) cancel();
      options.signal?.addEventListener('abort', cancel);
      running.push({ options, finish: () => finish({} as ResultRecord), fail });
    });
  fits = new FitService({ history, events: bus, version: '0', run });
});
afterEach(async () => {
  await fits.close();
  history.close();
  rmSync(folder, { recursive: true });
});

const config = (input: FitConfigInput = {}) =>
  fitConfigSchema.parse({ source: { recording: '/lab/cell-7/a.nwb', sweep: 3 }, ...input });
const settled = () => new Promise((done) => setTimeout(done, 5));
const state = (id: string) => history.detail(id).state;

describe('fits in the background', () => {
  it('run one at a time, in order, and their states are in the history', async () => {
    const first = fits.start({ config: config() }).id;
    const second = fits.start({ config: config(), name: 'again' }).id;
    await settled();
    expect([state(first), state(second)]).toEqual(['running', 'queued']);
    expect(running).toHaveLength(1);
    running[0]!.finish();
    await fits.outcome(first);
    await settled();
    expect([state(first), state(second)]).toEqual(['finished', 'running']);
    expect(history.detail(second).name).toBe('again');
    expect(history.detail(first)).toMatchObject({ name: 'a · sweep 3', project: 'cell-7' });
    expect(events.filter((e) => e.event === 'run.changed' && e.payload.id === first).length).toBeGreaterThan(
      1,
    );
  });

  it('stop when cancelled, running or queued, and can be resumed', async () => {
    const first = fits.start({ config: config() }).id;
    const second = fits.start({ config: config() }).id;
    await settled();
    expect(fits.cancel(second)).toBe(true);
    await settled();
    // What waits does not wait for its turn to be cancelled.
    expect([state(first), state(second)]).toEqual(['running', 'cancelled']);
    expect(fits.cancel(first)).toBe(true);
    await settled();
    expect([state(first), state(second)]).toEqual(['cancelled', 'cancelled']);
    expect(fits.cancel(first)).toBe(false);
    fits.resume(first);
    await settled();
    expect(state(first)).toBe('running');
  });

  it('keep what went wrong, and let the next one begin', async () => {
    const first = fits.start({ config: config() }).id;
    const second = fits.start({ config: config() }).id;
    await settled();
    running[0]!.fail(
      new AppError('inference-failed', 'Every simulation diverged.', { remedy: 'Change the prior.' }),
    );
    await settled();
    expect(history.detail(first)).toMatchObject({
      state: 'failed',
      error: { message: 'Every simulation diverged.' },
    });
    expect(state(second)).toBe('running');
  });

  it.each(['my.json', 'cell.nml', 'cell.xml', 'models/mine'])(
    'are independent of the folder that they were started in, of the model %s too',
    async (model) => {
      fits.start({
        config: config({ source: { simulator: 'sim.mjs', observation: 'obs.csv' }, model }),
      });
      await settled();
      expect(running[0]!.options.config).toMatchObject({
        source: { simulator: resolve('sim.mjs'), observation: resolve('obs.csv') },
        model: resolve(model),
      });
    },
  );
  it('leave the name of a built-in model as it is', async () => {
    fits.start({ config: config({ model: 'hh12' }) });
    await settled();
    expect(running[0]!.options.config.model).toBe('hh12');
  });

  it('go on with more rounds once they have stopped, and not while they run', async () => {
    const { id } = fits.start({ config: config({ rounds: 2 }) });
    expect(() => fits.addRounds(id, 1)).toThrow(/is running/);
    await settled();
    running[0]!.finish();
    await settled();
    await fits.handlers()['fit.addRounds']({ id, rounds: 3 });
    await settled();
    expect(running[1]!.options.config.rounds).toBe(5);
    expect(state(id)).toBe('running');
    const npe = fits.start({ config: config({ algorithm: 'npe' }) }).id;
    fits.cancel(npe);
    await fits.close();
    expect(() => fits.addRounds(npe, 1)).toThrow(/npe has one round/);
    expect(() => fits.addRounds('nothing', 1)).toThrow(AppError);
  });

  it('are refused without a source, strict on a graphics card, twice, and when they are finished', async () => {
    const refusal = (work: () => unknown) => {
      try {
        work();
      } catch (thrown) {
        return AppError.from(thrown).code;
      }
      return 'accepted';
    };
    expect(refusal(() => fits.start({ config: fitConfigSchema.parse({}) }))).toBe('usage');
    expect(refusal(() => fits.start({ config: config({ device: 'cuda', strict: true }) }))).toBe('usage');
    expect(history.list()).toEqual([]);
    const { id } = fits.start({ config: config() });
    expect(refusal(() => fits.resume(id))).toBe('usage');
    await settled();
    running[0]!.finish();
    await settled();
    expect(refusal(() => fits.resume(id))).toBe('usage');
    expect(refusal(() => fits.cancel('nothing'))).toBe('not-found');
    expect(refusal(() => fits.resume('nothing'))).toBe('not-found');
  });
});
