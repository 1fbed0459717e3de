import { describe, expect, it } from 'vitest';
import { neuronFolder, protocolTable } from '../../../main/export/neuron-folder.ts';
import { loadModel } from '../../../main/model/neuron-model.ts';
import { protocolFromFile } from '../../../main/simulate/protocol.ts';

const protocol = protocolFromFile({
  ...{ dtMs: 0.1, durationMs: 10, initialMv: -70 },
  stimulus: [{ startMs: 2, endMs: 5.3, uAPerCm2: 1.5 }],
});
const sweeps = [{ sweep: 4, protocol }];

describe('neuronFolder', () => {
  it('holds the mechanism, the script, the values and the protocol', async () => {
    const { file: model } = await loadModel('hh8');
    const map = Object.fromEntries(model.parameters.map(({ name }) => [name, 1]));
    const { sigma, ...free } = map;
    const cell = { model, map: free, fixed: { sigma: sigma! }, capacitancePf: 90, sweeps, provenance: null };
    const files = await neuronFolder(cell);
    expect(files.map(({ name }) => name)).toEqual([
      'chx_hh8.mod',
      'run.py',
      'cell.json',
      'protocol.csv',
      'README.md',
    ]);
    const about = JSON.parse(new TextDecoder().decode(files[2]!.bytes)) as object;
    expect(about).toMatchObject({
      ...{ mechanism: 'chx_hh8', map: free, fixed: { sigma: 1 }, capacitancePf: 90 },
      sweeps: [{ sweep: 4, dtMs: 0.1, durationMs: 10, initialMv: -70 }],
    });
  });

  it('lists the current where it changes', () => {
    expect(protocolTable(sweeps)).toBe('sweep,timeMs,uAPerCm2\n4,0,0\n4,2,1.5\n4,5.3,0\n');
  });
});
