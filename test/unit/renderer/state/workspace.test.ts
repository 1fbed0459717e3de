import { asStated } from '../../../../main/contract/recording.ts';
import { describe, expect, it, vi } from 'vitest';
import { keepDocument } from '../../../../renderer/state/kept-document.ts';
import { memoryStore } from './memory-store.ts';
import { workspace } from './open-workspace.ts';
import { report } from './fixtures.ts';

describe('the window’s state', () => {
  it('opens again what was open, and does not take a person back who went elsewhere meanwhile', async () => {
    const store = memoryStore();
    const kept = {
      run: '1',
      path: null,
      simulator: null,
      sweep: null,
      included: [],
      place: 'features',
      config: null,
    } as const;
    keepDocument(store, { ...kept, included: [] });
    const { workspace: left } = await workspace(store);
    await vi.waitFor(() => expect(left.place).toBe('features'));
    expect(left.run.id).toBe('1');
    keepDocument(store, { ...kept, included: [] });
    const { workspace: gone } = await workspace(store);
    gone.go('export');
    await vi.waitFor(() => expect(gone.recording.isReading).toBe(false));
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(gone.place).toBe('export');
  });

  it('opens a run at its last round, with its own configuration and recording', async () => {
    const { workspace: space } = await workspace();
    await space.openRun('1');
    expect(space.place).toBe('posterior');
    expect(space.posterior.round).toBe(2);
    expect(space.fit.settings.rounds).toBe('3');
    expect(space.recording.chosen?.sweep).toBe(5);
  });

  it('runs what is on the screen, follows each round, and stays with an earlier one that is looked at', async () => {
    const { transport, workspace: space } = await workspace();
    await space.arrivals.openExample();
    await space.fitNow();
    expect(space.place).toBe('run');
    expect(transport.asked.find((a) => a.name === 'fit.start')?.input).toMatchObject({
      config: { source: { sweep: 3 } },
    });
    // Another one may be queued behind it.
    expect(space.canRun).toBe(true);
    for (const round of [1, 2, 3]) transport.emit('run.round', { id: '2', report: report(round) });
    await vi.waitFor(() => expect(space.posterior.view?.round).toBe(3));
    await space.posterior.show('2', 1);
    transport.emit('run.round', { id: '2', report: report(4) });
    await vi.waitFor(() => expect(space.run.roundsDone).toBe(4));
    expect(space.posterior.round).toBe(1);
  });

  it('starts one run for each included sweep and shows the first', async () => {
    const { transport, workspace: space } = await workspace();
    await space.arrivals.openExample();
    space.recording.include(5);
    space.recording.include(3);
    await space.fitNow();
    const started = transport.asked.filter((a) => a.name === 'fit.start').map((a) => a.input);
    expect(started).toMatchObject([
      { config: { source: { sweep: 3 } } },
      { config: { source: { sweep: 5 } } },
    ]);
    expect(space.place).toBe('run');
  });

  it('closes the document of a run that is deleted, and opens it again when that is undone', async () => {
    const { workspace: space } = await workspace();
    await space.openRun('1');
    await space.deleteRun('1');
    expect(space.run.id).toBeNull();
    expect(space.posterior.view).toBeNull();
    expect(space.history.runs).toEqual([]);
    expect(space.undo.last?.words).toBe('«run 1» was deleted.');
    await space.undo.undo();
    expect(space.run.id).toBe('1');
    expect(space.history.runs).toHaveLength(1);
  });

  it('duplicates a run as a new document with its recording, sweep and configuration', async () => {
    const { workspace: space } = await workspace();
    await space.duplicateRun('1');
    expect(space.run.id).toBeNull();
    expect(space.place).toBe('model');
    expect(space.fit.settings.rounds).toBe('3');
    expect(space.source).toMatchObject({ recording: '/data/a.nwb', sweep: 5 });
  });

  it('opens the document again that was open when the window was closed', async () => {
    const store = memoryStore();
    const { workspace: space } = await workspace(store);
    await space.arrivals.openExample();
    space.recording.include(5);
    space.fit.set('rounds', '7');
    space.go('model');
    space.keep();
    const { workspace: again } = await workspace(store);
    await vi.waitFor(() => expect(again.place).toBe('model'));
    expect(again.recording.path).toBe('/data/example.nwb');
    expect(again.recording.chosen?.sweep).toBe(3);
    expect(again.recording.included).toEqual([5]);
    expect(again.fit.settings.rounds).toBe('7');
    expect(again.recents.list.map(({ name }) => name)).toEqual(['example.nwb']);
  });

  it('opens a run again, but not one that has been deleted meanwhile', async () => {
    const store = memoryStore();
    const { workspace: space } = await workspace(store);
    await space.openRun('1');
    space.go('run');
    space.keep();
    const { workspace: again } = await workspace(store);
    await vi.waitFor(() => expect(again.place).toBe('run'));
    expect(again.run.id).toBe('1');
    const gone = JSON.parse(store.getItem('chronaxie.document')!) as object;
    const { workspace: without } = await workspace(
      memoryStore({ 'chronaxie.document': JSON.stringify({ ...gone, run: '9' }) }),
    );
    expect(without.isOpen).toBe(false);
  });

  it('runs a simulator’s run again with its own simulator and observation', async () => {
    const { transport, workspace: space } = await workspace();
    const source = { simulator: '/s/gaussian.mjs', observation: '/s/observed.csv' };
    const stored = await space.transport.invoke('history.show', { id: '1' });
    transport.answers['history.show'] = () => ({ ...stored, config: { ...stored.config, source } });
    await space.openRun('1');
    expect(space.simulator).toMatchObject(source);
    expect(space.canRun).toBe(true);
    await space.fitNow();
    expect(transport.asked.find((a) => a.name === 'fit.start')?.input).toMatchObject({ config: { source } });
  });

  it('reads a recording in other units, keeps them for the run, and undoes it', async () => {
    const { transport, workspace: space } = await workspace();
    await space.openRecording('/data/a.nwb');
    space.recording.include(5);
    const mended = { voltageFactor: 1000, currentFactor: null, givenStep: null, mapping: null };
    await space.readAs(mended);
    const asked = () => transport.asked.findLast(({ name }) => name === 'recording.inspect')!.input;
    expect(asked()).toEqual({ path: '/data/a.nwb', reading: mended });
    expect(space.recording.included).toEqual([5]);
    expect(space.fit.toConfig(space.source)!.cell).toMatchObject(mended);
    expect(space.undo.last!.words).toBe('The recording is read with voltage × 1,000.');
    await space.undo.undo();
    expect(asked()).toEqual({ path: '/data/a.nwb', reading: asStated });
    expect(space.fit.toConfig(space.source)!.cell.voltageFactor).toBeNull();
  });

  it('takes true values over to another run on the same data, and to none on other data', async () => {
    const { transport, workspace: space } = await workspace();
    let truth: Record<string, number> = { gNa: 50 };
    const show = transport.answers['history.show']!;
    transport.answers['history.show'] = async (input) => ({ ...(await show(input)), truth });
    transport.answers['history.setTruth'] = ({ truth: known }) => {
      truth = known;
      return {};
    };
    await space.openRun('1');
    await space.setTruth({ gNa: 52 });
    expect(space.run.detail!.truth).toEqual({ gNa: 52 });
    await space.fitNow();
    const told = () => transport.asked.filter(({ name }) => name === 'history.setTruth');
    expect(told().at(-1)!.input).toEqual({ id: '2', truth: { gNa: 52 } });
    space.recording.choose(3);
    await space.fitNow();
    expect(told()).toHaveLength(2);
  });

  it('brings back the set-up that a recording was left with, and undoes that', async () => {
    const { workspace: space } = await workspace();
    await space.openRecording('/data/a.nwb');
    space.fit.set('seed', '42');
    space.recording.include(5);
    space.keep();
    await space.openRecording('/data/b.nwb');
    space.keep();
    expect(space.fit.settings.seed).toBe('1');
    await space.openRecording('/data/a.nwb');
    expect(space.fit.settings.seed).toBe('42');
    expect(space.recording.included).toEqual([5]);
    expect(space.undo.last!.words).toBe('The set-up that you left here is back.');
    await space.undo.undo();
    expect(space.fit.settings.seed).toBe('1');
    await space.openRecording('/data/b.nwb');
    expect(space.undo.last).toBeNull();
  });
});
