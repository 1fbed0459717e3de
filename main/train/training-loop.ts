import { AppError } from '../contract/errors.ts';
import type { RandomStream } from '../numeric/random.ts';
import type { Later, Trainee } from './trainee.ts';

export interface LoopOptions {
  batchSize: number;
  learningRate: number;
  /** Largest norm of the gradient. */
  gradientClip: number;
  maxEpochs: number;
  /** Epochs without a better held-out loss before the learning rate is divided by 3; see runTraining. */
  patience: number;
  /**
   * Point weights shrink by rate·weightDecay/rows a step (Loshchilov, Hutter 2019), as under a normal prior, which more rows
   * outvote. Those of variational networks are held by their own prior.
   */
  weightDecay: number;
}

export interface EpochReport {
  epoch: number;
  /** Mean over the epoch's minibatches of −mean(w log q) + KL/N */
  loss: number;
  /** −Σ w log q / Σ w of the held-out rows, mean weights */
  validationLoss: number;
}

export interface LoopHooks {
  cancelled(): boolean;
  onEpoch(report: EpochReport): void;
}

/** How it went; the best weights are in the trainee. */
export interface LoopOutcome {
  /** Of the best epoch. */
  loss: number;
  validationLoss: number;
  epochs: number;
  losses: Float64Array;
  validationLosses: Float64Array;
  /** Steps whose loss or gradient was not finite: they changed nothing. */
  skippedSteps: number;
}

export interface LoopResult extends LoopOutcome {
  /** The best weights: parameters as stored (network.ts). */
  parameters: Float32Array;
}

const rateDivisor = 3;
/** Times `patience` without a better held-out loss after which training stops. */
const patienceToStop = 10 / 3;
/**
 * What is evaluated and kept is the average of the weights over about so many epochs, at most so many steps: the steps of a high
 * learning rate scatter around a better place than a low one reaches (Izmailov et al. 2018).
 */
const averagedEpochs = 5;
const averagedStepsAtMost = 1000;
/** So many steps in a row that are not finite mean that the weights are at fault, not one minibatch: back to the best ones. */
const skippedInARowAtMost = 20;
/** After so many returns the data are at fault. */
const returnsAtMost = 4;

/**
 * Minibatch training with a held-out part: the last `heldOut` rows of its order. When the held-out loss of the averaged
 * weights has not improved for `patience` epochs, and again for twice as many, training goes back to the best weights, divides the learning
 * rate by 3 and starts Adam afresh; after 10/3 of them it stops, as it does after maxEpochs. A step whose loss or gradient is
 * not finite is skipped and counted; 20 in a row lead back to the best weights as well, and the fifth time to an error.
 * The trainee holds data, order and first parameters already, and ends with the best parameters. A generator, because some devices
 * answer later: runNow and runLater (trainee.ts) give it what it waits for.
 * @param random order of the rows and seed of the variational noise
 * @throws AppError cancelled between any two minibatches; inference-failed where nothing finite can be learned
 */
export function* trainingSteps(
  trainee: Trainee,
  klConstant: number,
  options: LoopOptions,
  heldOut: number,
  random: RandomStream,
  hooks: LoopHooks,
): Generator<Later<number>, LoopOutcome, number> {
  const { batchSize, gradientClip, maxEpochs, patience, weightDecay } = options;
  const training = trainee.order.length - heldOut;
  trainee.seedNoise(random);
  const losses: number[] = [];
  const validationLosses: number[] = [];
  const best = { epoch: 0, validationLoss: Infinity };
  let learningRate = options.learningRate;
  let sinceBest = 0;
  let adamStep = 0;
  let averagedSteps = 0;
  const decay = trainee.layout.variational > 0 ? 0 : weightDecay / training;
  const stepsAveraged = Math.min(averagedStepsAtMost, averagedEpochs * Math.ceil(training / batchSize));
  let skippedSteps = 0;
  let skippedInARow = 0;
  let returns = 0;
  /** To the best weights, with a lower learning rate and Adam afresh. */
  function goBack() {
    learningRate /= rateDivisor;
    trainee.returnToBest();
    adamStep = 0;
    averagedSteps = 0;
    skippedInARow = 0;
  }

  for (let epoch = 1; epoch <= maxEpochs; epoch++) {
    shuffle(trainee.order, training, random);
    let total = 0;
    let finiteRows = 0;
    for (let start = 0; start < training; start += batchSize) {
      if (hooks.cancelled()) throw cancelled();
      const count = Math.min(batchSize, training - start);
      const loss = yield trainee.differentiate(start, count, 1 / training, klConstant);
      const norm = Math.sqrt(yield trainee.gradientNorm2());
      if (!Number.isFinite(loss) || !Number.isFinite(norm)) {
        skippedSteps += 1;
        skippedInARow += 1;
        if (skippedInARow < skippedInARowAtMost) continue;
        if (++returns > returnsAtMost) throw notFinite(epoch, skippedSteps);
        goBack();
        continue;
      }
      skippedInARow = 0;
      adamStep += 1;
      trainee.adam(adamStep, learningRate, norm > gradientClip ? gradientClip / norm : 1, decay);
      averagedSteps += 1;
      trainee.average(Math.max(1 / averagedSteps, 1 / stepsAveraged));
      total += loss * count;
      finiteRows += count;
    }
    const loss = total / finiteRows;
    const validationLoss = yield* heldOutLoss(trainee, training, heldOut, batchSize);
    losses.push(loss);
    validationLosses.push(validationLoss);
    hooks.onEpoch({ epoch, loss, validationLoss });
    if (validationLoss < best.validationLoss) {
      best.epoch = epoch;
      best.validationLoss = validationLoss;
      trainee.keepAveraged();
      sinceBest = 0;
      continue;
    }
    sinceBest += 1;
    if (sinceBest >= Math.round(patienceToStop * patience)) break;
    if (sinceBest % patience !== 0) continue;
    goBack();
  }
  if (best.epoch === 0) throw notFinite(losses.length, skippedSteps);
  return {
    loss: losses[best.epoch - 1]!,
    validationLoss: best.validationLoss,
    epochs: losses.length,
    losses: Float64Array.from(losses),
    validationLosses: Float64Array.from(validationLosses),
    skippedSteps,
  };
}

/** Rows held out of `rows`: the fraction, at least one, and at least one is left to train on. */
export function heldOutRows(rows: number, validationFraction: number): number {
  return Math.min(rows - 1, Math.max(1, Math.round(rows * validationFraction)));
}

/** Fisher–Yates over the first `count` entries. */
export function shuffle(order: Uint32Array, count: number, random: RandomStream): void {
  for (let i = count - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    const held = order[i]!;
    order[i] = order[j]!;
    order[j] = held;
  }
}

function* heldOutLoss(
  trainee: Trainee,
  first: number,
  count: number,
  batchSize: number,
): Generator<Later<number>, number, number> {
  let loss = 0;
  let weight = 0;
  for (let start = first; start < first + count; start += batchSize) {
    loss += yield trainee.evaluateAveraged(start, Math.min(batchSize, first + count - start));
  }
  for (let i = first; i < first + count; i++) weight += trainee.weights[trainee.order[i]!]!;
  return weight > 0 ? loss / weight : Infinity;
}

function cancelled(): AppError {
  return new AppError('cancelled', 'Training was cancelled.', { remedy: 'Start or resume it again.' });
}

function notFinite(epoch: number, skippedSteps: number): AppError {
  return new AppError(
    'inference-failed',
    `Training stopped in epoch ${epoch}: the loss is not finite (${skippedSteps} steps skipped).`,
    {
      remedy:
        'Use a smaller training.learningRate, or look for features with extreme values in the simulations.',
      details: { epoch, skippedSteps },
    },
  );
}
