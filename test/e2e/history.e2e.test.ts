import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawnPixelsOf, settled } from './page-checks.ts';
import { launchChromium, startServing } from './served.ts';

/** The history's column, over two small fits of the bundled recording and a restart of the program. */
let folder: string;
let server: ChildProcess;
let url: string;
let browser: Browser;
let page: Page;
const history = () => join(folder, 'history.sqlite');

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'chronaxie-history-'));
  ({ server, url } = await startServing(history()));
  browser = await launchChromium();
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(url);
});
afterAll(async () => {
  await browser.close();
  server.kill('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
});

/** Posteriors are computed in main, which has two cores on the machines that test. */
const patient = { timeout: 20_000 };
const runs = () => page.getByRole('button', { name: /finished:/ });

async function fit(seed: string): Promise<void> {
  await page.keyboard.press('3');
  await page.getByRole('textbox', { name: 'Rounds' }).fill('1');
  await page.getByRole('textbox', { name: 'Simulations per round' }).fill('300');
  await page.getByRole('textbox', { name: 'Seed' }).fill(seed);
  await page.getByRole('button', { name: 'Run ▸' }).click();
  await page.getByText(/^Finished in/).waitFor({ timeout: 100_000 });
}

describe('the history', () => {
  it('keeps every run, and makes a new one from the set-up of another', async () => {
    await page.getByRole('button', { name: 'Open example' }).click();
    await page.getByRole('checkbox', { name: 'Fit sweep 5' }).waitFor();
    await fit('7');
    await page.getByRole('button', { name: 'Duplicate' }).click();
    await expect.poll(() => page.getByRole('textbox', { name: 'Seed' }).inputValue()).toBe('7');
    expect(await page.getByRole('textbox', { name: 'Rounds' }).inputValue()).toBe('1');
    await expect.poll(() => page.getByText('not run yet').count()).toBe(1);
    // The recording is read again; only then does the set-up stand.
    await page.getByText(/of 20 draws spike/).waitFor(patient);
    await fit('8');
    await expect.poll(() => runs().count()).toBe(2);
  });

  it('finds runs by any word of their line', async () => {
    await page.locator('h1').click();
    await page.keyboard.press('/');
    await page.keyboard.type('hh8 sweep');
    await expect.poll(() => runs().count()).toBe(2);
    await page.keyboard.type(' purkinje');
    await page.getByText('No run matches').waitFor();
    await page.getByRole('searchbox').fill('');
  });

  it('compares two runs: their curves, their intervals, and the one setting that differs', async () => {
    const other = page.getByRole('combobox', { name: 'Compare with another run' });
    await other.selectOption({ index: 1 });
    await page.getByRole('heading', { name: 'Two runs compared' }).waitFor();
    const curves = page.locator('table canvas').first();
    await curves.waitFor();
    await expect.poll(() => drawnPixelsOf(page, 'table canvas'), patient).toBeGreaterThan(200);
    const cells = (row: RegExp) => page.getByRole('row', { name: row }).first().locator('td').allInnerTexts();
    await expect.poll(async () => (await cells(/^seed/)).slice(1)).toEqual(['8', '7']);
    const [, first, second] = await cells(/g_?Na/);
    expect(first).toMatch(/^[\d.]+ \([\d.]+ … [\d.]+\)$/);
    expect(second).not.toBe(first);
    await settled(page, 'compare');
    await page.getByRole('button', { name: 'Close' }).click();
  });

  it('opens again what was open, in the theme that was chosen, after the program was ended', async () => {
    await page.getByRole('combobox', { name: 'Theme' }).selectOption('dark');
    await page.locator('h1').click();
    await page.keyboard.press('4');
    const name = await page.locator('h1').innerText();
    const session = () => readFileSync(join(folder, 'history-session.json'), 'utf8');
    await expect.poll(session, patient).toMatch(/theme\\":\\"dark/);
    await expect.poll(session, patient).toMatch(/place\\":\\"run/);
    await page.close();
    server.kill('SIGTERM');
    await new Promise((resolve) => server.once('exit', resolve));
    ({ server, url } = await startServing(history()));
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(url);
    await page.getByText(/^Finished in/).waitFor();
    expect(await page.locator('h1').innerText()).toBe(name);
    expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark');
    await expect
      .poll(() => page.getByRole('list', { name: 'Recordings' }).getByRole('listitem').count())
      .toBe(1);
  });

  it('removes a recording from the list without touching its runs', async () => {
    const list = page.getByRole('list', { name: 'Recordings' });
    await list.getByRole('button', { name: /^Remove/ }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => list.count()).toBe(0);
    expect(await runs().count()).toBe(2);
  });
});
