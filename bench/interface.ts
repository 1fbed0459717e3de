/**
 * How fluid the interface stays: a recording of 100 sweeps × 500,000 samples (400 MB, bench/big-recording.ts), a history of 20
 * runs, Chromium at 1280 × 800 on the built application as served. Told are the times from the page's opening to what a person
 * waits for, and every main-thread task above 50 ms while sweeps are drawn, zoomed, stepped through and runs searched.
 *
 *   npm run build && node bench/interface.ts /tmp/big.nwb    # made by bench/big-recording.ts
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { fitConfigSchema } from '../main/contract/config.ts';
import { History } from '../main/history/history.ts';
import { launchChromium, startServing } from '../test/e2e/served.ts';

const path = process.argv[2] ?? '/tmp/big.nwb';
const folder = mkdtempSync(join(tmpdir(), 'chronaxie-interface-'));
const database = join(folder, 'history.sqlite');
const config = fitConfigSchema.parse({ source: { recording: path, sweep: 4 } });

function makeHistory(): void {
  const history = History.open(database);
  for (let i = 0; i < 20; i++) {
    const { id } = history.createRun({ name: `cell ${i}, sweep 4`, project: 'bench', source: path, config });
    history.setState(id, 'cancelled');
  }
  history.close();
  const document = { run: null, path, sweep: null, included: [], place: 'recording', config: null };
  writeFileSync(
    join(folder, 'history-session.json'),
    JSON.stringify({ 'chronaxie.document': JSON.stringify(document) }),
  );
}

declare global {
  interface Window {
    longTasks: number[];
  }
}

/** Durations of the tasks above 50 ms since the last question, the longest first. */
async function longTasks(page: Page): Promise<string> {
  const tasks = await page.evaluate(() => window.longTasks.splice(0));
  return tasks.length === 0 ? 'none' : tasks.toSorted((a, b) => b - a).join(', ');
}

/** Pixels in the ink of the chosen sweep. */
function chosenIsDrawn(): boolean {
  const canvas = document.querySelector<HTMLCanvasElement>('.pane canvas');
  if (canvas === null || canvas.width < 300) return false;
  const { data } = canvas.getContext('2d')!.getImageData(90, 8, canvas.width - 130, canvas.height - 20);
  let ink = 0;
  for (let i = 0; i < data.length; i += 4) if (data[i + 3]! > 200 && data[i]! < 40) ink++;
  return ink > 400;
}

makeHistory();
const { server, url } = await startServing(database);
const browser = await launchChromium();
const memoryMb = () =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1]) / 1000;
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' });
  await page.addInitScript(() => {
    window.longTasks = [];
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) window.longTasks.push(Math.round(duration));
    }).observe({ entryTypes: ['longtask'] });
  });
  const started = performance.now();
  const since = () => `${((performance.now() - started) / 1000).toFixed(2)} s`;
  await page.goto(url);
  await page.getByRole('searchbox').waitFor();
  console.log(`window usable after ${since()}`);
  await page.getByRole('button', { name: 'Choose sweep 0', exact: true }).waitFor({ timeout: 60_000 });
  console.log(`sweeps listed after ${since()}`);
  await page.waitForFunction(chosenIsDrawn, undefined, { timeout: 60_000, polling: 50 });
  console.log(`first trace drawn after ${since()}; long tasks until then: ${await longTasks(page)} ms`);
  await page.waitForTimeout(8000);
  console.log(`while the others are drawn: ${await longTasks(page)} ms; server ${memoryMb().toFixed(0)} MB`);
  const box = (await page.locator('.pane').first().boundingBox())!;
  await page.mouse.move(box.x + 300, box.y + 100);
  for (let i = 0; i < 20; i++) {
    await page.mouse.wheel(0, -100);
    await page.waitForTimeout(30);
  }
  await page.waitForTimeout(4000);
  console.log(`zooming: ${await longTasks(page)} ms`);
  for (let i = 0; i < 20; i++) {
    await page.keyboard.press('ArrowDown');
    await page.waitForTimeout(50);
  }
  await page.waitForTimeout(3000);
  console.log(`stepping: ${await longTasks(page)} ms`);
  await page.getByRole('searchbox').pressSequentially('cell 1', { delay: 40 });
  await page.locator('.history .scroll').evaluate((list) => list.scrollBy(0, 400));
  console.log(`searching and scrolling 20 runs: ${await longTasks(page)} ms`);
  await page.getByRole('checkbox', { name: 'Fit sweep 99' }).waitFor({ timeout: 180_000 });
  console.log(
    `every sample looked at after ${since()}; long tasks: ${await longTasks(page)} ms; server ${memoryMb().toFixed(0)} MB`,
  );
  await page.locator('.pane').first().dblclick();
  await page.waitForTimeout(8000);
  console.log(`showing all: ${await longTasks(page)} ms; server ${memoryMb().toFixed(0)} MB`);
} finally {
  await browser.close();
  server.kill('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
}
