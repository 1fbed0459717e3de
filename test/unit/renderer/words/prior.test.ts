import { expect, it } from 'vitest';
import { priorPhrase } from '../../../../renderer/words/prior.ts';

it('says a prior in one phrase, with a true minus', () => {
  expect(priorPhrase({ uniform: [-10, 10] })).toBe('uniform, −10.0 … 10.0');
  expect(priorPhrase({ logUniform: [0.001, 2] })).toBe('log-uniform, 0.00100 … 2.00');
  expect(priorPhrase({ normal: [0, 1.4142] })).toBe('normal, mean 0, standard deviation 1.41');
  expect(priorPhrase({ logNormal: [3, 0.5] })).toBe('log-normal, median 3.00, sd of the logarithm 0.500');
});
