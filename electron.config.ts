import { globSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'electron-vite';
import type { Plugin } from 'vite';

const root = import.meta.dirname;

/** Worker threads: main/<folder>/<name>-worker.ts becomes out/main/<name>-worker.js. */
const workers = Object.fromEntries(
  globSync('main/*/*-worker.ts', { cwd: root }).map((file) => [basename(file, '.ts'), resolve(root, file)]),
);

/**
 * The sources say `new URL('./name-worker.ts', import.meta.url)`, which Node runs as it is. The bundle lies flat in
 * out/main, two levels below the root like the sources, so only the ending changes and resource paths stay right.
 */
const workerUrls: Plugin = {
  name: 'worker-urls',
  enforce: 'pre', // before the TypeScript step rewrites the quotes
  transform(code) {
    return code.includes('-worker.ts')
      ? { code: code.replaceAll(/new URL\('\.\/([\w-]+-worker)\.ts'/g, "new URL('./$1.js'"), map: null }
      : undefined;
  },
};

export default defineConfig({
  main: {
    plugins: [workerUrls],
    build: {
      outDir: 'out/main',
      target: 'node24',
      rolldownOptions: {
        input: {
          desktop: resolve(root, 'main/shell/desktop.ts'),
          cli: resolve(root, 'main/shell/cli.ts'),
          ...workers,
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      externalizeDeps: false,
      rolldownOptions: {
        input: { preload: resolve(root, 'main/shell/preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: resolve(root, 'renderer'),
    plugins: [svelte()],
    worker: { format: 'es' },
    build: {
      outDir: resolve(root, 'out/renderer'),
      minify: true, // electron-vite turns it off for all three parts
      rolldownOptions: { input: resolve(root, 'renderer/index.html') },
    },
  },
});
