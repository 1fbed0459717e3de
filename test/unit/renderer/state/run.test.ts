import { describe, expect, it } from 'vitest';
import { fitConfigSchema } from '../../../../main/contract/config.ts';
import { AppError } from '../../../../main/contract/errors.ts';
import type { Progress, RunDetail } from '../../../../main/contract/run.ts';
import { epochPositions, roundLosses, makesCurve } from '../../../../main/figures/losses.ts';
import { RunState } from '../../../../renderer/state/run.svelte.ts';
import { FakeTransport } from '../fake-transport.ts';
import { model, run, report } from './fixtures.ts';

describe('the run', () => {
  const detail = (id: string, part: Partial<RunDetail> = {}): RunDetail => ({
    ...run(id),
    config: fitConfigSchema.parse({}),
    parameters: model.parameters,
    features: [],
    reports: [],
    summary: null,
    truth: {},
    ...part,
  });
  const progress = (id: string, epoch: number, round = 1): Progress => ({
    id,
    phase: 'train',
    round,
    rounds: 2,
    simulationsDone: 0,
    simulationsTotal: 0,
    simulationsPerSecond: null,
    bad: 0,
    missing: 0,
    ess: null,
    loss: 10 / epoch,
    validationLoss: null,
    epoch,
    etaSeconds: null,
  });

  it('collects the loss of its own epochs, and starts a repeated epoch over', async () => {
    const state = new RunState(
      new FakeTransport({ 'history.show': ({ id }) => detail(id, { state: 'running' }) }),
    );
    await state.show('1');
    for (const epoch of [1, 2, 3]) state.onProgress(progress('1', epoch));
    state.onProgress(progress('2', 9));
    state.onProgress(progress('1', 2));
    expect(state.losses.map((point) => point.epoch)).toEqual([1, 2]);
    expect(state.progress?.epoch).toBe(2);
    expect(state.anyProgress?.id).toBe('1');
  });
  it('keeps rounds in order and forgets live numbers when the run has ended', async () => {
    let now: RunDetail = detail('1', { state: 'running' });
    const state = new RunState(new FakeTransport({ 'history.show': () => now }));
    await state.show('1');
    state.onProgress(progress('1', 1));
    state.onRound('1', report(2));
    state.onRound('1', report(1));
    state.onRound('other', report(3));
    expect(state.reports.map((r) => r.round)).toEqual([1, 2]);
    expect(state.roundsDone).toBe(2);
    now = detail('1', { reports: [report(1), report(2)] });
    await state.onChanged('1');
    expect(state.progress).toBeNull();
    expect(state.isActive).toBe(false);
  });
  it('has every epoch of the rounds that the history holds, and goes on with those that are watched', async () => {
    const rounds = [1, 2].map((round) => ({
      ...{ round, losses: Float64Array.of(3, 2), validationLosses: Float64Array.of(NaN, 4) },
    }));
    const state = new RunState(
      new FakeTransport({
        'history.show': ({ id }) => detail(id, { state: 'running', roundsDone: 2 }),
        'history.losses': () => rounds,
      }),
    );
    await state.show('1');
    state.onProgress(progress('1', 1, 3));
    await expect.poll(() => state.losses.length).toBe(5);
    expect(state.losses.slice(0, 2)).toEqual([
      { round: 1, epoch: 1, loss: 3, validationLoss: null },
      { round: 1, epoch: 2, loss: 2, validationLoss: 4 },
    ]);
    expect(state.losses.at(-1)).toMatchObject({ round: 3, epoch: 1 });
  });
  it('says why a run could not be started', async () => {
    const state = new RunState(
      new FakeTransport({
        'fit.start': () => {
          throw new AppError('recording-unusable', 'No sweep is usable.', { remedy: 'Open another.' });
        },
      }),
    );
    expect(await state.start(fitConfigSchema.parse({}))).toBeNull();
    expect(state.error?.message).toBe('No sweep is usable.');
    expect(state.isActive).toBe(false);
  });
  it('offers to resume what was cancelled and not what is finished', async () => {
    const state = new RunState(
      new FakeTransport({
        'history.show': ({ id }) => detail(id, { state: id === '1' ? 'cancelled' : 'finished' }),
      }),
    );
    await state.show('1');
    expect(state.canResume).toBe(true);
    await state.show('2');
    expect(state.canResume).toBe(false);
  });
  it('draws the generations of a search, which come while it simulates', async () => {
    const state = new RunState(new FakeTransport({ 'history.show': ({ id }) => detail(id) }));
    await state.show('1');
    const generation = { ...progress('1', 1), phase: 'simulate', loss: 0.5, validationLoss: 2 } as const;
    state.onProgress({ ...generation, epoch: null });
    state.onProgress({ ...generation, epoch: 1 });
    expect(state.losses).toEqual([{ round: 1, epoch: 1, loss: 0.5, validationLoss: 2 }]);
  });
  it('puts the epochs of all rounds on one axis, with the rounds’ own lengths', () => {
    const point = (round: number, epoch: number) => ({ round, epoch, loss: 1, validationLoss: null });
    const points = [point(1, 3), point(1, 8), point(2, 1), point(2, 5)];
    expect(epochPositions(points, [{ round: 1, epochs: 10 }])).toEqual([3, 8, 11, 15]);
    expect(epochPositions(points, [])).toEqual([3, 8, 9, 13]);
    expect(roundLosses([report(1), report(2)]).map((p) => p.validationLoss)).toEqual([3, 2]);
  });
});

it('draws epochs only where every finished round has enough of them for a line', () => {
  const at = (...rounds: number[]) =>
    rounds.map((round, i) => ({ round, epoch: i + 1, loss: 1, validationLoss: 1 }));
  expect(makesCurve([])).toBe(false);
  expect(makesCurve(at(1))).toBe(false);
  expect(makesCurve(at(1, 1, 1))).toBe(true);
  expect(makesCurve(at(1, 1, 2))).toBe(true);
  expect(makesCurve(at(1, 2, 2))).toBe(false);
});
