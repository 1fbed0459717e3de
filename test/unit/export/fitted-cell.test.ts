import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { fitConfigSchema } from '../../../main/contract/config.ts';
import { fittedCell } from '../../../main/export/fitted-cell.ts';
import { loadModel } from '../../../main/model/neuron-model.ts';
import { run } from './run.ts';

const recording = fileURLToPath(new URL('../../../resources/examples/18711001-steps.nwb', import.meta.url));
const { file: hh8 } = await loadModel('hh8');
const modelSha256 = createHash('sha256').update(JSON.stringify(hh8)).digest('hex');
const config = fitConfigSchema.parse({ source: { recording, sweep: 4 }, cell: { capacitancePf: 80 } });
const prepared = {
  ...run.prepared,
  config,
  modelSha256,
  recording: { file: recording, sha256: '', sweeps: [4] },
};

describe('fittedCell', () => {
  it('reads the protocol again and has the values of the summary', async () => {
    const cell = await fittedCell({ ...run, prepared });
    expect(cell.sweeps.map(({ sweep }) => sweep)).toEqual([4]);
    expect(cell.sweeps[0]!.protocol.dtMs).toBeLessThanOrEqual(0.025);
    expect(cell).toMatchObject({ capacitancePf: 80, model: { name: 'hh8' } });
    expect(Object.keys(cell.map)).toEqual(run.result.summary.parameters.map(({ name }) => name));
  });

  it('refuses another model than the one that was fitted', async () => {
    await expect(
      fittedCell({ ...run, prepared: { ...prepared, modelSha256: 'ab12' } }),
    ).rejects.toMatchObject({
      code: 'input-invalid',
      message: expect.stringContaining('no longer the one that was fitted') as string,
    });
  });

  it('refuses a run of a simulator of one’s own, which has no equations', async () => {
    const source = { simulator: 'simulator.mjs', observation: 'x.csv' };
    const own = { ...prepared, config: fitConfigSchema.parse({ source }) };
    await expect(fittedCell({ ...run, prepared: own })).rejects.toMatchObject({ code: 'input-invalid' });
  });
});
