import { afterAll, describe, expect, it } from 'vitest';
import { exportFiles } from '../../../main/export/export-files.ts';
import { History } from '../../../main/history/history.ts';
import { newRun, prepared, result, temporaryFolder } from '../history/records.ts';
import { run } from './run.ts';

describe('a report', () => {
  const folder = temporaryFolder();
  const history = History.open(folder.file('history.sqlite'));
  const { id } = history.createRun(newRun);
  history.savePrepared(id, prepared);
  history.savePilot(id, run.pilot!);
  for (const round of run.rounds) history.saveRound(id, round);
  history.saveResult(id, result(id));
  afterAll(() => {
    history.close();
    folder[Symbol.dispose]();
  });
  const page = async (of = id) => {
    const [file] = await exportFiles(history, of, 'report', { version: '1.2.3' });
    return new TextDecoder().decode(file!.bytes);
  };

  it('keeps the whole numbers of the summary beside the rounded ones', async () => {
    const html = await page();
    const { parameters, features } = result(id).summary;
    for (const { median, q05, q95, map } of parameters) {
      for (const value of [median, q05, q95, map]) expect(html).toContain(`<data value="${value}">`);
    }
    for (const { observed } of features.filter((feature) => feature.observed !== null)) {
      expect(html).toContain(`<data value="${observed}">`);
    }
    expect(html).toContain('<span class="quiet">missing</span>');
  });

  it('says beforehand what stands in it', async () => {
    const [file] = await exportFiles(history, id, 'report');
    const lines = file!.outline!.split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'Recording',
        'Free parameters and their priors',
        'Predicted features',
        'Methods',
      ]),
    );
  });

  it('needs no script and loads nothing', async () => {
    const html = await page();
    expect(html).not.toMatch(/<script|<link|<iframe|javascript:|\son\w+=|@import|url\(h/i);
    const addresses = [...html.matchAll(/(?:href|src)="([^"]*)"/g)].map((found) => found[1]!);
    expect(addresses.filter((address) => !address.startsWith('data:'))).toEqual([]);
  });

  it('names every clip of its figures once', async () => {
    const ids = [...(await page()).matchAll(/ id="([^"]+)"/g)].map((found) => found[1]!);
    expect(ids.length).toBeGreaterThan(0);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('says why there are no traces where the recording is gone, and shows its features from the history', async () => {
    const html = await page();
    expect(html).toContain('The traces are not drawn: ');
    expect(html).toContain('<title>Predicted features</title>');
    expect(html).not.toContain('Predicted traces under the recording');
  });

  it('says how far an unfinished run has come', async () => {
    const unfinished = history.createRun(newRun).id;
    const rounds = run.rounds.length;
    history.savePrepared(unfinished, { ...prepared, config: { ...prepared.config, rounds: rounds + 1 } });
    for (const round of run.rounds) history.saveRound(unfinished, round);
    expect(await page(unfinished)).toContain(`round ${rounds} of ${rounds + 1} is the last`);
  });

  it('writes every figure as a vector, a picture, a page and numbers', async () => {
    const [, ...files] = await exportFiles(history, id, 'report', { figures: true });
    const begins = { svg: '<?xml', png: '\x89PNG', pdf: '%PDF-' } as const;
    for (const { name, bytes } of files) {
      const begin = begins[name.slice(-3) as keyof typeof begins] as string | undefined;
      const start = String.fromCharCode(...bytes.subarray(0, 5));
      if (begin !== undefined) expect(start.startsWith(begin), name).toBe(true);
    }
    expect(files.map(({ name }) => name.replace(/\.\w+$/, ''))).toEqual(
      expect.arrayContaining(['predicted-features-round-' + run.rounds.length, 'training']),
    );
  });
});
