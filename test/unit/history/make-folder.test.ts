import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeFolder } from '../../../main/history/make-folder.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'chronaxie-folder-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

it('makes a folder with those above it, and leaves one that is there alone', () => {
  const deep = join(folder, 'a', 'b', 'c');
  makeFolder(deep);
  writeFileSync(join(deep, 'kept'), '');
  makeFolder(deep);
  expect(existsSync(join(deep, 'kept'))).toBe(true);
});

it('refuses a path below a file', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(() => {
    makeFolder(join(folder, 'file', 'below'));
  }).toThrow(/ENOTDIR|EEXIST/);
});

it.runIf(process.platform === 'linux')('gives up where the system refuses every new folder', () => {
  expect(() => {
    makeFolder('/proc/chronaxie/below'); // Node's own recursive mkdir does not return here
  }).toThrow('ENOENT');
});
