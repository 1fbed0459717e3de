import { availableParallelism, cpus } from 'node:os';
import { AppError } from '../contract/errors.ts';
import { findAddon } from '../train/kernel-addon.ts';
import { kernelBuild } from '../train/kernels.ts';
import { describeDevice } from '../train/train-pool.ts';

export interface Device {
  device: 'cpu' | 'cuda' | 'webgpu';
  available: boolean;
  description: string;
  /** Why it cannot train here, and how to get it; null when it can. */
  reason: string | null;
}

const buildWords = {
  avx512: 'native kernels (AVX-512)',
  avx2: 'native kernels (AVX2)',
  neon: 'native kernels (NEON)',
  'wasm-relaxed': 'WebAssembly relaxed SIMD',
  'wasm-strict': 'WebAssembly SIMD',
};

/** What the processor trains with; without the native kernels, why. */
function kernelWords(): string {
  const native = findAddon();
  const words = buildWords[kernelBuild(false)];
  return native.addon === null ? `${words}. ${native.reason}` : words;
}

/** What can train here, and why the rest cannot. Opens each of them in a thread of its own. */
export async function listDevices(): Promise<Device[]> {
  const model = cpus()[0]?.model.trim() ?? 'processor';
  return [
    {
      device: 'cpu',
      available: true,
      description: `${model}, ${availableParallelism()} cores, ${kernelWords()}`,
      reason: null,
    },
    await look('cuda', 'NVIDIA graphics card through TensorFlow'),
    await look('webgpu', 'any graphics card through WebGPU'),
  ];
}

async function look(device: 'cuda' | 'webgpu', usual: string): Promise<Device> {
  try {
    return { device, available: true, description: await describeDevice(device), reason: null };
  } catch (thrown) {
    const { message, remedy } = AppError.from(thrown);
    return { device, available: false, description: usual, reason: `${message} ${remedy}` };
  }
}
