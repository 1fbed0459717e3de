import { describe, expect, it } from 'vitest';
import { trainInThisThread } from '../../../main/train/train-estimator.ts';
import { trainEstimator, type EpochReport } from '../../../main/train/trainer.ts';
import { linearGaussian } from './linear-gaussian.ts';

const quiet = { cancelled: () => false, onEpoch: () => undefined };
const short = () => {
  const request = linearGaussian(600, {}, 0.1);
  return { ...request, options: { ...request.options, maxEpochs: 4 } };
};

describe('training in the worker', () => {
  it('reports every epoch and gives the same numbers as training here, and again', async () => {
    const reports: EpochReport[] = [];
    const result = await trainEstimator(short(), { onEpoch: (report) => reports.push(report) });
    expect(reports.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4]);
    expect(reports.map(({ loss }) => loss)).toEqual([...result.losses]);
    expect(result.validationLoss).toBe(Math.min(...result.validationLosses));
    expect(result.skippedSteps).toBe(0);
    const again = await trainEstimator(short());
    expect(again.estimator.parameters).toEqual(result.estimator.parameters);
    expect(trainInThisThread(short(), quiet).estimator.parameters).toEqual(result.estimator.parameters);
  });

  it('gives other numbers for another seed or stream', () => {
    const request = short();
    const parameters = (options: Partial<typeof request.options>) =>
      trainInThisThread({ ...request, options: { ...request.options, ...options } }, quiet).estimator
        .parameters;
    expect(parameters({ seed: 2 })).not.toEqual(parameters({}));
    expect(parameters({ stream: 2 })).not.toEqual(parameters({}));
  });

  it('stops at once when it is cancelled, and can be used again', async () => {
    const request = linearGaussian(20_000);
    const controller = new AbortController();
    const started = performance.now();
    const training = trainEstimator(
      { ...request, options: { ...request.options, maxEpochs: 10_000, patience: 10_000 } },
      { signal: controller.signal, onEpoch: () => controller.abort() },
    );
    await expect(training).rejects.toMatchObject({ code: 'cancelled' });
    // 10,000 epochs would take many minutes.
    expect(performance.now() - started).toBeLessThan(20_000);
    const aborted = AbortSignal.abort();
    await expect(trainEstimator(short(), { signal: aborted })).rejects.toMatchObject({ code: 'cancelled' });
    await expect(trainEstimator(short())).resolves.toMatchObject({ epochs: 4 });
  });

  it('refuses what cannot be trained on, and says why', async () => {
    const request = short();
    await expect(trainEstimator({ ...request, weights: Float64Array.of(1) })).rejects.toMatchObject({
      code: 'inference-failed',
      message: 'Training needs at least 2 simulations, there are 1.',
    });
    await expect(trainEstimator({ ...request, theta: request.theta.map(() => NaN) })).rejects.toThrow(
      'not finite',
    );
    await expect(trainEstimator({ ...request, weights: request.weights.map(() => -1) })).rejects.toThrow(
      'negative',
    );
    await expect(trainEstimator({ ...request, x: request.x.map(() => Infinity) })).rejects.toThrow(
      'infinite',
    );
    await expect(trainEstimator({ ...request, x: new Float64Array(3) })).rejects.toThrow('not 3 and 1200');
  });

  it('refuses to continue from a network of another shape', () => {
    const request = short();
    const { estimator } = trainInThisThread(request, quiet);
    const wider = { ...request, spec: { ...request.spec, hidden: [21] }, start: estimator };
    expect(() => trainInThisThread(wider, quiet)).toThrow('another shape');
  });

  it('starts a later round from the earlier weights and holds them to their posterior', () => {
    const first = trainInThisThread(linearGaussian(3000), quiet);
    const few = linearGaussian(60, { start: first.estimator, weightPrior: { previous: first.estimator } });
    const held = trainInThisThread(few, quiet);
    const free = trainInThisThread({ ...few, weightPrior: { precision: 0.01 } }, quiet);
    const distance = (parameters: Float32Array) =>
      parameters.reduce((sum, value, i) => sum + (value - first.estimator.parameters[i]!) ** 2, 0);
    expect(distance(held.estimator.parameters)).toBeLessThan(distance(free.estimator.parameters));
    expect(held.validationLosses[0]!).toBeLessThan(first.validationLosses[0]!);
  });

  it('divides the rate twice and stops the third time that patience runs out', () => {
    // All rows are held-out noise: nothing can be learned, so the best epoch comes early.
    const request = linearGaussian(200);
    const reports: EpochReport[] = [];
    const result = trainInThisThread(
      { ...request, options: { ...request.options, maxEpochs: 5000, patience: 3 } },
      { ...quiet, onEpoch: (report) => reports.push(report) },
    );
    expect(result.epochs).toBeLessThan(5000);
    const best = result.validationLosses.indexOf(result.validationLoss);
    // The last improvement is followed by at least one whole patience, at most three.
    expect(result.epochs - 1 - best).toBeGreaterThanOrEqual(3);
    expect(result.epochs - 1 - best).toBeLessThanOrEqual(9);
    expect(result.loss).toBe(result.losses[best]);
  });

  it('counts steps that are not finite and fails where all are', () => {
    const request = short();
    const huge = { ...request.standardisation, xSd: Float64Array.of(1e-38, 1e-38) };
    expect(() => trainInThisThread({ ...request, standardisation: huge }, quiet)).toThrow(
      expect.objectContaining({
        code: 'inference-failed',
        details: expect.objectContaining({ skippedSteps: 20 }) as unknown,
      }),
    );
  });

  it('trains in the strict build too', () => {
    const strict = trainInThisThread({ ...short(), strict: true }, quiet);
    const relaxed = trainInThisThread(short(), quiet);
    // The same training up to rounding.
    expect(strict.validationLoss).toBeCloseTo(relaxed.validationLoss, 2);
  });
});
