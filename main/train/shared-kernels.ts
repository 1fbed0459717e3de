import { reserveMemory, type Kernels } from '../../native/kernels.ts';
import { createKernels } from './kernels.ts';

let shared: Kernels | null = null;
let owner: object | null = null;

/**
 * The kernels of all evaluations of this thread, with one memory: one of its own for every density would reserve gigabytes
 * of addresses each. Always the strict build, so that a density has the same values on every processor.
 */
export function sharedKernels(): Kernels {
  shared ??= createKernels(true);
  return shared;
}

/**
 * Takes the memory, up to its byte `end`, for a user who has laid it out from heapBase.
 * @returns whether another user has had it since: then it must be filled again
 */
export function claimMemory(user: object, end: number): boolean {
  if (owner === user) return false;
  reserveMemory(sharedKernels(), end);
  owner = user;
  return true;
}

export function sharedFloats(offset: number, length: number): Float32Array {
  return new Float32Array(sharedKernels().memory.buffer, offset, length);
}
