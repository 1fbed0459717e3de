import { describe, expect, it } from 'vitest';
import type { AutoregressiveEstimator } from '../../../main/train/autoregressive-estimator.ts';
import { StackedEstimator } from '../../../main/train/stacked-estimator.ts';
import {
  trainBest,
  trainInThisThread,
  type TrainingProgress,
  type TrainingRequest,
} from '../../../main/train/trainer.ts';
import { linearGaussian, trainMixture } from './linear-gaussian.ts';

const cores = 2;
const short = () => {
  const request = linearGaussian(600, {}, 0.1);
  return { ...request, options: { ...request.options, maxEpochs: 4 } };
};

describe('training in workers', () => {
  it('reports every epoch and gives the same numbers as training here, and again', async () => {
    const reports: TrainingProgress[] = [];
    const result = await trainBest(short(), { cores, onEpoch: (report) => reports.push(report) });
    expect(reports.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4]);
    expect(reports.map(({ loss }) => loss)).toEqual([...result.losses]);
    expect(reports[0]).toMatchObject({ family: 'mixture', networks: 1, networksDone: 0 });
    // The epochs are scored by the fast kernels, the result by the strict ones: float32 apart.
    expect(result.validationLoss).toBeCloseTo(Math.min(...result.validationLosses), 4);
    expect(result.skippedSteps).toBe(0);
    const bytes = result.estimator.toBytes();
    expect((await trainBest(short(), { cores: 1 })).estimator.toBytes()).toEqual(bytes);
    expect(trainInThisThread(short()).estimator.toBytes()).toEqual(bytes);
  });

  it('gives other numbers for another seed or stream', () => {
    const request = short();
    const parameters = (options: Partial<typeof request.options>) =>
      trainMixture({ ...request, options: { ...request.options, ...options } }).estimator.parameters;
    expect(parameters({ seed: 2 })).not.toEqual(parameters({}));
    expect(parameters({ stream: 2 })).not.toEqual(parameters({}));
  });

  it('stops at once when it is cancelled, and can be used again', async () => {
    const request = { ...linearGaussian(20_000), families: ['mixture', 'autoregressive'] as const };
    const controller = new AbortController();
    const started = performance.now();
    const training = trainBest(
      { ...request, options: { ...request.options, maxEpochs: 10_000, patience: 10_000 } },
      { cores, signal: controller.signal, onEpoch: () => controller.abort() },
    );
    await expect(training).rejects.toMatchObject({ code: 'cancelled' });
    // 10,000 epochs would take many minutes.
    expect(performance.now() - started).toBeLessThan(20_000);
    const signal = AbortSignal.abort();
    await expect(trainBest(short(), { cores, signal })).rejects.toMatchObject({ code: 'cancelled' });
    await expect(trainBest(short(), { cores })).resolves.toMatchObject({ epochs: 4 });
  });

  it('refuses what cannot be trained on, and says why', async () => {
    const refusal = async (part: Partial<TrainingRequest>) => trainBest({ ...short(), ...part }, { cores });
    const { theta, weights, x } = short();
    await expect(refusal({ weights: Float64Array.of(1) })).rejects.toMatchObject({
      code: 'inference-failed',
      message: 'Training needs at least 2 simulations, there are 1.',
    });
    await expect(refusal({ theta: theta.map(() => NaN) })).rejects.toThrow('not finite');
    await expect(refusal({ weights: weights.map(() => -1) })).rejects.toThrow('negative');
    await expect(refusal({ x: x.map(() => Infinity) })).rejects.toThrow('infinite');
    await expect(refusal({ x: new Float64Array(3) })).rejects.toThrow('not 3 and 1200');
    await expect(refusal({ families: [] })).rejects.toThrow('no density family');
    const bounds = { low: new Float64Array(2), high: new Float64Array(2) };
    await expect(refusal({ bounds })).rejects.toThrow('outside its bounds');
  });
});

describe('the choice of a family', () => {
  /** A uniform prior whose bounds are felt: x = θ + N(0, 1) on [0, 1]². */
  const felt = (): TrainingRequest => {
    const request = linearGaussian(1500);
    request.theta.forEach((_, i) => {
      const uniform = ((i * 0.6180339887) % 1) * 0.999;
      request.x[i] = request.x[i]! - request.theta[i]! + uniform;
      request.theta[i] = uniform;
    });
    return {
      ...request,
      families: ['mixture', 'autoregressive', 'bounded', 'bounded'],
      components: null,
      variational: false,
      bounds: { low: Float64Array.of(0, -Infinity), high: Float64Array.of(1, Infinity) },
      options: { ...request.options, maxEpochs: 12 },
    };
  };

  it('takes the one with the best held-out score and reports all', async () => {
    const reports: TrainingProgress[] = [];
    const result = await trainBest(felt(), { cores, onEpoch: (report) => reports.push(report) });
    const families = result.scores.map(({ family }) => family);
    expect([...families].sort()).toEqual(['autoregressive', 'bounded', 'mixture']);
    const scores = result.scores.map(({ heldOutLogScore }) => heldOutLogScore);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(result.estimator.family).toBe(families[0]);
    expect(result.validationLoss).toBe(-scores[0]!);
    expect(result.losses).toHaveLength(result.epochs);
    // Early stopping network by network: the sum of the best is no more than the best sum.
    expect(result.validationLoss).toBeLessThan(Math.min(...result.validationLosses) + 1e-4);
    const components = new Map(result.scores.map((score) => [score.family, score.components]));
    expect([...components].sort()).toEqual([
      ['autoregressive', 10],
      ['bounded', 10],
      ['mixture', 2],
    ]);
    // One network for the mixture, one a parameter for the others.
    expect(reports.at(-1)).toMatchObject({ networks: 5 });
    expect(reports.find(({ family }) => family === 'bounded')).toMatchObject({ epoch: 0, loss: null });
  });

  it('leaves bounded out where there are no bounds, and knows it then as autoregressive', () => {
    const { bounds, ...rest } = felt();
    const free = { low: bounds.low.map(() => -Infinity), high: bounds.high.map(() => Infinity) };
    const families = (wanted: TrainingRequest['families']) =>
      trainInThisThread({
        ...rest,
        bounds: free,
        families: wanted,
        options: { ...rest.options, maxEpochs: 1 },
      }).scores.map(({ family }) => family);
    expect(families(['mixture', 'bounded'])).toEqual(['mixture']);
    expect(families(['bounded'])).toEqual(['autoregressive']);
  });

  it('stacks networks with different weights, by how well they describe the held-out simulations', () => {
    const request = { ...felt(), families: ['autoregressive'] as const };
    const options = { ...request.options, maxEpochs: 12 };
    const alone = trainInThisThread({ ...request, options });
    const { estimator, scores } = trainInThisThread({ ...request, options, ensemble: 3 });
    if (!(estimator instanceof StackedEstimator)) throw new TypeError('An ensemble was asked for.');
    const [a, b] = estimator.members as AutoregressiveEstimator[];
    expect(a!.parameters[1]).not.toEqual(b!.parameters[1]);
    expect(estimator.logWeights.reduce((sum, w) => sum + Math.exp(w), 0)).toBeCloseTo(1, 12);
    // The first network alone is one of the shares that were to choose from.
    expect(scores[0]!.heldOutLogScore).toBeGreaterThanOrEqual(alone.scores[0]!.heldOutLogScore);
  });

  it('adds the rest of an ensemble when the best family is known, of that family alone', async () => {
    const { options, ...rest } = felt();
    const request = { ...rest, options: { ...options, maxEpochs: 3 } };
    const alone = await trainBest(request, { cores });
    const reports: TrainingProgress[] = [];
    const result = await trainBest(
      { ...request, ensemble: 3 },
      { cores, onEpoch: (report) => reports.push(report) },
    );
    const families = (scores: typeof result.scores) => scores.map(({ family }) => family);
    expect(families(result.scores)).toEqual(families(alone.scores));
    const { members } = result.estimator as StackedEstimator;
    const { family } = alone.estimator;
    expect(members.map((member) => member.family)).toEqual(members.map(() => family));
    expect(members.length).toBeGreaterThan(1);
    const perMember = family === 'mixture' ? 1 : 2;
    expect(reports.at(-1)).toMatchObject({ networks: 5 + 2 * perMember });
    // The score is the whole ensemble's: another one than its first member's.
    expect(result.validationLoss).toBe(-result.scores[0]!.heldOutLogScore);
    expect(result.validationLoss).not.toBe(alone.validationLoss);
  });

  it('trains families further that are the same network, and the others anew', () => {
    const request = felt();
    const once = (part: Partial<TrainingRequest>) =>
      trainInThisThread({
        ...request,
        families: ['bounded'],
        options: { ...request.options, maxEpochs: 1, learningRate: 1e-9 },
        ...part,
      }).estimator as AutoregressiveEstimator;
    const first = once({});
    const options = { ...request.options, maxEpochs: 1, learningRate: 1e-9, seed: 2 };
    const moved = ({ parameters }: AutoregressiveEstimator) =>
      Math.max(...parameters[1]!.map((value, i) => Math.abs(value - first.parameters[1]![i]!)));
    expect(moved(once({ start: first, options }))).toBeLessThan(1e-6);
    expect(moved(once({ options }))).toBeGreaterThan(0.1);
    const wider = { low: Float64Array.of(-1, -Infinity), high: Float64Array.of(1, Infinity) };
    expect(moved(once({ start: first, options, bounds: wider }))).toBeGreaterThan(0.1);
    expect(moved(once({ start: first, options, families: ['autoregressive'] }))).toBeGreaterThan(0.1);
  });
});

describe('a training', () => {
  it('starts a later round from the earlier weights and holds them to their posterior', () => {
    const first = trainMixture(linearGaussian(3000));
    const few = linearGaussian(60, {
      start: first.estimator,
      weightPrior: { precision: 0.01, previous: first.estimator },
    });
    const held = trainMixture(few);
    const free = trainMixture({ ...few, weightPrior: { precision: 0.01, previous: null } });
    const distance = (parameters: Float32Array) =>
      parameters.reduce((sum, value, i) => sum + (value - first.estimator.parameters[i]!) ** 2, 0);
    expect(distance(held.estimator.parameters)).toBeLessThan(distance(free.estimator.parameters));
    expect(held.validationLosses[0]!).toBeLessThan(first.validationLosses[0]!);
  });

  it('stops when the held-out loss has not improved for ten thirds of its patience', () => {
    const request = linearGaussian(200);
    const result = trainMixture({
      ...request,
      options: { ...request.options, maxEpochs: 5000, patience: 3 },
    });
    expect(result.epochs).toBeLessThan(5000);
    const best = result.validationLosses.indexOf(Math.min(...result.validationLosses));
    expect(result.epochs - 1 - best).toBe(10);
    expect(result.loss).toBe(result.losses[best]);
  });

  it('counts steps that are not finite and fails where all are', () => {
    const request = short();
    const huge = { ...request.standardisation, xSd: Float64Array.of(1e-38, 1e-38) };
    expect(() => trainMixture({ ...request, standardisation: huge })).toThrow(
      expect.objectContaining({
        code: 'inference-failed',
        details: expect.objectContaining({ skippedSteps: 24 }) as unknown,
      }),
    );
  });

  it('trains in the strict build too', () => {
    const strict = trainMixture({ ...short(), strict: true });
    const relaxed = trainMixture(short());
    // The same training up to rounding.
    expect(strict.validationLoss).toBeCloseTo(relaxed.validationLoss, 2);
  });
});
