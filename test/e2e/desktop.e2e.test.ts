import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DesktopBridge } from '../../main/contract/desktop-bridge.ts';

/** The real compiled main process and preload script on the electron double (electron-double/electron.mjs). */
const root = fileURLToPath(new URL('../../', import.meta.url));
const example = join(root, 'resources', 'examples', '18711001-steps.nwb');
const reports: Record<string, unknown>[] = [];
let folder: string;
let main: ChildProcess;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'chronaxie-desktop-'));
  const port = await freePort();
  main = spawn(
    process.execPath,
    [
      '--import',
      join(root, 'test/e2e/electron-double/register.mjs'),
      join(root, 'out/main/desktop.js'),
      example,
    ],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: {
        ...process.env,
        CHRONAXIE_DOUBLE_FOLDER: folder,
        CHRONAXIE_DOUBLE_PORT: String(port),
        CHRONAXIE_DOUBLE_SAVE: join(folder, 'saved.pdf'),
        CHRONAXIE_HISTORY: join(folder, 'history.sqlite'),
      },
    },
  );
  createInterface({ input: main.stdout! }).on('line', (line) =>
    reports.push(JSON.parse(line) as (typeof reports)[0]),
  );
  await reported('ready');
  browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
  page = browser.contexts()[0]!.pages()[0]!;
});
afterAll(async () => {
  await browser.close().catch(() => undefined); // the application may have closed it already
  main.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** The value of the first report with this key, awaited for at most half a minute. */
async function reported(key: string): Promise<unknown> {
  for (let waited = 0; waited < 30_000; waited += 50) {
    const found = reports.find((report) => key in report);
    if (found) return found[key];
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the application never reported “${key}”: ${JSON.stringify(reports)}`);
}

declare global {
  interface Window {
    foreign?: DesktopBridge;
  }
}

it('opens its window sandboxed, isolated, without Node, and grants a page nothing but copying', async () => {
  expect(await reported('window')).toMatchObject({
    webPreferences: {
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  });
  expect(await reported('permissionsGranted')).toEqual(['clipboard-sanitized-write']);
  expect(await page.evaluate(() => typeof (globalThis as { process?: unknown }).process)).toBe('undefined');
});

it('serves the interface over app:// under a policy without inline scripts, cross-origin isolated', async () => {
  const found = await page.evaluate(async () => {
    const { headers } = await fetch('/index.html');
    const inline = document.createElement('script');
    inline.textContent = 'globalThis.inlineRan = true';
    document.head.append(inline);
    return {
      policy: headers.get('content-security-policy'),
      opener: headers.get('cross-origin-opener-policy'),
      embedder: headers.get('cross-origin-embedder-policy'),
      inlineRan: 'inlineRan' in globalThis,
    };
  });
  expect(found.policy).toContain("default-src 'none'; script-src 'self' 'wasm-unsafe-eval';");
  expect(found).toMatchObject({ opener: 'same-origin', embedder: 'require-corp', inlineRan: false });
});

it('opens the recording that it was started with', async () => {
  await page.waitForFunction(() => document.title.includes('18711001-steps'));
});

it('has the menus of a desktop program, keeps recent documents, and shows how to cite it from Help', async () => {
  expect(await reported('menus')).toEqual(['&File', 'editMenu', '&View', 'windowMenu', 'help']);
  expect(await reported('recentDocument')).toBe(example);
  main.stdin!.write('About Chronaxie, and how to cite it\n');
  const about = page.getByRole('dialog', { name: 'About Chronaxie' });
  await about.waitFor();
  expect(await about.getByText('How to cite').count()).toBe(1);
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => document.querySelector('dialog') === null);
});

it('answers the page’s calls through the real preload script, typed arrays included', async () => {
  const traces = await page.evaluate(async (path) => {
    const bridge = window.chronaxie as unknown as DesktopBridge;
    const answer = await bridge.call('recording.traces', {
      path,
      sweeps: [4],
      startMs: 0,
      endMs: 700,
      columns: 100,
    });
    if (!answer.ok) throw new Error(answer.error.message);
    const [trace] = answer.value as { voltageMaxMv: Float32Array }[];
    return { type: trace!.voltageMaxMv.constructor.name, peak: Math.max(...trace!.voltageMaxMv) };
  }, example);
  expect(traces.type).toBe('Float32Array');
  expect(traces.peak).toBeGreaterThan(55); // sweep 4 of the example peaks at 61 mV (`chronaxie inspect`)
  expect(traces.peak).toBeLessThan(65);
});

it('refuses a call that is not of the contract, and one with a wrong input', async () => {
  const answers = await page.evaluate(async () => {
    const bridge = window.chronaxie as unknown as DesktopBridge;
    const unknown = await bridge.call('fs.readFile' as never, '/etc/passwd').then(
      () => 'answered',
      (error: Error) => error.message,
    );
    return { unknown, wrong: await bridge.call('history.delete', { id: 7 }) };
  });
  expect(answers.unknown).toContain('There is no call fs.readFile');
  expect(answers.wrong).toMatchObject({ ok: false, error: { code: 'usage' } });
});

it('refuses a call from a frame that is not its own page', async () => {
  const answer = await page.evaluate(async () => {
    const frame = document.createElement('iframe');
    document.body.append(frame);
    const bridge = (frame.contentWindow as unknown as { chronaxie: DesktopBridge }).chronaxie;
    const refused = await bridge.call('history.list', undefined);
    frame.remove();
    return refused;
  });
  expect(answer).toMatchObject({
    ok: false,
    error: { code: 'usage', message: 'This page may not call Chronaxie.' },
  });
});

it('prints a report to PDF on the paper of the country, in a hidden window without scripts or Node', async () => {
  const answer = await page.evaluate(async () => {
    const bridge = window.chronaxie as unknown as DesktopBridge;
    const html =
      '<title>Printed</title><p>one page</p><script>document.body.innerHTML = "<p style=break-before:page>".repeat(3)</script>';
    return bridge.call('file.savePdf', { name: 'report.pdf', html: new TextEncoder().encode(html) });
  });
  const path = join(folder, 'saved.pdf');
  expect(answer).toEqual({ ok: true, value: { path } });
  const pdf = readFileSync(path, 'latin1');
  expect(pdf.startsWith('%PDF-')).toBe(true);
  const [, width, height] = /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(pdf)!;
  // A4 is 210 × 297 mm, a point 1/72 inch; Chromium rounds up to whole pixels of 1/96 inch. Letter is 612 × 792.
  expect(Math.abs(Number(width) - 595.28)).toBeLessThan(1.5);
  expect(Math.abs(Number(height) - 841.89)).toBeLessThan(1.5);
  expect(pdf.match(/\/Type \/Page\b/g)).toHaveLength(1);
  const windows = reports.filter((report) => 'window' in report);
  expect(windows.at(-1)).toMatchObject({
    window: { show: false, webPreferences: { sandbox: true, javascript: false, nodeIntegration: false } },
  });
});

it('stays where it is: it opens no window, follows no link and reaches no network', async () => {
  const url = page.url();
  await page.evaluate(() => void window.open('http://127.0.0.1:1/'));
  expect(await reported('windowOpen')).toBe('deny');
  await page.evaluate(() => {
    location.href = 'http://127.0.0.1:1/elsewhere';
  });
  expect(await reported('navigationDenied')).toBe('http://127.0.0.1:1/elsewhere');
  expect(page.url()).toBe(url);
  expect(
    await page.evaluate(() =>
      fetch('http://127.0.0.1:1/').then(
        () => 'reached',
        () => 'refused',
      ),
    ),
  ).toBe('refused');
});

it('ends cleanly when its window is closed, and remembers where the window was', async () => {
  const ended = once(main, 'exit');
  await page.close();
  expect(await reported('exit')).toBe(0);
  expect((await ended)[0]).toBe(0);
  const { readWindowState } = await import('../../main/shell/window-state.ts');
  const screen = { x: 0, y: 0, width: 1920, height: 1080 };
  expect(readWindowState(join(folder, 'userData', 'window.json'), [screen])).toMatchObject({
    width: 1280,
    height: 800,
  });
});
