import type { Algorithm } from '../../main/contract/config.ts';

/** The algorithms that can be chosen, and what each does. */
export const algorithms: readonly { value: Algorithm; title: string; text: string }[] = [
  {
    value: 'tsnpe',
    title: 'TSNPE',
    text: 'The posterior, round by round: each draws from the prior, cut to where the last estimate lies; no weights are needed (2022). The most precise.',
  },
  {
    value: 'snpe',
    title: 'SNPE',
    text: 'The posterior, round by round: each draws from the last one’s estimate and weighs its simulations (2017).',
  },
  {
    value: 'npe',
    title: 'NPE',
    text: 'The posterior from one round of simulations from the prior; the network serves any recording of the same protocol.',
  },
  {
    value: 'ibea',
    title: 'IBEA (a search)',
    text: 'A genetic search for the best parameter sets, as in BluePyOpt, with as many simulations: point estimates without uncertainty.',
  },
];
