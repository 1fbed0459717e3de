import { statSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runDetailSchema, runSummarySchema } from '../../../main/contract/run.ts';
import { History } from '../../../main/history/history.ts';
import { config, newRun, pilot, prepared, result, round, temporaryFolder } from './records.ts';

describe('History', () => {
  it('gives back every record of a run as it was written, missing values included, after reopening', () => {
    using folder = temporaryFolder();
    const writing = History.open(folder.file('history.sqlite'));
    const { id } = writing.createRun(newRun);
    writing.savePrepared(id, prepared);
    writing.savePilot(id, pilot);
    writing.saveRound(id, round(1));
    writing.saveRound(id, round(2));
    writing.saveResult(id, result(id));
    writing.close();

    const reading = History.open(folder.file('history.sqlite'));
    expect(reading.prepared(id)).toEqual(prepared);
    expect(reading.pilot(id)).toEqual(pilot);
    expect(reading.rounds(id)).toEqual([round(1), round(2)]);
    expect(reading.result(id)).toEqual(result(id));
    expect(reading.configuration(id)).toEqual(config);
    reading.close();
  });

  it('finds the runs of a recording that was moved, and those of a file that has changed', () => {
    using folder = temporaryFolder();
    const history = History.open(folder.file('history.sqlite'));
    const { id } = history.createRun(newRun);
    history.savePrepared(id, prepared);
    const { sha256, file } = prepared.recording!;
    const ids = ({ runs, before }: ReturnType<History['ofRecording']>) => [runs, before].map((all) => all.map((run) => run.id)); // prettier-ignore

    const moved = folder.file('renamed.nwb');
    writeFileSync(moved, '');
    const source = () => history.detail(id).config.source as { recording: string };
    expect(source().recording).toBe(file); // nowhere to be found, and not seen anywhere else yet
    expect(ids(history.ofRecording(sha256, moved))).toEqual([[id], []]);
    expect(source().recording).toBe(moved);
    expect(history.prepared(id)!.recording!.file).toBe(file); // what was fitted is not rewritten

    const other = 'cd'.repeat(32);
    expect(ids(history.ofRecording(other, file))).toEqual([[], [id]]);
    expect(ids(history.ofRecording(other, moved))).toEqual([[], []]);
    history.discard(id);
    expect(ids(history.ofRecording(sha256, moved))).toEqual([[], []]);
    history.close();
  });

  it('gives the loss curves of finished rounds without their simulations', () => {
    using folder = temporaryFolder();
    const history = History.open(folder.file('history.sqlite'));
    const { id } = history.createRun(newRun);
    expect(history.losses(id)).toEqual([]);
    history.savePrepared(id, prepared);
    history.saveRound(id, round(1));
    history.saveRound(id, round(2));
    const curve = ({ round: number, losses, validationLosses }: ReturnType<typeof round>) => ({
      ...{ round: number, losses, validationLosses },
    });
    expect(history.losses(id)).toEqual([round(1), round(2)].map(curve));
    expect(() => history.losses('none')).toThrow(/none/);
    history.close();
  });

  it('has nothing of a run before it is written', () => {
    using folder = temporaryFolder();
    const history = History.open(folder.file('history.sqlite'));
    const { id } = history.createRun(newRun);
    expect(history.prepared(id)).toBeNull();
    expect(history.pilot(id)).toBeNull();
    expect(history.rounds(id)).toEqual([]);
    expect(history.result(id)).toBeNull();
    history.close();
  });

  it('lists runs newest first and shows one in full, both as the contract says', () => {
    using folder = temporaryFolder();
    let time = Date.parse('2026-11-23T10:00:00Z');
    const history = History.open(folder.file('history.sqlite'), () => new Date((time += 1000)));
    const first = history.createRun(newRun);
    const second = history.createRun({ ...newRun, name: 'another' });
    history.savePrepared(first.id, prepared);
    history.saveRound(first.id, round(1));
    history.saveResult(first.id, result(first.id));
    history.setState(first.id, 'finished', null, 12.5);

    expect(history.list().map((run) => run.name)).toEqual(['another', 'cell, sweep 3']);
    expect(runSummarySchema.parse(history.list()[1])).toMatchObject({
      ...{
        id: first.id,
        project: 'Pyramidal cells',
        state: 'finished',
        createdAt: '2026-11-23T10:00:01.000Z',
      },
      ...{ sweep: 3, model: 'hh8', algorithm: 'tsnpe', roundsDone: 1, rounds: 3, seconds: 12.5, error: null },
    });
    const detail = runDetailSchema.parse(history.detail(first.id));
    expect(detail.config.source).toEqual(prepared.config.source);
    expect(detail.parameters.map((parameter) => parameter.name)).toEqual(['gNa', 'gK']);
    expect(detail.features[2]).toEqual({ name: 'latency', unit: 'ms', observed: null });
    expect(detail.reports).toEqual([round(1).report]);
    expect(detail.summary?.diagnostics.verdict).toBe('trust');
    expect(history.detail(second.id).summary).toBeNull();
    history.close();
  });

  it('keeps why a run failed, and forgets it when the run is taken up again', () => {
    using folder = temporaryFolder();
    const history = History.open(folder.file('history.sqlite'));
    const { id } = history.createRun(newRun);
    const error = { code: 'inference-failed', message: 'No valid simulation.', remedy: 'Widen it.' } as const;
    history.setState(id, 'failed', { ...error, details: { bad: 20 } }, 3);
    expect(history.list()[0]).toMatchObject({ state: 'failed', error, seconds: 3 });
    history.setState(id, 'running');
    expect(history.list()[0]).toMatchObject({ state: 'running', error: null, seconds: 3 });
    history.close();
  });

  it('deletes a run with all its rounds and gives the space back', () => {
    using folder = temporaryFolder();
    const file = folder.file('history.sqlite');
    const history = History.open(file);
    const { id } = history.createRun(newRun);
    const kept = history.createRun(newRun).id;
    history.savePrepared(id, prepared);
    history.savePilot(id, pilot);
    history.saveRound(id, round(1, 3000)); // 2.9 MB of doubles
    history.saveResult(id, result(id));
    history.saveRound(kept, round(1));
    history.setState(id, 'finished');
    history.close();
    const full = statSync(file).size;

    const again = History.open(file);
    expect(again.delete(id)).toBe(true);
    expect(again.delete(id)).toBe(false);
    expect(again.list().map((run) => run.id)).toEqual([kept]);
    expect(again.pilot(id)).toBeNull();
    expect(again.rounds(id)).toEqual([]);
    expect(again.result(id)).toBeNull();
    expect(again.rounds(kept)).toEqual([round(1)]);
    again.close();
    expect(statSync(file).size).toBeLessThan(full - 2_000_000);
  });

  it('puts a run into the bin, gives it back whole, and empties the bin after a day', () => {
    using folder = temporaryFolder();
    const file = folder.file('history.sqlite');
    let now = Date.parse('2026-03-01T12:00:00Z');
    const history = History.open(file, () => new Date(now));
    const { id } = history.createRun(newRun);
    history.savePrepared(id, prepared);
    history.saveRound(id, round(1));
    history.setState(id, 'finished');
    expect(history.discard(id)).toBe(true);
    expect(history.list()).toEqual([]);
    expect(() => history.resolveId(id)).toThrow(/no run/);
    expect(history.restore(id)).toMatchObject({ id, roundsDone: 1 });
    expect(history.list()).toHaveLength(1);
    expect(history.rounds(id)).toEqual([round(1)]);

    history.discard(id);
    now += 23 * 3_600_000;
    expect(history.emptyBin()).toBe(0);
    now += 2 * 3_600_000;
    history.close();
    const again = History.open(file, () => new Date(now));
    expect(again.rounds(id)).toEqual([]);
    expect(() => again.restore(id)).toThrow(/no run/);
    again.close();
  });

  it('does not put a run into the bin that is being worked on, and none that is not there', () => {
    using folder = temporaryFolder();
    const history = History.open(folder.file('history.sqlite'));
    const { id } = history.createRun(newRun);
    history.setState(id, 'running');
    expect(() => history.discard(id)).toThrow(/being worked on/);
    expect(history.discard('nobody')).toBe(false);
    history.close();
  });

  it('does not delete a run that is being worked on', () => {
    using folder = temporaryFolder();
    const history = History.open(folder.file('history.sqlite'));
    const { id } = history.createRun(newRun);
    history.setState(id, 'running');
    expect(() => history.delete(id)).toThrow(/being worked on/);
    history.setState(id, 'cancelled');
    expect(history.delete(id)).toBe(true);
    history.close();
  });

  it('refuses a round out of order, a second time, and of a run that does not exist', () => {
    using folder = temporaryFolder();
    const history = History.open(folder.file('history.sqlite'));
    const { id } = history.createRun(newRun);
    expect(() => {
      history.saveRound(id, round(2));
    }).toThrow(/next round of .* is 1, not 2/);
    history.saveRound(id, round(1));
    expect(() => {
      history.saveRound(id, round(1));
    }).toThrow(/next round of .* is 2, not 1/);
    expect(() => {
      history.saveRound('nobody', round(1));
    }).toThrow(expect.objectContaining({ code: 'not-found' }));
    expect(history.rounds(id)).toHaveLength(1);
    history.close();
  });

  it('refuses a report that JSON cannot hold instead of storing null', () => {
    using folder = temporaryFolder();
    const history = History.open(folder.file('history.sqlite'));
    const { id } = history.createRun(newRun);
    const record = round(1);
    expect(() => {
      history.saveRound(id, { ...record, report: { ...record.report, loss: NaN } });
    }).toThrow(/«loss» is NaN/);
    expect(history.rounds(id)).toEqual([]);
    history.close();
  });

  it('gives a finished run more rounds, remembers which was its last, and keeps its rounds without the result', () => {
    using folder = temporaryFolder();
    const history = History.open(folder.file('history.sqlite'));
    const { id } = history.createRun(newRun);
    history.savePrepared(id, prepared);
    history.saveRound(id, round(1));
    history.saveRound(id, round(2));
    history.saveResult(id, result(id));
    history.setRounds(id, 4);
    expect(history.detail(id)).toMatchObject({ rounds: 4, roundsDone: 2, summary: null });
    expect(history.prepared(id)!.config).toEqual({ ...prepared.config, rounds: 4, roundsAddedAfter: [2] });
    expect(history.configuration(id)).toMatchObject({ rounds: 4, roundsAddedAfter: [2] });
    expect(history.rounds(id)).toEqual([round(1), round(2)]);
    // Stopped before the next one was finished: it still is to be trained as it was.
    history.setRounds(id, 5);
    expect(history.configuration(id)).toMatchObject({ rounds: 5, roundsAddedAfter: [2] });
    expect(() => history.setRounds('nobody', 3)).toThrow(expect.objectContaining({ code: 'not-found' }));
    history.close();
  });

  it('keeps the true values of simulated data with a run, and refuses those of parameters that it has not', () => {
    using folder = temporaryFolder();
    const history = History.open(folder.file('history.sqlite'));
    const { id } = history.createRun(newRun);
    expect(history.detail(id).truth).toEqual({});
    history.savePrepared(id, prepared);
    const name = prepared.parameters[0]!.name;
    history.setTruth(id, { [name]: 0.25 });
    expect(history.detail(id).truth).toEqual({ [name]: 0.25 });
    expect(() => history.setTruth(id, { gX: 1 })).toThrow(/^This run has no parameter gX\.$/);
    expect(() => history.setTruth('nobody', {})).toThrow(/nobody/);
    history.setTruth(id, {});
    expect(history.detail(id).truth).toEqual({});
    history.close();
  });

  it('renames a run, and says so where there is none', () => {
    using folder = temporaryFolder();
    const history = History.open(folder.file('history.sqlite'));
    const { id } = history.createRun(newRun);
    expect(history.rename(id, 'the good one').name).toBe('the good one');
    for (const misuse of [
      () => history.rename('nobody', 'x'),
      () => history.detail('nobody'),
      () => history.configuration('nobody'),
      () => {
        history.setState('nobody', 'running');
      },
    ])
      expect(misuse).toThrow(expect.objectContaining({ code: 'not-found' }));
    history.close();
  });

  it('remembers what columns are, for the same columns alone, until it is to forget', () => {
    using folder = temporaryFolder();
    const mapping = {
      ...{ time: null, rateHz: 20_000 },
      ...{ voltage: { columns: ['1'], unit: 'mV' }, current: null },
    };
    const before = History.open(folder.file('history.sqlite'));
    expect(before.hasColumnMappings()).toBe(false);
    before.saveColumnMapping(['1', '2'], { ...mapping, rateHz: 10_000 });
    before.saveColumnMapping(['1', '2'], mapping);
    before.close();
    const history = History.open(folder.file('history.sqlite'));
    expect(history.hasColumnMappings()).toBe(true);
    expect(history.columnMapping(['1', '2'])).toEqual(mapping);
    expect(history.columnMapping(['2', '1'])).toBeNull();
    history.saveColumnMapping(['1', '2'], null);
    expect(history.columnMapping(['1', '2'])).toBeNull();
    history.close();
  });

  it('finds a run by the beginning of its id or of the part after the dash', () => {
    using folder = temporaryFolder();
    const history = History.open(folder.file('history.sqlite'));
    for (const id of ['261123-h2k9v', '261123-h2m4a', '261124-a0000', '%'])
      history.createRun({ ...newRun, id });
    expect(history.resolveId('261123-h2k')).toBe('261123-h2k9v');
    expect(history.resolveId('H2M')).toBe('261123-h2m4a');
    expect(history.resolveId('261124')).toBe('261124-a0000');
    expect(history.resolveId('%')).toBe('%');
    expect(() => history.resolveId('h2')).toThrow(/the beginning of 2 runs: 261123-h2k9v, 261123-h2m4a/);
    for (const unknown of ['zzz', '', '_61124'])
      expect(() => history.resolveId(unknown)).toThrow(expect.objectContaining({ code: 'not-found' }));
    history.close();
  });
});
