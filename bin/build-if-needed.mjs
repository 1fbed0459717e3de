import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { root } from './node-24.mjs';

/** What the build is made from, and what it makes. */
const sources = ['main', 'renderer', 'native', 'electron.config.ts', 'package.json', 'svelte.config.js'];
const outputs = [
  'out/main/cli.js',
  'out/main/desktop.js',
  'out/preload/preload.cjs',
  'out/renderer/index.html',
];
const native = join(root, 'native');
const lock = join(root, 'node_modules', '.cache', 'chronaxie-build.lock');

/**
 * Builds the application when the build is missing or older than its sources, and says so on stderr. Two programs that
 * start at once build once: the second waits. An installation without sources is complete as it is.
 */
export function buildIfNeeded() {
  if (!existsSync(join(root, 'main', 'shell', 'cli.ts')) || isFresh()) return;
  takeLock();
  try {
    if (isFresh()) return; // the one who held the lock has built it
    const missing = outputs.some((file) => !existsSync(join(root, file)));
    process.stderr.write(
      missing
        ? 'chronaxie: building the application first (once, about half a minute) …\n'
        : 'chronaxie: the build is older than the sources; building it again …\n',
    );
    build();
  } finally {
    rmSync(lock, { force: true });
  }
}

function build() {
  const require = createRequire(join(root, 'package.json'));
  const vite = join(dirname(require.resolve('electron-vite/package.json')), 'bin', 'electron-vite.js');
  run([join(root, 'native', 'build.mjs')]);
  run([vite, 'build', '--config', 'electron.config.ts']);
}

/** One step of `npm run build`; its output is shown only when it fails. */
function run(args) {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: 'utf8',
  });
  if (status === 0) return;
  process.stderr.write(`${stdout ?? ''}${stderr ?? ''}${error ? `${error.message}\n` : ''}`);
  process.stderr.write('chronaxie: the build failed.\n  → Run “npm ci” and “npm run build” to see why.\n');
  rmSync(lock, { force: true });
  process.exit(1);
}

function isFresh() {
  let built = Infinity;
  for (const file of outputs) {
    const path = join(root, file);
    if (!existsSync(path)) return false;
    built = Math.min(built, statSync(path).mtimeMs);
  }
  return sources.every((source) => newest(join(root, source)) <= built);
}

/** The latest change below a path. Folders count too: removing a file changes its folder. */
function newest(path) {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status === undefined) return 0;
  if (!status.isDirectory()) return status.mtimeMs;
  // The build makes native/build, which changes that folder's own time without changing a source.
  const entries = readdirSync(path).filter((entry) => path !== native || entry !== 'build');
  return Math.max(path === native ? 0 : status.mtimeMs, ...entries.map((entry) => newest(join(path, entry))));
}

function takeLock() {
  mkdirSync(dirname(lock), { recursive: true });
  for (let waited = false; ; waited = true) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (!holderLives()) {
      rmSync(lock, { force: true });
      continue;
    }
    if (!waited) process.stderr.write('chronaxie: another start is building the application; waiting …\n');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 250);
  }
}

function holderLives() {
  try {
    const pid = Number(readFileSync(lock, 'utf8'));
    if (!Number.isInteger(pid) || pid <= 0) return Date.now() - statSync(lock).mtimeMs < 5000; // being written
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM'; // alive, and another user's
  }
}
