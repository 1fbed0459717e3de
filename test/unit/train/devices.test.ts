import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { AppError } from '../../../main/contract/errors.ts';
import { describeDevice, releaseDevices } from '../../../main/train/train-pool.ts';
import { trainBest, type TrainingProgress } from '../../../main/train/trainer.ts';
import { linearGaussian } from './linear-gaussian.ts';

const stand = fileURLToPath(new URL('../../support/failing-tensorflow.cjs', import.meta.url));
const cores = 2;

/** Some hundred steps of a small network. */
const short = (variational = true) => {
  const request = linearGaussian(300, { hidden: [6], variational }, 0.1);
  return { ...request, options: { ...request.options, batchSize: 50, maxEpochs: 6 } };
};

afterEach(async () => {
  vi.unstubAllEnvs();
  // The next test's device reads another environment.
  await releaseDevices();
});

describe('training on a device', () => {
  it('is the training of the processor, rounded otherwise', async () => {
    vi.stubEnv('CHRONAXIE_TENSORFLOW', stand);
    // The strict kernels' noise is the one that the device is sent.
    const request = { ...short(), strict: true };
    const expected = await trainBest(request, { cores });
    const found = await trainBest(request, { cores, device: 'cuda' });
    expect(found.trainedOn).toEqual({ device: 'cuda', times: [], lost: null });
    expect(expected.trainedOn.device).toBe('cpu');
    expect(found.epochs).toBe(expected.epochs);
    // The same minibatches and the same noise: 36 steps apart by rounding alone, which training amplifies.
    for (const [i, loss] of expected.losses.entries()) expect(found.losses[i]).toBeCloseTo(loss, 4);
    expect(found.validationLoss).toBeCloseTo(expected.validationLoss, 4);
    expect(found.losses).not.toEqual(expected.losses);
  });

  it('goes on with the processor when the device is lost, and says why', async () => {
    vi.stubEnv('CHRONAXIE_TENSORFLOW', stand);
    vi.stubEnv('FAIL_AFTER_PRODUCTS', '150');
    const reports: TrainingProgress[] = [];
    const expected = await trainBest(short(false), { cores });
    const found = await trainBest(short(false), {
      cores,
      device: 'cuda',
      onEpoch: (report) => reports.push(report),
    });
    expect(found.trainedOn.device).toBe('cpu');
    expect(found.trainedOn.lost).toBe('Training on cuda stopped: CUDA_ERROR_ILLEGAL_ADDRESS.');
    expect(found.estimator.toBytes()).toEqual(expected.estimator.toBytes());
    expect(found.losses).toEqual(expected.losses);
    // Some epochs on the device, and then all of them again.
    const epochs = reports.map(({ epoch }) => epoch);
    expect(epochs.slice(-6)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(epochs.length).toBeGreaterThan(6);
  });

  it('can be cancelled between any two minibatches', async () => {
    vi.stubEnv('CHRONAXIE_TENSORFLOW', stand);
    const controller = new AbortController();
    const request = short();
    const training = trainBest(
      { ...request, options: { ...request.options, maxEpochs: 10_000, patience: 10_000 } },
      { cores, device: 'cuda', signal: controller.signal, onEpoch: () => controller.abort() },
    );
    await expect(training).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('the choice of a device', () => {
  it('is left to a few steps on each, and says how long they took', async () => {
    vi.stubEnv('CHRONAXIE_TENSORFLOW', stand);
    const { trainedOn } = await trainBest(short(), { cores, device: 'auto' });
    // JavaScript takes many times as long as the kernels.
    expect(trainedOn.device).toBe('cpu');
    const [cpu, cuda] = trainedOn.times;
    expect([cpu!.device, cuda!.device]).toEqual(['cpu', 'cuda']);
    expect(cuda!.msPerStep).toBeGreaterThan(cpu!.msPerStep);
    expect(cuda!.description).toContain('failing-tensorflow');
  });

  it('is not asked of what must be bit-identical', async () => {
    vi.stubEnv('CHRONAXIE_TENSORFLOW', stand);
    const { trainedOn } = await trainBest({ ...short(), strict: true }, { cores, device: 'auto' });
    expect(trainedOn).toEqual({ device: 'cpu', times: [], lost: null });
  });

  it('names what a device lacks that cannot be had', async () => {
    vi.stubEnv('CHRONAXIE_TENSORFLOW', '/nowhere/tensorflow');
    const missing = await describeDevice('cuda').catch((thrown: unknown) => thrown as AppError);
    expect(missing).toMatchObject({ code: 'device-unavailable', remedy: expect.stringContaining('cuDNN') });
  });
});
