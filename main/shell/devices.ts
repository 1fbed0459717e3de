import { availableParallelism, cpus } from 'node:os';
import { findAddon } from '../train/kernel-addon.ts';
import { kernelBuild } from '../train/kernels.ts';

export interface Device {
  device: 'cpu' | 'cuda' | 'webgpu';
  available: boolean;
  description: string;
  /** Why it cannot train here; null when it can. */
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

/** What can train here, and why the rest cannot. */
export function listDevices(): Device[] {
  const model = cpus()[0]?.model.trim() ?? 'processor';
  return [
    {
      device: 'cpu',
      available: true,
      description: `${model}, ${availableParallelism()} cores, ${kernelWords()}`,
      reason: null,
    },
    {
      device: 'cuda',
      available: false,
      description: 'NVIDIA graphics card through TensorFlow',
      reason:
        'This version trains on the processor only; the networks here are small enough to train there in seconds.',
    },
    {
      device: 'webgpu',
      available: false,
      description: 'any graphics card through WebGPU',
      reason:
        'This version trains on the processor only; the networks here are small enough to train there in seconds.',
    },
  ];
}
