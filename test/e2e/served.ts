import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';

/** The built interface, served as `chronaxie serve` serves it, and the browser that looks at it. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

export async function startServing(history: string): Promise<{ server: ChildProcess; url: string }> {
  const server = spawn(
    process.execPath,
    [`${root}out/main/cli.js`, 'serve', '--no-open', '--history', history],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const lines = createInterface({ input: server.stdout });
  const url = await new Promise<string>((resolve, reject) => {
    lines.once('line', resolve);
    server.once('exit', (code) => reject(new Error(`serve ended with code ${code}`)));
  });
  return { server, url };
}

export function launchChromium(): Promise<Browser> {
  const executablePath = process.env.CHRONAXIE_CHROMIUM ?? '/usr/bin/chromium';
  return chromium.launch({ executablePath, chromiumSandbox: false });
}

/** A window on an empty history of its own. */
export interface OpenWindow {
  folder: string;
  page: Page;
  /** Errors and warnings that its console has heard. */
  complaints: readonly string[];
  close(): Promise<void>;
}

/** @param name of the folder, for whoever looks for it */
export async function openWindow(name: string): Promise<OpenWindow> {
  const folder = mkdtempSync(join(tmpdir(), `chronaxie-${name}-`));
  const { server, url } = await startServing(join(folder, 'history.sqlite'));
  const browser = await launchChromium();
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, acceptDownloads: true });
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(url);
  const close = async () => {
    await browser.close();
    server.kill('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  };
  return { folder, page, complaints, close };
}
