import type { RandomStream } from '../numeric/random.ts';
import type { ParameterLayout } from './memory.ts';

/** At once from the processor, later from another device. */
export type Later<T> = T | Promise<T>;

/** A network with its data and its optimiser, on one device: what the training loop moves. */
export interface Trainee {
  readonly layout: Pick<ParameterLayout, 'variational'>;
  /** [rows] of the data set, of which minibatches are cut; the last ones are held out. */
  readonly order: Uint32Array;
  /** [rows] */
  readonly weights: Float32Array;
  /** Seeds the variational noise. */
  seedNoise(random: RandomStream): void;
  /** Loss and gradient of the rows order[start … start + rows); see TrainingPlan.differentiate. */
  differentiate(start: number, rows: number, klScale: number, klConstant: number): Later<number>;
  /** Norm² of the last gradient; not finite where an entry is not. */
  gradientNorm2(): Later<number>;
  /** One step of Adam; see optimiser.h. `step` counts from 1; decay: weights shrink by rate·decay a step. */
  adam(step: number, learningRate: number, gradientScale: number, decay: number): void;
  /** Takes the weights into their running average with this share; 1 = starts it. */
  average(share: number): void;
  /** −Σ w log q over the rows order[start … start + rows), with the averaged weights, of variational ones the means. */
  evaluateAveraged(start: number, rows: number): Later<number>;
  /** Remembers the averaged weights as the best ones. */
  keepAveraged(): void;
  /** The best weights become the weights and their average, and Adam starts afresh. */
  returnToBest(): void;
  /** The best weights as stored (network.ts). */
  best(): Later<Float32Array>;
}

/** Runs what waits for nothing: the steps of a trainee on the processor. */
export function runNow<R>(steps: Generator<Later<number>, R, number>): R {
  let next = steps.next();
  while (!next.done) next = steps.next(next.value as number);
  return next.value;
}

/** Runs the steps of a trainee on any device. */
export async function runLater<R>(steps: Generator<Later<number>, R, number>): Promise<R> {
  let next = steps.next();
  while (!next.done) next = steps.next(await next.value);
  return next.value;
}
