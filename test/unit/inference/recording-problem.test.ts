import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { fitConfigSchema } from '../../../main/contract/config.ts';
import { prepareProblem } from '../../../main/inference/problem.ts';

const recording = fileURLToPath(new URL('../../../resources/examples/18711001-steps.nwb', import.meta.url));
const prepare = (maxSpikes: number | null) =>
  prepareProblem(
    fitConfigSchema.parse({
      source: { recording, sweep: 4 },
      cell: { capacitancePf: 100 },
      simulation: { maxSpikes },
    }),
  );

describe('a problem from a recording', () => {
  it('hands the rules for bad simulations to the simulator', async () => {
    const { task, observed } = await prepare(500);
    expect(task).toMatchObject({ kind: 'neuron', maxSpikes: 500, maxVoltageMv: 200 });
    expect(observed[0]).toBeGreaterThan(1);
  });
  it('refuses a rule that the recording itself breaks', async () => {
    await expect(prepare(1)).rejects.toMatchObject({
      code: 'input-invalid',
      message: expect.stringMatching(/has \d+ spikes, but simulation.maxSpikes/),
    });
  });
});
