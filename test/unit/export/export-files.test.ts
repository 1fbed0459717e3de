import { afterAll, describe, expect, it } from 'vitest';
import { fitConfigSchema } from '../../../main/contract/config.ts';
import { provenanceSchema } from '../../../main/contract/provenance.ts';
import { summarySchema } from '../../../main/contract/run.ts';
import { exportFiles } from '../../../main/export/export-files.ts';
import { hallOfFameFiles } from '../../../main/export/files.ts';
import { History } from '../../../main/history/history.ts';
import { newRun, prepared, result, temporaryFolder } from '../history/records.ts';
import { run } from './run.ts';

const text = (file: { bytes: Uint8Array } | undefined) => new TextDecoder().decode(file!.bytes);

describe('exportFiles', () => {
  const folder = temporaryFolder();
  const history = History.open(folder.file('history.sqlite'));
  const { id } = history.createRun(newRun);
  history.savePrepared(id, prepared);
  history.saveResult(id, result(id));
  afterAll(() => {
    history.close();
    folder[Symbol.dispose]();
  });

  it('gives the samples and the predictive features as CSV', async () => {
    const files = await exportFiles(history, id, 'csv');
    expect(files.map(({ name, mime }) => [name, mime])).toEqual([
      ['posterior-samples.csv', 'text/csv'],
      ['predictive.csv', 'text/csv'],
      ['parameters.csv', 'text/csv'],
      ['features.csv', 'text/csv'],
      ['provenance.json', 'application/json'],
    ]);
    const { samples, predictiveX } = result(id);
    const lines = text(files[0]).trimEnd().split('\n');
    expect(lines[0]).toBe('gNa,gK');
    expect(lines.slice(1).flatMap((line) => line.split(',').map(Number))).toEqual([...samples]);

    const predictive = text(files[1]).trimEnd().split('\n');
    expect(predictive[0]).toBe('spikeCount,restMean,latency');
    expect(predictive[1]).toBe(`${predictiveX[0]},${predictiveX[1]},`); // a missing feature
    expect(predictive[3]).toBe(',,'); // a bad simulation
    expect(predictive).toHaveLength(5);

    const [, parameter] = text(files[2]).split('\n');
    expect(parameter).toBe('gNa,mS/cm²,"{""uniform"":[0.5,80]}",50.5,40.1,60.9,51.25');
    expect(text(files[3]).trimEnd().split('\n')[3]).toBe('latency,ms,first spike after the onset,');
  });

  it('adds the hall of fame of a search, with every objective and their sum', () => {
    const search = {
      objectives: ['spikeCount'],
      hallOfFame: [1, 2, 3, 4, 5].map((sum) => ({ sum, objectives: [sum] })),
    };
    const record = result(id);
    const searched = { ...record, summary: { ...record.summary, search } };
    const files = hallOfFameFiles(prepared, searched);
    const lines = text(files[0]).trimEnd().split('\n');
    expect(files[0]!.name).toBe('hall-of-fame.csv');
    expect(lines[0]).toBe('gNa,gK,objective_spikeCount,sum');
    expect(lines[2]).toBe(`${record.samples[2]},${record.samples[3]},2,2`);
    expect(lines).toHaveLength(6);
    expect(hallOfFameFiles(prepared, record)).toEqual([]);
  });

  it('gives the summary and the complete configuration as JSON', async () => {
    const files = await exportFiles(history, id, 'json');
    expect(files.map(({ name }) => name)).toEqual(['summary.json', 'config.json', 'provenance.json']);
    const [summary, config, provenance] = files.map((file) => JSON.parse(text(file)) as unknown);
    expect(summarySchema.parse(summary)).toEqual(result(id).summary);
    expect(fitConfigSchema.parse(config)).toEqual(prepared.config);
    expect(provenanceSchema.parse(provenance)).toMatchObject({
      ...{ run: id, recording: prepared.recording, model: { sha256: 'ab12' } },
      configuration: prepared.config,
    });
  });

  it('says how to come to a result where a run has none', async () => {
    const unfinished = history.createRun(newRun).id;
    await expect(exportFiles(history, unfinished, 'csv')).rejects.toMatchObject({
      code: 'not-found',
      remedy: expect.stringContaining(`runs resume ${unfinished}`) as string,
    });
  });

  it('gives what the last finished round of an unfinished run estimates, and says so', async () => {
    const unfinished = history.createRun(newRun).id;
    history.savePrepared(unfinished, prepared);
    for (const one of run.rounds) history.saveRound(unfinished, one);
    const [samples, predictive] = await exportFiles(history, unfinished, 'csv');
    const rows = text(samples).trimEnd().split('\n').slice(1);
    expect(rows).toHaveLength(prepared.config.samples);
    const gNa = rows.map((row) => Number(row.split(',')[0]));
    // The estimate is a Gaussian with mean 50 and sd 5: of 10,000 draws the mean is known to 0.05.
    expect(gNa.reduce((sum, value) => sum + value, 0) / rows.length).toBeCloseTo(50, 0);
    expect(text(predictive).trimEnd()).toBe('spikeCount,restMean,latency');

    const [summary] = await exportFiles(history, unfinished, 'json', { version: '1.2.3' });
    const read = summarySchema.parse(JSON.parse(text(summary)));
    expect(read).toMatchObject({ id: unfinished, version: '1.2.3', diagnostics: { verdict: 'look-closer' } });
    expect(read.warnings.at(-1)).toMatchObject({ code: 'rounds-unfinished' });
    expect(read.diagnostics.reasons[0]).toContain('Round 2 of 3 is the last that is finished');

    for (const format of ['netcdf', 'mat', 'sbi', 'nwb'] as const) {
      const [file] = await exportFiles(history, unfinished, format);
      expect(file!.bytes.length, format).toBeGreaterThan(1000);
      expect(file!.outline, format).not.toMatch(/predictive_features|posterior_predictive/);
    }
  });
});
