import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron } from 'playwright-core';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const program = { win32: 'electron.exe', darwin: 'Electron.app/Contents/MacOS/Electron' }[
  process.platform as string
];
const executable =
  process.env['ELECTRON_EXEC_PATH'] ??
  join(
    process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(root, 'node_modules/electron/dist'),
    program ?? 'electron',
  );
const installed = existsSync(executable);
if (!installed) {
  console.warn(`Skipped: the test on the real Electron needs its runtime, which is not at ${executable}.`);
}

it.skipIf(!installed)('runs on the real Electron: sandboxed, and its page reads the example', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'chronaxie-electron-'));
  const app = await _electron.launch({
    executablePath: executable,
    args: [root, `--user-data-dir=${folder}`, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
    env: { ...process.env, CHRONAXIE_HISTORY: join(folder, 'history.sqlite') } as Record<string, string>,
  });
  try {
    const page = await app.firstWindow();
    expect(page.url()).toBe('app://chronaxie/index.html');
    expect(await page.evaluate(() => 'require' in globalThis || 'process' in globalThis)).toBe(false);
    await page.getByRole('button', { name: 'Open example' }).click();
    await page.waitForFunction(() => document.title.includes('18711001-steps'));
  } finally {
    await app.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
