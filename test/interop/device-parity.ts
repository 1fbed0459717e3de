/**
 * How far a device is from the kernels, network by network, as JSON on stdout. A process of its own, because a thread has one
 * TensorFlow.js, and the Vulkan loader is found by the environment that the process starts with.
 * Run: node test/interop/device-parity.ts cuda|webgpu
 */
import { AppError } from '../../main/contract/errors.ts';
import { openDevice, type Accelerator } from '../../main/train/tensor-device.ts';
import { networks, parityWithKernels, type Parity } from '../unit/train/tensor-parity.ts';

const device = process.argv[2] as Accelerator;
try {
  const { tf, description } = await openDevice(device);
  const parities: Record<string, Parity> = {};
  for (const [name, network] of Object.entries(networks))
    parities[name] = await parityWithKernels(tf, network);
  process.stdout.write(JSON.stringify({ description, backend: tf.getBackend(), parities }));
  process.exit(0);
} catch (thrown) {
  process.stdout.write(JSON.stringify({ error: AppError.from(thrown).toWire() }));
  process.exit(1);
}
