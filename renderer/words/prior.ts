import type { PriorSpec } from '../../main/contract/prior.ts';
import { priorParts, priorWords } from '../state/parameter-row.ts';
import { significant } from '../../main/figures/number.ts';

/** A prior in one phrase: «uniform, −10 … 10», «normal, mean 0, standard deviation 1.41». */
export function priorPhrase(prior: PriorSpec): string {
  const { kind, numbers } = priorParts(prior);
  const { name, first, second } = priorWords[kind];
  const [a, b] = numbers.map((number) => significant(number)) as [string, string];
  return kind === 'uniform' || kind === 'logUniform'
    ? `${name}, ${a} … ${b}`
    : `${name}, ${first} ${a}, ${second} ${b}`;
}
