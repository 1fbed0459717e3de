import { describe, expect, it } from 'vitest';
import { centreWarning } from '../../../main/inference/centre-check.ts';
import type { PriorSpec } from '../../../main/contract/prior.ts';
import { neuronTask } from '../simulate/hh8-fixture.ts';

async function check(name: string, change: { maxVoltageMv?: number; leak?: string; prior?: PriorSpec } = {}) {
  const task = await neuronTask({}, name);
  const model = structuredClone(task.model);
  if (change.leak) model.channels.find(({ name }) => name === 'leak')!.conductance = change.leak;
  if (change.prior) model.parameters[0]!.prior = change.prior;
  return centreWarning(
    {
      ...task,
      model,
      kind: 'neuron',
      maxVoltageMv: change.maxVoltageMv ?? 200,
      maxSpikes: null,
      features: { set: 'moments', exclude: [] },
    },
    model.parameters,
  );
}

describe('centreWarning', () => {
  it.each(['hh8', 'pinsky-rinzel', 'adex'])('says nothing of %s', async (name) => {
    expect(await check(name)).toBeNull();
  });
  it('warns of a model that leaves all bounds at the centre of its prior, and says where that is', async () => {
    expect(await check('hh8', { leak: '-200*gl' })).toMatchObject({
      code: 'model-diverges',
      message: expect.stringMatching(/\(gNa = 40\.25, gK = 7\.5.*\) the model hh8 (reaches|gives voltages)/),
      remedy: expect.stringContaining('0.025 ms'),
    });
  });
  it('warns of voltages beyond the rule for bad simulations', async () => {
    expect((await check('hh8', { maxVoltageMv: 5 }))?.message).toMatch(/reaches \d+(\.\d+)? mV/);
  });
  it.each<[PriorSpec, string]>([
    [{ logUniform: [4, 16] }, 'gNa = 8,'],
    [{ normal: [30, 2] }, 'gNa = 30,'],
    [{ logNormal: [Math.log(25), 1] }, 'gNa = 25,'],
  ])('takes the median of %j', async (prior, text) => {
    expect((await check('hh8', { prior, maxVoltageMv: 5 }))?.message).toContain(text);
  });
});
