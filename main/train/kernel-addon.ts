import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:process';
import { fileURLToPath } from 'node:url';
import type { KernelAddon } from '../../native/kernels.ts';

const builds = new URL('../../native/build/', import.meta.url);

/** The Node-API build of the kernels, or why there is none, in a sentence. */
export type FoundAddon = { addon: KernelAddon } | { addon: null; built: boolean; reason: string };

let found: FoundAddon | undefined;

/**
 * Looks for the addon that `npm run build:native-addon` makes, once. One that does not load, or was made from other sources than the
 * WebAssembly kernels, is left alone. CHRONAXIE_KERNELS=wasm leaves it alone too.
 */
export function findAddon(): FoundAddon {
  found ??= process.env['CHRONAXIE_KERNELS'] === 'wasm' ? turnedOff : loadAddon(builds);
  return found;
}

const turnedOff = {
  addon: null,
  built: false,
  reason: 'The native kernels are turned off by CHRONAXIE_KERNELS.',
};

/** @param folder with the addon and the hash of the sources that the WebAssembly kernels were built from */
export function loadAddon(folder: URL): FoundAddon {
  const file = new URL(`kernels-${platform}-${arch}.node`, folder);
  if (!existsSync(file))
    return {
      addon: null,
      built: false,
      reason: 'The native kernels are not built (npm run build:native-addon).',
    };
  try {
    const addon = createRequire(import.meta.url)(fileURLToPath(file)) as KernelAddon;
    if (addon.sources !== readFileSync(new URL('sources.sha256', folder), 'utf8'))
      return ignored('they were built from other sources. Run “npm run build:native-addon” again');
    if (addon.builds.length === 0) return ignored('this processor has neither AVX2 nor NEON');
    return { addon };
  } catch (error) {
    return ignored(error instanceof Error ? error.message : String(error));
  }
}

function ignored(why: string): FoundAddon {
  return { addon: null, built: true, reason: `The native kernels are not used: ${why}.` };
}
