import { bernoulliGlm } from './bernoulli-glm.ts';
import { paperGaussianMixture, sbibmGaussianMixture } from './gaussian-mixture.ts';
import * as linear from './linear.ts';
import * as logPriors from './log-priors.ts';
import * as shapes from './shapes.ts';
import { knownTask, type KnownPosterior, type StatisticalTask } from './task.ts';
import * as trouble from './trouble.ts';

export interface TaskEntry {
  id: string;
  observation: number;
  create(): StatisticalTask | Promise<StatisticalTask>;
  /** C2ST of NPE and SNPE-C by number of simulations: means over the benchmark's ten observations [Lueckmann et al., AISTATS 2021]. */
  published?: Readonly<Record<number, readonly [npe: number, snpeC: number]>>;
}

const publishedMixture = { 1000: [0.716, 0.669], 10_000: [0.615, 0.551], 100_000: [0.548, 0.536] } as const;
const publishedGlm = { 1000: [0.863, 0.855], 10_000: [0.678, 0.614], 100_000: [0.559, 0.525] } as const;

const own = (id: string, ...observations: KnownPosterior[]): TaskEntry[] =>
  observations.map((known, i) => ({ id, observation: i + 1, create: () => knownTask(known) }));

const both = [1, 2] as const;
const benchmark: TaskEntry[] = [
  { id: 'gaussian-mixture-1d', observation: 1, create: () => paperGaussianMixture() },
  ...both.map((observation) => ({
    id: 'gaussian-mixture',
    observation,
    create: () => sbibmGaussianMixture(observation),
    published: publishedMixture,
  })),
  ...both.map((observation) => ({
    id: 'bernoulli-glm',
    observation,
    create: () => bernoulliGlm(observation),
    published: publishedGlm,
  })),
];

/** Every task with a known posterior, the published ones first. */
export const allTasks: readonly TaskEntry[] = [
  ...benchmark,
  ...own('linear-2', linear.linearTwo),
  ...own('linear-5', linear.linearFive),
  ...own('linear-10', linear.linearTen),
  ...own('bounded-2', linear.boundedTwo),
  ...own('bounded-5', linear.boundedFive),
  ...own('decay', logPriors.decay, logPriors.faintDecay),
  ...own('chain', logPriors.chain),
  ...own('log-normal', logPriors.logNormal),
  ...own('mixed-priors', logPriors.mixedPriors),
  ...own('two-moons', shapes.twoMoons),
  ...own('banana', shapes.banana),
  ...own('plus-minus', shapes.plusMinus),
  ...own('four-modes', shapes.fourModes),
  ...own('four-points', shapes.fourPoints, shapes.fourPointsAgain),
  ...own('heavy-tails', trouble.heavyTails),
  ...own('missing', trouble.missingLater, trouble.missingHere),
  ...own('failing', trouble.failing),
  ...own('waiting', linear.waiting),
  ...own('hanging', trouble.hanging),
  ...own('scales', trouble.scales),
  ...own('counts', trouble.counts),
];
