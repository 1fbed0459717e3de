import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../main/contract/errors.ts';
import type {
  Calibration,
  CalibrationCost,
  CalibrationProgress,
} from '../../../../main/contract/calibration.ts';
import { CalibrationState } from '../../../../renderer/state/calibration.svelte.ts';
import { FakeTransport } from '../fake-transport.ts';

const cost = (simulations: number) => ({ words: `about ${simulations} s` }) as CalibrationCost;
const result = { verdict: 'calibrated' } as Calibration;
const progress = (done: number, id = 'r'): CalibrationProgress => ({
  ...{ id, phase: 'compare', done, total: 300, etaSeconds: 3 },
});

describe('the calibration of a run', () => {
  it('tells its cost before it starts, its progress, and what it found', async () => {
    let found: Calibration | null = null;
    const transport = new FakeTransport({
      'calibration.cost': ({ simulations }) => cost(simulations!),
      'calibration.get': () => found,
      'calibration.start': ({ id }) => ({ id }),
    });
    const state = new CalibrationState(transport);
    await state.show('r');
    expect(state.cost?.words).toBe('about 300 s');
    expect(state.result).toBeNull();
    await state.start();
    expect(state.progress?.phase).toBe('queued');
    state.onProgress(progress(120));
    state.onProgress(progress(7, 'another'));
    expect(state.progress?.done).toBe(120);
    found = result;
    await state.onEnded({ id: 'r', error: null });
    expect(state.progress).toBeNull();
    expect(state.result).toBe(result);
  });

  it('refuses a number that cannot be simulated, in words, and does not start', async () => {
    const transport = new FakeTransport({
      'calibration.cost': ({ simulations }) => cost(simulations!),
      'calibration.get': () => null,
    });
    const state = new CalibrationState(transport);
    await state.show('r');
    for (const [typed, words] of [
      ['five', /whole number/],
      ['19', /At least 20/],
      ['10001', /At most 10,000/],
    ] as const) {
      state.choose(typed);
      expect(state.problem).toMatch(words);
      await state.start();
    }
    expect(transport.asked.some(({ name }) => name === 'calibration.start')).toBe(false);
  });

  it('keeps the earlier result when a new one fails, and says nothing of a cancelled one', async () => {
    const transport = new FakeTransport({
      'calibration.cost': () => cost(300),
      'calibration.get': () => result,
      'calibration.start': () => {
        throw new AppError('usage', 'It is being calibrated already.', { remedy: 'Wait.' });
      },
    });
    const state = new CalibrationState(transport);
    await state.show('r');
    await state.start();
    expect(state.error?.message).toBe('It is being calibrated already.');
    expect(state.progress).toBeNull();
    await state.show(null);
    await state.show('r');
    await state.onEnded({ id: 'r', error: { code: 'cancelled', message: 'x', remedy: '' } });
    expect(state.error).toBeNull();
    await state.onEnded({ id: 'r', error: { code: 'inference-failed', message: 'too few', remedy: '' } });
    expect(state.error?.message).toBe('too few');
    expect(state.result).toBe(result);
  });
});
