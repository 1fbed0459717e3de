import { readFileSync } from 'node:fs';
import { AppError } from '../contract/errors.ts';
import { addonKernels, instantiateKernels, type KernelBuild, type Kernels } from '../../native/kernels.ts';
import { findAddon } from './kernel-addon.ts';

type WasmBuild = 'wasm-relaxed' | 'wasm-strict';

const files = {
  'wasm-relaxed': new URL('../../native/build/kernels-relaxed.wasm', import.meta.url),
  'wasm-strict': new URL('../../native/build/kernels-strict.wasm', import.meta.url),
};
const compiled = new Map<WasmBuild, WebAssembly.Module>();

/**
 * The training kernels with a memory of their own.
 * @param strict the build that is bit-identical on every processor
 * @throws AppError internal where the kernels were not built
 */
export function createKernels(strict: boolean): Kernels {
  return createBuild(kernelBuild(strict));
}

/** What createKernels takes: the addon where there is one, else relaxed SIMD where the host has it. Never the addon if strict. */
export function kernelBuild(strict: boolean): KernelBuild {
  return strict ? 'wasm-strict' : kernelBuilds()[0]!;
}

/** All that run here, the fastest first. */
export function kernelBuilds(): KernelBuild[] {
  const native = findAddon().addon?.builds.map(({ name }) => name) ?? [];
  return [...native, ...(hasRelaxed() ? ['wasm-relaxed' as const] : []), 'wasm-strict'];
}

/** @throws AppError internal where this build is not here */
export function createBuild(build: KernelBuild): Kernels {
  if (build === 'wasm-relaxed' || build === 'wasm-strict') return instantiateKernels(load(build), build);
  const { addon } = findAddon();
  const index = addon?.builds.findIndex(({ name }) => name === build) ?? -1;
  if (!addon || index < 0)
    throw new AppError('internal', `The ${build} kernels are not here.`, {
      remedy: 'Run "npm run build:native-addon" in a checkout.',
    });
  return addonKernels(addon, index);
}

let relaxed: boolean | undefined;

function hasRelaxed(): boolean {
  relaxed ??= WebAssembly.validate(read('wasm-relaxed'));
  return relaxed;
}

function load(build: WasmBuild): WebAssembly.Module {
  const known = compiled.get(build);
  if (known) return known;
  const module = new WebAssembly.Module(read(build));
  compiled.set(build, module);
  return module;
}

function read(build: WasmBuild): NodeJS.ArrayBufferView<ArrayBuffer> {
  try {
    return readFileSync(files[build]);
  } catch (cause) {
    throw new AppError('internal', 'The training kernels are missing from this installation.', {
      remedy: 'Run "npm run build:native" in a checkout, or install again.',
      cause,
    });
  }
}
