import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { extractAll, listPackage } from '@electron/asar';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/**
 * The unpacked Linux folder, built with a stand-in for the Electron runtime: a file with the sentinel that the fuses are
 * written behind (version 1, nine fuses). What the package holds is the same as with the real one.
 */
const root = fileURLToPath(new URL('../../', import.meta.url));
/** A fuse in the file is the digit 0 or 1. */
const fuse = { DISABLE: '0'.charCodeAt(0), ENABLE: '1'.charCodeAt(0) };
let folder: string;
let resources: string;
let files: string[];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'chronaxie-package-'));
  const runtime = join(folder, 'electron');
  mkdirSync(join(runtime, 'resources'), { recursive: true });
  const sentinel = Buffer.concat([
    Buffer.from('#!/bin/sh\ndL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'),
    Buffer.from([1, 9]),
    Buffer.from('0'.repeat(9)),
  ]);
  writeFileSync(join(runtime, 'electron'), sentinel);
  chmodSync(join(runtime, 'electron'), 0o755);
  const builder = join(root, 'node_modules/electron-builder/cli.js');
  const out = join(folder, 'dist');
  execFileSync(
    process.execPath,
    [builder, '--linux', 'dir', `-c.electronDist=${runtime}`, `-c.directories.output=${out}`],
    { cwd: root, stdio: 'pipe' },
  );
  resources = join(out, 'linux-unpacked', 'resources');
  files = listPackage(join(resources, 'app.asar'), { isPack: false });
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('the Linux package', () => {
  it('holds the application and everything it reads at run time', () => {
    expect(files).toEqual(
      expect.arrayContaining([
        '/LICENSE',
        '/package.json',
        '/native/build/kernels-relaxed.wasm',
        '/native/build/kernels-strict.wasm',
        '/out/main/cli.js',
        '/out/main/desktop.js',
        '/out/main/recording-worker.js',
        '/out/main/simulate-worker.js',
        '/out/main/train-worker.js',
        '/out/preload/preload.cjs',
        '/out/renderer/index.html',
        '/resources/examples/18711001-steps.nwb',
        '/resources/examples/simulators/bernoulli-glm.mjs',
        '/resources/examples/simulators/bernoulli-glm-stimulus.csv',
        '/resources/models/hh8.json',
        `/node_modules/better-sqlite3/prebuilds/linux-${process.arch}.node`,
      ]),
    );
  });

  it('holds no sources, tests, development packages, other platforms’ binaries or second Node', () => {
    const outside = files.filter((file) => !file.startsWith('/node_modules'));
    expect(
      outside.filter((file) => /^\/(main|renderer|test|bench|docs|bin)(\/|$)|\.ts$|\.map$/.test(file)),
    ).toEqual([]);
    const packages = new Set(
      files.flatMap((file) => /^\/node_modules\/((?:@[^/]+\/)?[^/@][^/]*)$/.exec(file)?.[1] ?? []),
    );
    const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      devDependencies: Record<string, string>;
    };
    expect(Object.keys(devDependencies).filter((name) => packages.has(name))).toEqual([]);
    expect([...packages].filter((name) => /^node-|^@tensorflow/.test(name))).toEqual([]);
    const otherPlatforms = process.arch === 'x64' ? /darwin|win32|musl|arm64/ : /darwin|win32|musl|x64/;
    expect(files.filter((file) => file.endsWith('.node') && otherPlatforms.test(file))).toEqual([]);
    expect(files.filter((file) => /better-sqlite3\/(deps|src)/.test(file))).toEqual([]);
  });

  it('has its fuses set: no plain Node, no debugger, nothing but the archive', async () => {
    const fuses = await getCurrentFuseWire(join(resources, '..', 'chronaxie'));
    expect(fuses[FuseV1Options.RunAsNode]).toBe(fuse.DISABLE);
    expect(fuses[FuseV1Options.EnableNodeOptionsEnvironmentVariable]).toBe(fuse.DISABLE);
    expect(fuses[FuseV1Options.EnableNodeCliInspectArguments]).toBe(fuse.DISABLE);
    expect(fuses[FuseV1Options.OnlyLoadAppFromAsar]).toBe(fuse.ENABLE);
    expect(fuses[FuseV1Options.GrantFileProtocolExtraPrivileges]).toBe(fuse.DISABLE);
  });

  it('lacks no package: its own files alone read the example and fit it', () => {
    const app = join(folder, 'app');
    extractAll(join(resources, 'app.asar'), app);
    const example = join(app, 'resources/examples/18711001-steps.nwb');
    const fit = ['fit', example, '--rounds', '1', '--simulations', '200', '--samples', '100', '--json'];
    const out = execFileSync(
      process.execPath,
      [
        join(app, 'out/main/cli.js'),
        ...fit,
        '--out',
        join(folder, 'fit'),
        '--history',
        join(folder, 'h.sqlite'),
      ],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const summary = JSON.parse(out) as { parameters: { name: string }[] };
    expect(summary.parameters.map((parameter) => parameter.name)).toContain('gNa');
  });
});
