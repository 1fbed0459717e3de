import { readFileSync } from 'node:fs';
import { AppError } from '../contract/errors.ts';
import { instantiateKernels, type Kernels } from '../../native/kernels.ts';

const files = {
  relaxed: new URL('../../native/build/kernels-relaxed.wasm', import.meta.url),
  strict: new URL('../../native/build/kernels-strict.wasm', import.meta.url),
};
const compiled = new Map<keyof typeof files, WebAssembly.Module>();

/**
 * The training kernels with a memory of their own.
 * @param strict the build that is bit-identical on every processor; also used where the host lacks relaxed SIMD
 * @throws AppError internal where the kernels were not built
 */
export function createKernels(strict: boolean): Kernels {
  return instantiateKernels(strict ? load('strict') : (tryRelaxed() ?? load('strict')));
}

function tryRelaxed(): WebAssembly.Module | null {
  const known = compiled.get('relaxed');
  if (known) return known;
  const bytes = read('relaxed');
  return WebAssembly.validate(bytes) ? load('relaxed', bytes) : null;
}

function load(variant: keyof typeof files, bytes?: NodeJS.ArrayBufferView<ArrayBuffer>): WebAssembly.Module {
  const known = compiled.get(variant);
  if (known) return known;
  const module = new WebAssembly.Module(bytes ?? read(variant));
  compiled.set(variant, module);
  return module;
}

function read(variant: keyof typeof files): NodeJS.ArrayBufferView<ArrayBuffer> {
  try {
    return readFileSync(files[variant]);
  } catch (cause) {
    throw new AppError('internal', 'The training kernels are missing from this installation.', {
      remedy: 'Run "npm run build:native" in a checkout, or install again.',
      cause,
    });
  }
}
