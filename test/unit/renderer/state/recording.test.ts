import { describe, expect, it, vi } from 'vitest';
import { AppError } from '../../../../main/contract/errors.ts';
import type { TraceView } from '../../../../main/contract/recording.ts';
import { sourcesOf } from '../../../../renderer/state/document-data.ts';
import { RecordingState } from '../../../../renderer/state/recording.svelte.ts';
import { amplitudes, mainStep, stepPosition } from '../../../../renderer/state/sweeps.ts';
import { FakeTransport } from '../fake-transport.ts';
import { opened, outlineOf, sweep } from './fixtures.ts';

describe('the open recording', () => {
  it('chooses the suggested sweep and steps through all, stopping at the ends', async () => {
    const transport = new FakeTransport({
      'recording.outline': () => outlineOf(sweep(3, -50), sweep(5, 40), sweep(9, 80, false)),
      'recording.inspect': () => opened(sweep(3, -50), sweep(5, 40), sweep(9, 80, false)),
    });
    const recording = new RecordingState(transport);
    expect(await recording.open('/data/a.nwb')).toBe(true);
    expect(recording.chosen?.sweep).toBe(5);
    recording.step(1);
    recording.step(1);
    expect(recording.chosen?.sweep).toBe(9);
    recording.step(-1);
    recording.step(-1);
    recording.step(-1);
    expect(recording.chosen?.sweep).toBe(3);
    recording.choose(77);
    expect(recording.chosen?.sweep).toBe(3);
    expect(recording.durationMs).toBe(700);
  });

  it('drops the answer about a file when another was opened meanwhile', async () => {
    const first = Promise.withResolvers<ReturnType<typeof opened>>();
    const transport = new FakeTransport({
      'recording.outline': () => outlineOf(sweep(1, 10)),
      'recording.inspect': ({ path }) => (path === '/slow.nwb' ? first.promise : opened(sweep(1, 10))),
    });
    const recording = new RecordingState(transport);
    const slow = recording.open('/slow.nwb');
    await recording.open('/fast.nwb');
    first.resolve(opened(sweep(8, 10), sweep(9, 10)));
    expect(await slow).toBe(false);
    expect(recording.path).toBe('/fast.nwb');
    expect(recording.sweeps.map((s) => s.sweep)).toEqual([1]);
  });

  it('keeps message and remedy of a file that cannot be read, by its name and not its folder', async () => {
    const transport = new FakeTransport({
      'recording.outline': ({ path }) => {
        throw new AppError('file-unreadable', `${path} is damaged.`, { remedy: 'Copy it again.' });
      },
    });
    const recording = new RecordingState(transport);
    expect(await recording.open('/tmp/uploads/x/a.nwb')).toBe(false);
    expect(recording.error?.message).toBe('a.nwb is damaged.');
    expect(recording.error?.remedy).toBe('Copy it again.');
    expect(recording.opening).toBeNull();
  });

  it('shows the sweeps while their samples are still being looked at, and keeps what was chosen meanwhile', async () => {
    const looking = Promise.withResolvers<ReturnType<typeof opened>>();
    const transport = new FakeTransport({
      'recording.outline': () => outlineOf(sweep(3, -50), sweep(5, 40), sweep(9, 80)),
      'recording.inspect': () => looking.promise,
    });
    const recording = new RecordingState(transport);
    const opening = recording.open('/data/a.nwb');
    await vi.waitFor(() => expect(recording.isReading).toBe(true));
    expect(recording.sweeps.map((s) => [s.sweep, s.usable, s.spikes])).toEqual([
      [3, false, null],
      [5, false, null],
      [9, false, null],
    ]);
    expect(recording.fitted).toEqual([]);
    recording.choose(9);
    looking.resolve(opened(sweep(3, -50), sweep(5, 40), sweep(9, 80)));
    await opening;
    expect(recording.isReading).toBe(false);
    expect(recording.chosen?.sweep).toBe(9);
    expect(recording.fitted).toEqual([9]);
  });

  it('fits the chosen sweep, or those that were included, and no sweep that is not usable', async () => {
    const sweeps = [sweep(3, -50), sweep(5, 40), sweep(9, 80, false)];
    const transport = new FakeTransport({
      'recording.outline': () => outlineOf(...sweeps),
      'recording.inspect': () => opened(...sweeps),
    });
    const recording = new RecordingState(transport);
    await recording.open('/data/a.nwb');
    for (const number of [5, 9, 3]) recording.include(number);
    expect(recording.fitted).toEqual([3, 5]);
    const source = { recording: '/data/a.nwb', sha256: null };
    expect(sourcesOf(null, recording)).toEqual([
      { ...source, sweep: 3 },
      { ...source, sweep: 5 },
    ]);
    recording.fitTogether(true);
    recording.choose(5);
    expect(sourcesOf(null, recording)).toEqual([{ ...source, sweep: 5, alsoSweeps: [3] }]);
    recording.include(3);
    expect(sourcesOf(null, recording)).toEqual([{ ...source, sweep: 5 }]);
    recording.choose(9);
    expect(recording.fitted).toEqual([5]);
    recording.includeOnly([]);
    expect(recording.fitted).toEqual([]);
  });

  it('does not ask again for the traces of a window that it has', async () => {
    const sweeps = Array.from({ length: 20 }, (_, i) => sweep(i, i));
    const transport = new FakeTransport({
      'recording.outline': () => outlineOf(...sweeps),
      'recording.inspect': () => opened(...sweeps),
      'recording.traces': ({ sweeps: wanted }) =>
        wanted.map((number) => ({ sweep: number, timeMs: Float32Array.of(0) }) as unknown as TraceView),
    });
    const recording = new RecordingState(transport);
    await recording.open('/data/a.nwb');
    await recording.loadTraces(0, 700, 500);
    expect(recording.traces.size).toBe(20);
    const asked = () => transport.asked.filter(({ name }) => name === 'recording.traces').length;
    const before = asked();
    recording.choose(7);
    await recording.loadTraces(0, 700, 500);
    expect(asked()).toBe(before);
    await recording.loadTraces(0, 350, 500);
    expect(asked()).toBe(2 * before);
  });

  it('reads the sample under a cursor, not a column of the picture', async () => {
    const transport = new FakeTransport({
      'recording.outline': () => outlineOf(sweep(1, 10)),
      'recording.inspect': () => opened(sweep(1, 10)),
      'recording.traces': () => [
        {
          timeMs: Float32Array.of(99.95, 100, 100.05),
          voltageMinMv: Float32Array.of(1, 2, 3),
        } as unknown as TraceView,
      ],
    });
    const recording = new RecordingState(transport);
    await recording.open('/data/a.nwb');
    expect(await recording.sampleAt(100.01)).toEqual({ timeMs: 100, voltageMv: 2 });
  });

  it('asks for the chosen sweep first and drops traces of a window that was left', async () => {
    const view = (number: number, start: number): TraceView => ({
      sweep: number,
      timeMs: Float32Array.of(start),
      voltageMinMv: Float32Array.of(0),
      voltageMaxMv: Float32Array.of(0),
      currentMinPa: Float32Array.of(0),
      currentMaxPa: Float32Array.of(0),
    });
    const late = Promise.withResolvers<undefined>();
    const transport = new FakeTransport({
      'recording.outline': () => outlineOf(sweep(0, 1), sweep(1, 2)),
      'recording.inspect': () => opened(sweep(0, 1), sweep(1, 2)),
      'recording.traces': async ({ sweeps, startMs }) => {
        if (startMs === 0) await late.promise;
        return sweeps.map((s) => view(s, startMs));
      },
    });
    const recording = new RecordingState(transport);
    await recording.open('/data/a.nwb');
    const old = recording.loadTraces(0, 700, 500);
    await recording.loadTraces(100, 200, 500);
    late.resolve(undefined);
    await old;
    expect([...recording.traces.values()].map((v) => v.timeMs[0])).toEqual([100, 100]);
    const asked = transport.asked
      .filter((a) => a.name === 'recording.traces')
      .map((a) => a.input as { sweeps: number[] });
    expect(asked.map((a) => a.sweeps)).toEqual([[1], [1], [0]]);
  });

  it('finds each sweep’s main step and its place among all amplitudes', () => {
    const sweeps = [sweep(0, -100), sweep(1, 0), sweep(2, 100)];
    expect(mainStep(sweeps[2]!)?.amplitudePa).toBe(100);
    expect(amplitudes(sweeps)).toEqual([-100, -10, 100]);
    expect(stepPosition(sweeps[0]!, amplitudes(sweeps))).toBe(0);
    expect(stepPosition(sweeps[2]!, amplitudes(sweeps))).toBe(1);
    expect(stepPosition(sweeps[2]!, amplitudes([sweeps[2]!]))).toBe(0.5);
  });
});
