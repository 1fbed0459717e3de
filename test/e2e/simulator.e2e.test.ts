import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cellsOf, settled } from './page-checks.ts';
import { type OpenWindow, openWindow, root } from './served.ts';

/** Simulator modules of a person's own, dropped on the window. */
const soon = { timeout: 60_000 };
let open: OpenWindow;
let page: Page;

beforeAll(async () => {
  open = await openWindow('simulator');
  ({ page } = open);
  await page.getByRole('button', { name: 'Open example' }).waitFor();
});
afterAll(() => open.close());

const example = (name: string) => ({
  name,
  text: readFileSync(join(root, 'resources', 'examples', 'simulators', name), 'utf8'),
});
async function drop(...files: { name: string; text: string }[]): Promise<void> {
  await page.evaluate((dropped) => {
    const transfer = new DataTransfer();
    for (const { name, text } of dropped) transfer.items.add(new File([text], name));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true }));
  }, files);
}
const button = (name: string) => page.getByRole('button', { name, exact: true });

describe('a simulator module of one’s own', () => {
  it('is not asked for where a table is dropped alone: a sentence says what to drop', async () => {
    await drop(example('gaussian-mixture-2d-observation.csv'));
    await page
      .getByText('gaussian-mixture-2d-observation.csv has one row of numbers and holds no recording.')
      .waitFor();
  });

  it('is run only once it is allowed to', async () => {
    await drop({ name: 'shout.mjs', text: 'throw new Error("I ran");' });
    await page.getByRole('heading', { name: 'May shout.mjs run?' }).waitFor();
    await page.waitForTimeout(500);
    expect(await page.getByText('I ran').count()).toBe(0);
    expect(await button('Run ▸').isDisabled()).toBe(true);
    await settled(page, 'simulator-asked');
    await page.keyboard.press('3');
    await button('Go to the simulator').click();
    await button('Run shout.mjs').click();
    await page.getByText('The simulator module «shout.mjs» cannot be loaded: I ran.').waitFor(soon);
    await settled(page, 'simulator-failed');
  });

  it('finds a file that it reads among those that it was dropped with', async () => {
    const names = ['bernoulli-glm.mjs', 'bernoulli-glm-stimulus.csv', 'bernoulli-glm-observation.csv'];
    await drop(...names.map(example));
    await button('Run bernoulli-glm.mjs').click();
    await page.getByRole('heading', { name: 'bernoulli-glm.mjs can be fitted' }).waitFor(soon);
    expect(await page.locator('section p').first().innerText()).toContain('10 parameters and 10 features');
  });

  it('is fitted to the observation that was dropped after it', async () => {
    await drop(example('gaussian-mixture-2d.mjs'));
    await button('Run gaussian-mixture-2d.mjs').click();
    await page.getByText('gaussian-mixture-2d.mjs has no observation yet.').waitFor(soon);
    await drop(example('gaussian-mixture-2d-observation.csv'));
    await page.getByRole('heading', { name: 'gaussian-mixture-2d.mjs can be fitted' }).waitFor(soon);
    await settled(page, 'simulator-ready');
    await page.keyboard.press('2');
    await page.locator('table').waitFor(soon); // a place is loaded when it is first wanted
    await expect.poll(async () => (await cellsOf(page, 'table')).map(([name]) => name)).toEqual(['x1', 'x2']);
    await settled(page, 'simulator-features');
    await page.keyboard.press('3');
    await page.locator('.model table').waitFor(soon);
    await expect.poll(async () => (await cellsOf(page, '.model table')).map((row) => row[0])).toHaveLength(2);
    await settled(page, 'simulator-model');
    await page.getByRole('textbox', { name: 'Rounds' }).fill('1');
    await page.getByRole('textbox', { name: 'Simulations per round' }).fill('600');
    await button('Run ▸').click();
    await page.getByText(/^Finished in/).waitFor({ timeout: 120_000 });
    await page.keyboard.press('5');
    await page.getByText('This run’s simulator gives features and no traces.').waitFor(soon);
    await expect.poll(() => page.locator('.panel.marginal').count()).toBe(2);
    await settled(page, 'simulator-posterior');
  });

  it('asks again when the window is opened again', async () => {
    await drop(example('gaussian-mixture.mjs'));
    await page.getByRole('heading', { name: 'May gaussian-mixture.mjs run?' }).waitFor();
    await page.waitForTimeout(500); // changes are written once they have rested
    await page.reload();
    await page.getByRole('heading', { name: 'May gaussian-mixture.mjs run?' }).waitFor();
    await button('Close it').click();
    await button('Open example').waitFor();
  });
});
