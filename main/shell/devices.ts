import { availableParallelism, cpus } from 'node:os';
import { hasRelaxedSimd } from '../simulate/relaxed-simd.ts';

export interface Device {
  device: 'cpu' | 'cuda' | 'webgpu';
  available: boolean;
  description: string;
  /** Why it cannot train here; null when it can. */
  reason: string | null;
}

/** What can train here, and why the rest cannot. */
export function listDevices(): Device[] {
  const model = cpus()[0]?.model.trim() ?? 'processor';
  return [
    {
      device: 'cpu',
      available: true,
      description: `${model}, ${availableParallelism()} cores, WebAssembly ${hasRelaxedSimd() ? 'relaxed SIMD' : 'SIMD'}`,
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
