/** How the program itself is cited. */
export function citation(version: string): string {
  return `The Chronaxie authors. Chronaxie, version ${version} [computer program].`;
}

/** The work that its methods come from; which of it a run used, its report says. */
export const works: readonly string[] = [
  'Lueckmann J-M, Gonçalves PJ, Bassetto G, Öcal K, Nonnenmacher M, Macke JH (2017). Flexible statistical inference for mechanistic models of neural dynamics. Advances in Neural Information Processing Systems 30.',
  'Gonçalves PJ, Lueckmann J-M, Deistler M, et al. (2020). Training deep neural density estimators to identify mechanistic models of neural dynamics. eLife 9:e56261.',
  'Deistler M, Gonçalves PJ, Macke JH (2022). Truncated proposals for scalable and hassle-free simulation-based inference. Advances in Neural Information Processing Systems 35.',
];
