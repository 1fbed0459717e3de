/**
 * Takes the README's four pictures (docs/images): the example, opened and run as it comes. It says what it wrote, and fails where a
 * picture is larger than a README should load. On two cores it takes about three minutes: npm run pictures
 */
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { launchChromium, root, startServing } from './served.ts';

const images = join(root, 'docs', 'images');
const largestBytes = 250_000;
/** Every panel has been drawn. */
const drawnMs = 1500;

async function take(page: Page, name: string): Promise<void> {
  await page.mouse.move(1, 799); // nothing is pointed at
  await page.locator('[aria-busy="true"]').waitFor({ state: 'detached', timeout: 60_000 });
  await page.waitForTimeout(drawnMs);
  const path = join(images, `${name}.png`);
  await page.screenshot({ path });
  const { size } = statSync(path);
  console.log(`docs/images/${name}.png: ${Math.round(size / 1000)} kB`);
  if (size > largestBytes) throw new Error(`${name}.png is larger than ${largestBytes / 1000} kB.`);
}

const folder = mkdtempSync(join(tmpdir(), 'chronaxie-pictures-'));
const { server, url } = await startServing(join(folder, 'history.sqlite'));
const browser = await launchChromium();
try {
  mkdirSync(images, { recursive: true });
  const page = await browser.newPage({
    viewport: { width: 1280, height: 800 },
    deviceScaleFactor: 1,
    colorScheme: 'light',
    reducedMotion: 'reduce',
  });
  const place = (name: string) => page.getByRole('button', { name: new RegExp(`^${name}`) });
  await page.goto(url);
  await page.getByRole('button', { name: 'Open example' }).click();
  await page.getByRole('checkbox', { name: 'Fit sweep 5' }).waitFor();
  await take(page, 'recording');
  await place('Model & prior').click();
  await page.getByText(/of 20 draws spike/).waitFor({ timeout: 60_000 });
  await take(page, 'prior');
  await page.getByRole('button', { name: 'Run ▸' }).click();
  await page.getByText(/^Finished in/).waitFor({ timeout: 600_000 });
  await page.getByRole('button', { name: 'Show the posterior' }).click();
  await page.getByRole('heading', { name: 'Predicted features' }).waitFor({ timeout: 60_000 });
  await take(page, 'posterior');
  await place('Export').click();
  await page.getByRole('radio', { name: /Figures/ }).check();
  await take(page, 'export');
} finally {
  await browser.close();
  server.kill('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
}
