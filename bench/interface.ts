/**
 * How fluid the interface stays: a recording of 100 sweeps × 500,000 samples (400 MB, bench/big-recording.ts), a history of 20
 * runs, one of them a finished fit of 12 parameters, Chromium at 1280 × 800 on the built application as served. Told are the
 * times from the page's opening to what a person waits for, and the tasks of the page's main thread above 50 ms.
 *
 *   npm run build && node bench/interface.ts big.nwb    # made by bench/big-recording.ts
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { launchChromium, startServing } from '../test/e2e/served.ts';
import { keepOpen, makeHistory } from './interface-history.ts';
import { summary, tasksOf } from './long-tasks.ts';

const path = process.argv[2] ?? 'big.nwb';
const folder = mkdtempSync(join(tmpdir(), 'chronaxie-interface-'));
const database = join(folder, 'history.sqlite');

/** Pixels in the ink of the chosen sweep. */
function chosenIsDrawn(): boolean {
  const canvas = document.querySelector<HTMLCanvasElement>('.pane canvas');
  if (canvas === null || canvas.width < 300) return false;
  const { data } = canvas.getContext('2d')!.getImageData(90, 8, canvas.width - 130, canvas.height - 20);
  let ink = 0;
  for (let i = 0; i < data.length; i += 4) if (data[i + 3]! > 200 && data[i]! < 40) ink++;
  return ink > 400;
}

console.log('fitting 12 parameters for the history …');
await makeHistory(database, path);
keepOpen(database, path);
const { server, url } = await startServing(database);
const browser = await launchChromium();
const memoryMb = () =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1]) / 1000;
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' });
  const phase = async (what: string, work: () => Promise<unknown>) => {
    const tasks = await tasksOf(browser, page, work);
    console.log(`${what}: ${summary(tasks)}; server ${memoryMb().toFixed(0)} MB`);
  };
  await calibrate(page);
  await phase('start, to the first trace', () => start(page));
  await phase('while the others are drawn', () => page.waitForTimeout(8000));
  await phase('zooming', async () => {
    const box = (await page.locator('.pane').first().boundingBox())!;
    await page.mouse.move(box.x + 300, box.y + 100);
    for (let i = 0; i < 20; i++) {
      await page.mouse.wheel(0, -100);
      await page.waitForTimeout(30);
    }
    await page.waitForTimeout(4000);
  });
  await phase('stepping', async () => {
    for (let i = 0; i < 20; i++) {
      await page.keyboard.press('ArrowDown');
      await page.waitForTimeout(50);
    }
    await page.waitForTimeout(3000);
  });
  await phase('searching and scrolling 20 runs', async () => {
    await page.getByRole('searchbox').pressSequentially('cell 1', { delay: 40 });
    await page.locator('.history .scroll').evaluate((list) => list.scrollBy(0, 400));
    await page.getByRole('searchbox').fill('');
  });
  await phase('until every sample was looked at', () =>
    page.getByRole('checkbox', { name: 'Fit sweep 99' }).waitFor({ timeout: 180_000 }),
  );
  await phase('showing all', async () => {
    await page.locator('.pane').first().dblclick();
    await page.waitForTimeout(8000);
  });
  await phase('each place', async () => {
    for (const key of ['2', '3', '1']) {
      await page.keyboard.press(key);
      await page.waitForTimeout(1500);
    }
  });
  await phase('opening a posterior of 12 parameters', async () => {
    await page.getByRole('button', { name: /twelve parameters/ }).click();
    await page.getByRole('heading', { name: 'Predicted features' }).waitFor({ timeout: 60_000 });
    await page.waitForTimeout(2000);
  });
  await phase('its rounds, back and forth', async () => {
    await page.getByRole('slider', { name: /round/i }).focus();
    for (const key of ['ArrowLeft', 'ArrowRight']) {
      await page.keyboard.press(key);
      await page.waitForTimeout(3000);
    }
  });
  await phase('during a run of 12 parameters', () => run(page));
} finally {
  await browser.close();
  server.kill('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
}

/** What a fixed piece of work takes in this page now: a busy machine shows here, and not only in what is measured. */
async function calibrate(page: Page): Promise<void> {
  const { median, worst } = await page.evaluate(() => {
    const times = Array.from({ length: 40 }, () => {
      const startMs = performance.now();
      let sum = 0;
      for (let i = 0; i < 2e6; i++) sum += Math.sqrt(i);
      return sum > 0 ? performance.now() - startMs : 0;
    }).sort((a, b) => a - b);
    return { median: times[20]!, worst: times.at(-1)! };
  });
  console.log(`2 million square roots take ${median.toFixed(1)} ms, at worst ${worst.toFixed(1)} ms`);
}

async function start(page: Page): Promise<void> {
  const startMs = performance.now();
  const since = () => `${((performance.now() - startMs) / 1000).toFixed(2)} s`;
  await page.goto(url);
  await page.getByRole('searchbox').waitFor();
  console.log(`window usable after ${since()}`);
  await page.getByRole('button', { name: 'Choose sweep 0', exact: true }).waitFor({ timeout: 60_000 });
  console.log(`sweeps listed after ${since()}`);
  await page.waitForFunction(chosenIsDrawn, undefined, { timeout: 60_000, polling: 50 });
  console.log(`first trace drawn after ${since()}`);
}

/** Its numbers are watched, then its posterior as the rounds come. */
async function run(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Run again/ }).click();
  await page.getByRole('heading', { name: 'Loss' }).waitFor({ timeout: 120_000 });
  await page.waitForTimeout(4000);
  await page.keyboard.press('5');
  await page.getByRole('heading', { name: 'Predicted features' }).waitFor({ timeout: 120_000 });
  await page.getByRole('button', { name: /^Run again/ }).waitFor({ timeout: 180_000 });
  await page.waitForTimeout(3000);
}
