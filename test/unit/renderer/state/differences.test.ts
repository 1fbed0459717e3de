import { expect, it } from 'vitest';
import { fitConfigSchema } from '../../../../main/contract/config.ts';
import { differences } from '../../../../renderer/state/differences.ts';

it('shows the settings in which two configurations differ, and no other', () => {
  const first = fitConfigSchema.parse({ seed: 1, network: { hidden: [50, 50] } });
  const second = fitConfigSchema.parse({
    seed: 2,
    network: { hidden: [20] },
    parameters: { gNa: { fixed: 50 } },
  });
  expect(differences(first, second)).toEqual([
    { setting: 'network.hidden', first: '[50, 50]', second: '[20]' },
    { setting: 'parameters.gNa.fixed', first: '–', second: '50' },
    { setting: 'seed', first: '1', second: '2' },
  ]);
  expect(differences(first, first)).toEqual([]);
});
