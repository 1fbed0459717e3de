import { afterAll, describe, expect, it } from 'vitest';
import { fitConfigSchema } from '../../../main/contract/config.ts';
import { provenanceSchema } from '../../../main/contract/provenance.ts';
import { availableExportFormats, exportFormatSchema, summarySchema } from '../../../main/contract/run.ts';
import { exportFiles } from '../../../main/export/export-files.ts';
import { hallOfFameFiles } from '../../../main/export/files.ts';
import { History } from '../../../main/history/history.ts';
import { newRun, prepared, result, temporaryFolder } from '../history/records.ts';

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

  it('names what is available when a format is not', async () => {
    const later = exportFormatSchema.options.filter((format) => !availableExportFormats.includes(format));
    expect(later).toContain('report');
    for (const format of later) {
      await expect(exportFiles(history, id, format)).rejects.toMatchObject({
        code: 'not-yet',
        remedy: `Choose one of: ${availableExportFormats.join(', ')}.`,
      });
    }
  });

  it('says how to come to a result where a run has none', async () => {
    const unfinished = history.createRun(newRun).id;
    await expect(exportFiles(history, unfinished, 'csv')).rejects.toMatchObject({
      code: 'not-found',
      remedy: expect.stringContaining(`runs resume ${unfinished}`) as string,
    });
  });
});
