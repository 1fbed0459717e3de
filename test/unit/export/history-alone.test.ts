import { copyFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fitConfigSchema } from '../../../main/contract/config.ts';
import { exportFormatSchema } from '../../../main/contract/run.ts';
import { exportFiles } from '../../../main/export/export-files.ts';
import { fittedCell } from '../../../main/export/fitted-cell.ts';
import { storedRun } from '../../../main/export/run-record.ts';
import { History } from '../../../main/history/history.ts';
import { runFit } from '../../../main/inference/run-fit.ts';
import { newRun, temporaryFolder } from '../history/records.ts';

const resources = fileURLToPath(new URL('../../../resources/', import.meta.url));

describe('a run whose recording and model file are gone', () => {
  const folder = temporaryFolder();
  const history = History.open(folder.file('history.sqlite'));
  const { id } = history.createRun(newRun);
  const [recording, model] = [folder.file('cell.nwb'), folder.file('mine.json')];
  beforeAll(async () => {
    copyFileSync(`${resources}examples/18711001-steps.nwb`, recording);
    copyFileSync(`${resources}models/hh8.json`, model);
    const config = fitConfigSchema.parse({
      ...{ source: { recording, sweep: 3, alsoSweeps: [4] }, model, algorithm: 'npe', rounds: 1 },
      ...{ simulations: 60, samples: 50, predictiveSimulations: 10, pilotSimulations: 60, workers: 1 },
      training: { maxEpochs: 2 },
    });
    await runFit({ id, config, store: history, version: 'test' });
    rmSync(recording);
    rmSync(model);
  }, 60_000);
  afterAll(() => {
    history.close();
    folder[Symbol.dispose]();
  });

  it.each(exportFormatSchema.options)('is still written as %s', async (format) => {
    const files = await exportFiles(history, id, format, { version: 'test' });
    expect(files.length).toBeGreaterThan(0);
    for (const { bytes } of files) expect(bytes.length).toBeGreaterThan(0);
  });

  it('still shows the recorded trace in its report', async () => {
    const [page] = await exportFiles(history, id, 'report');
    const html = new TextDecoder().decode(page!.bytes);
    expect(html).toContain('<title>Predicted traces under the recording</title>');
    expect(html).not.toContain('The traces are not drawn');
  });

  it('keeps the equations, the currents and the voltage to the last bit', async () => {
    const run = await storedRun(history, id, 'test');
    const cell = await fittedCell(run);
    expect(cell.model.name).toBe('hh8');
    expect(cell.sweeps.map(({ sweep }) => sweep)).toEqual([3, 4]);
    const { task, voltageMv, intervalMs } = run.replay!;
    expect(task.protocol.currentDensity).toBeInstanceOf(Float64Array);
    expect(task.protocol.currentDensity).toHaveLength(task.protocol.steps);
    expect(voltageMv).toBeInstanceOf(Float32Array);
    // The example has 700 ms a sweep (`chronaxie inspect`).
    expect(voltageMv.length * intervalMs).toBeCloseTo(700, 6);
    copyFileSync(`${resources}examples/18711001-steps.nwb`, recording);
    copyFileSync(`${resources}models/hh8.json`, model);
    const reread = await fittedCell({ ...run, replay: null });
    expect(reread.sweeps).toEqual(cell.sweeps);
    expect(task.model).toEqual(reread.model);
  });
});
