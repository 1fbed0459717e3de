import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { networks, parityWithKernels } from './tensor-parity.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('training by TensorFlow.js', () => {
  it.each(Object.keys(networks))('takes the same steps as the kernels: %s', async (name) => {
    const before = tf.memory().numTensors;
    const parity = await parityWithKernels(tf, networks[name]!);
    // Both round in float32; required is 1e-4.
    expect(parity.loss).toBeLessThan(1e-5);
    expect(parity.gradient).toBeLessThan(1e-4);
    expect(parity.evaluated).toBeLessThan(1e-4);
    expect(parity.weights).toBeLessThan(1e-4);
    // Nothing stays on the device.
    expect(tf.memory().numTensors - before).toBe(0);
  });
});
