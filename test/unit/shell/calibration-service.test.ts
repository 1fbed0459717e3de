import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fitConfigSchema } from '../../../main/contract/config.ts';
import { AppError } from '../../../main/contract/errors.ts';
import { History } from '../../../main/history/history.ts';
import type { ResultRecord } from '../../../main/inference/fit-store.ts';
import { CalibrationService } from '../../../main/shell/calibration-service.ts';
import { EventBus, type EventMessage } from '../../../main/shell/event-bus.ts';
import { FitService } from '../../../main/shell/fit-service.ts';
import type { CalibrationOptions } from '../../../main/shell/fit-thread.ts';
import { historyService } from '../../../main/shell/history-service.ts';
import { evenCalibration } from '../../support/calibration.ts';

const config = fitConfigSchema.parse({ source: { recording: '/lab/cell-7/a.nwb', sweep: 3 } });
const settled = () => new Promise((done) => setTimeout(done, 5));
let folder: string;
let history: History;
let bus: EventBus;
let events: EventMessage[];
let fits: FitService;
let finishFit: () => void;
/** A calibration that ends when the test says so, or when it is cancelled. */
let running: {
  id: string;
  options: CalibrationOptions;
  finish: () => void;
  fail: (error: unknown) => void;
}[];
let calibrations: CalibrationService;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chronaxie-calibrations-'));
  history = History.open(join(folder, 'history.sqlite'));
  bus = new EventBus();
  events = [];
  bus.listen((message) => events.push(message));
  const run = () => new Promise<ResultRecord>((done) => (finishFit = () => done({} as ResultRecord)));
  fits = new FitService({ history, events: bus, version: '0', run });
  running = [];
  calibrations = new CalibrationService({
    history,
    events: bus,
    fits,
    calibrate: (id, options) =>
      new Promise((done, fail) => {
        const cancel = () => fail(new AppError('cancelled', 'Cancelled.', { remedy: 'Start again.' }));
        if (options.signal?.aborted) cancel();
        options.signal?.addEventListener('abort', cancel);
        running.push({ id, options, finish: () => done(evenCalibration(id)), fail });
      }),
  });
});
afterEach(async () => {
  await calibrations.close();
  await fits.close();
  history.close();
  rmSync(folder, { recursive: true });
});

function finishedRun(): string {
  const { id } = history.createRun({ name: 'a', project: 'p', source: '/a.nwb', config });
  history.setState(id, 'finished');
  return id;
}
const ended = () => events.filter(({ event }) => event === 'calibration.ended').map(({ payload }) => payload);

describe('calibrations in the background', () => {
  it('are in the history when they end, and say so', async () => {
    const id = finishedRun();
    const get = () => calibrations.handlers()['calibration.get']({ id });
    expect(await get()).toBeNull();
    calibrations.start(id, 300);
    const outcome = calibrations.outcome(id);
    await settled();
    expect(running[0]!.options.simulations).toBe(300);
    running[0]!.options.onProgress!({ id, phase: 'compare', done: 3, total: 300, etaSeconds: 9 });
    running[0]!.finish();
    expect(await outcome).toMatchObject({ id, compared: 100 });
    expect(await get()).toEqual(await outcome);
    expect(ended()).toEqual([{ id, error: null }]);
    const phases = events.flatMap((m) => (m.event === 'calibration.progress' ? [m.payload.phase] : []));
    expect(phases).toEqual(['queued', 'compare']);
  });

  it('wait for the fit that runs, and the next fit waits for them', async () => {
    const first = fits.start({ config }).id;
    await settled();
    const id = finishedRun();
    calibrations.start(id, 20);
    const next = fits.start({ config }).id;
    await settled();
    expect(running).toHaveLength(0);
    finishFit();
    await settled();
    expect(history.detail(first).state).toBe('finished');
    expect(running).toHaveLength(1);
    expect(history.detail(next).state).toBe('queued');
    running[0]!.finish();
    await settled();
    expect(history.detail(next).state).toBe('running');
    finishFit();
  });

  it('are cancelled, waiting or running, without a record', async () => {
    const [one, two] = [finishedRun(), finishedRun()];
    calibrations.start(one, 20);
    calibrations.start(two, 20);
    await settled();
    expect(calibrations.cancel(two)).toBe(true);
    expect(calibrations.cancel(one)).toBe(true);
    await settled();
    expect(ended().map((payload) => payload)).toMatchObject([
      { id: one, error: { code: 'cancelled' } },
      { id: two, error: { code: 'cancelled' } },
    ]);
    expect(history.calibration(one)).toBeNull();
    expect(calibrations.cancel(one)).toBe(false);
  });

  it('tell what went wrong, and leave the queue free', async () => {
    const id = finishedRun();
    calibrations.start(id, 20);
    const outcome = calibrations.outcome(id);
    await settled();
    running[0]!.fail(new AppError('inference-failed', 'Too few.', { remedy: 'More.' }));
    await expect(outcome).rejects.toMatchObject({ code: 'inference-failed' });
    expect(ended()).toEqual([
      { id, error: { code: 'inference-failed', message: 'Too few.', remedy: 'More.' } },
    ]);
    calibrations.start(id, 20);
    await settled();
    expect(running).toHaveLength(2);
  });

  it('are refused twice at a time, for a run that is not finished, and for one that never was', () => {
    const id = finishedRun();
    calibrations.start(id, 20);
    expect(() => calibrations.start(id, 20)).toThrow(/being calibrated already/);
    const { id: queued } = history.createRun({ name: 'b', project: 'p', source: '/a.nwb', config });
    expect(() => calibrations.start(queued, 20)).toThrow(/not finished/);
    expect(() => calibrations.start('never', 20)).toThrow(/no run/);
    expect(() => calibrations.outcome(queued)).toThrow(/not being calibrated/);
  });

  it('stop before their run is deleted', async () => {
    const id = finishedRun();
    calibrations.start(id, 20);
    await settled();
    const { deleted } = await historyService(history, fits, calibrations, bus)['history.delete']({ id });
    expect(deleted).toBe(true);
    expect(ended()).toMatchObject([{ id, error: { code: 'cancelled' } }]);
  });
});
