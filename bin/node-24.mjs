import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Written for any Node from 20 on: this is what runs before the right Node is found. */
export const root = fileURLToPath(new URL('../', import.meta.url));

const wanted = 24;

/** The database's native module crashes an older Node instead of refusing it, so nothing of ours may start under one. */
export const isRightNode = Number(process.versions.node.split('.')[0]) >= wanted;

/** The Node that `npm ci` installed beside us; null where this platform has none. */
export function bundledNode() {
  const program = process.platform === 'win32' ? 'node.exe' : 'node';
  const names = [`node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`];
  names.push(`node-bin-${process.platform}-${process.arch}`);
  for (const name of names) {
    for (const path of [join(name, 'bin', program), join(name, program)]) {
      const full = join(root, 'node_modules', path);
      if (existsSync(full)) return full;
    }
  }
  return null;
}

/**
 * Runs a script under Node 24 and takes over its exit code. Ctrl-C reaches the whole process group, so the child gets
 * it from the terminal and only has to be waited for; other signals are passed on.
 */
export function runUnderNode24(script, args) {
  const node = isRightNode ? process.execPath : bundledNode();
  if (node === null) {
    process.stderr.write(
      `chronaxie: this is Node ${process.versions.node}, and Chronaxie needs ${wanted} or newer.\n` +
        '  → Run “npm ci” in its folder, which installs one, or start it with a newer Node.\n',
    );
    process.exit(1);
  }
  return follow(spawn(node, [script, ...args], { stdio: 'inherit' }));
}

/** Waits for a child that shares our terminal, and ends as it ends. */
export function follow(child) {
  process.on('SIGINT', () => undefined);
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`chronaxie: ${error.message}\n`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    process.exit(code ?? (signal === 'SIGINT' ? 4 : 1));
  });
}
