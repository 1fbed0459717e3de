import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { AppError } from '../contract/errors.ts';
import type { TensorFlow } from './tensor-layers.ts';

export type Accelerator = 'cuda' | 'webgpu';

export interface OpenDevice {
  tf: TensorFlow;
  /** Of the card or the library, for people */
  description: string;
}

/** Not bundled and not installed everywhere: looked up where the program lies when they are asked for. */
const load = createRequire(import.meta.url);

/**
 * TensorFlow.js on a graphics card. To be called off the main thread: a thread has one TensorFlow.js and one device.
 * CHRONAXIE_TENSORFLOW names another build of tfjs-node, whose device is taken as it is; with CHRONAXIE_SOFTWARE_GPU=1 WebGPU may be
 * emulated by the processor.
 * @throws AppError device-unavailable: what is missing, and how to get it
 */
export async function openDevice(device: Accelerator): Promise<OpenDevice> {
  return device === 'cuda' ? openCuda() : openWebGpu();
}

function openCuda(): OpenDevice {
  const own = process.env['CHRONAXIE_TENSORFLOW'];
  // tfjs-node 4.22 calls the first, which Node 23 has removed, and the second, which complains.
  const util = load('node:util') as Record<string, unknown>;
  util['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
  util['isArray'] = Array.isArray;
  let tf: TensorFlow;
  try {
    tf = load(own ?? '@tensorflow/tfjs-node-gpu') as TensorFlow;
  } catch (cause) {
    throw missing('The package @tensorflow/tfjs-node-gpu is not installed or cannot be loaded.', cuda, cause);
  }
  if (own !== undefined) return { tf, description: `TensorFlow from ${own}` };
  const backend = tf.backend() as { isUsingGpuDevice?: boolean };
  if (tf.getBackend() !== 'tensorflow' || backend.isUsingGpuDevice !== true)
    throw missing('TensorFlow found no NVIDIA card that it can use.', cuda);
  return { tf, description: 'NVIDIA graphics card through TensorFlow' };
}

const cuda =
  'It needs Linux or Windows, an NVIDIA driver from 450.80 on, CUDA 11.2 and cuDNN 8.1; then run “npm install” again with a network, which fetches TensorFlow’s library.';

interface WebGpu {
  create(options: string[]): { requestAdapter(options: object): Promise<Adapter | null> };
  globals: object;
}
interface Adapter {
  info: { vendor: string; description: string; isFallbackAdapter?: boolean };
}

async function openWebGpu(): Promise<OpenDevice> {
  requireVulkan();
  let tf: TensorFlow;
  let dawn: WebGpu;
  try {
    dawn = load('webgpu') as WebGpu;
    tf = load('@tensorflow/tfjs') as TensorFlow;
    Object.assign(globalThis, dawn.globals);
    const gpu = dawn.create([]);
    Object.defineProperty(globalThis.navigator, 'gpu', { value: gpu, configurable: true });
    load('@tensorflow/tfjs-backend-webgpu');
    const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
    if (adapter === null) throw missing('No graphics card answers to WebGPU.', vulkan);
    const { vendor, description, isFallbackAdapter } = adapter.info;
    const name = description || vendor || 'graphics card';
    if (isFallbackAdapter === true && process.env['CHRONAXIE_SOFTWARE_GPU'] !== '1')
      throw missing(`The only WebGPU here is emulated by the processor (${name}).`, vulkan);
    if (!(await tf.setBackend('webgpu'))) throw missing(`WebGPU does not start on ${name}.`, vulkan);
    await tf.ready();
    return { tf, description: `${name} through WebGPU` };
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw missing(
      'The packages webgpu and @tensorflow/tfjs-backend-webgpu cannot be loaded.',
      packages,
      cause,
    );
  }
}

const packages = 'Install them: “npm install” in the checkout, without --omit=optional.';
const vulkan =
  process.platform === 'linux'
    ? 'Install the Vulkan driver of the card: NVIDIA’s own, or mesa-vulkan-drivers (24 or later) and libvulkan1.'
    : 'Install the current driver of the graphics card.';

/** Without the loader Dawn would write a warning of its own for every question. */
function requireVulkan(): void {
  if (process.platform !== 'linux') return;
  const { LD_LIBRARY_PATH = '' } = process.env;
  const machine = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
  const usual = [`/usr/lib/${machine}-linux-gnu`, '/usr/lib64', '/usr/lib', '/usr/local/lib'];
  const folders = [...LD_LIBRARY_PATH.split(':').filter(Boolean), ...usual];
  if (folders.some((folder) => existsSync(join(folder, 'libvulkan.so.1')))) return;
  throw missing('There is no Vulkan loader (libvulkan.so.1).', vulkan);
}

function missing(message: string, remedy: string, cause?: unknown): AppError {
  return new AppError('device-unavailable', message, { remedy, ...(cause === undefined ? {} : { cause }) });
}
