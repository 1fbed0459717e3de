import { availableParallelism, cpus } from 'node:os';

export interface Device {
  device: 'cpu' | 'cuda' | 'webgpu';
  available: boolean;
  description: string;
  /** Why it cannot train here; null when it can. */
  reason: string | null;
}

/**
 * The smallest module with a relaxed instruction: i8x16.relaxed_swizzle of two constants. A host without relaxed SIMD
 * refuses to validate it.
 */
const relaxedSimdProbe = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 15, 1, 13, 0, 65, 1, 253, 15, 65, 2,
  253, 15, 253, 128, 2, 11,
]);

/** What can train here, and why the rest cannot. */
export function listDevices(): Device[] {
  const relaxed = WebAssembly.validate(relaxedSimdProbe);
  const model = cpus()[0]?.model.trim() ?? 'processor';
  return [
    {
      device: 'cpu',
      available: true,
      description: `${model}, ${availableParallelism()} cores, WebAssembly ${relaxed ? 'relaxed SIMD' : 'SIMD'}`,
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
