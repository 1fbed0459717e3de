import { expect, it } from 'vitest';
import { loadModel } from '../../../main/model/neuron-model.ts';
import { specificCapacitance } from '../../../main/model/specific-capacitance.ts';

it('is the number of the file, through definitions; 1 where it is inferred', async () => {
  expect(specificCapacitance((await loadModel('hh8')).file)).toBe(1);
  const { file } = await loadModel('morris-lecar');
  expect(specificCapacitance(file)).toBe(20);
  expect(specificCapacitance({ ...file, capacitance: '2 * c', definitions: { c: '3 + 1' } })).toBe(8);
  expect(
    specificCapacitance({
      ...file,
      capacitance: 'gl',
      parameters: file.parameters.map((p) => ({ ...p, unit: '' })),
    }),
  ).toBe(1);
});
