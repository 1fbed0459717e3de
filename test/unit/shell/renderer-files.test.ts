import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { contentSecurityPolicy, rendererFile } from '../../../main/shell/renderer-files.ts';

let root: string;
let folder: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'chronaxie-files-'));
  folder = join(root, 'renderer');
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'index.html'), '<!doctype html>');
  writeFileSync(join(folder, 'assets', 'a.js'), '1');
  writeFileSync(join(root, 'secret.js'), 'secret');
  mkdirSync(join(root, 'renderer-other'));
  writeFileSync(join(root, 'renderer-other', 'b.js'), 'secret');
});
afterAll(() => {
  rmSync(root, { recursive: true });
});

it('gives index.html for the root, and files with their type', async () => {
  expect((await rendererFile(folder, '/'))?.mime).toBe('text/html; charset=utf-8');
  expect((await rendererFile(folder, '/assets/a.js'))?.mime).toBe('text/javascript; charset=utf-8');
});

it.each([
  '/../secret.js',
  '/%2e%2e/secret.js',
  '/assets/..%2f..%2fsecret.js',
  '/../renderer-other/b.js',
  '/%zz',
  '/assets',
])('does not leave its folder for %s', async (path) => {
  expect(await rendererFile(folder, path)).toBeNull();
});

it('allows no inline script, no eval and no foreign host', () => {
  const policy = contentSecurityPolicy('ws://127.0.0.1:80');
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval';");
  expect(policy).not.toMatch(/script-src[^;]*'unsafe-(inline|eval)'/);
  expect(policy).toContain("connect-src 'self' ws://127.0.0.1:80;");
});
