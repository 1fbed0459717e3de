import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cellsOf, drawnPixelsOf, numberIn, pictureIn, serious, settled } from './page-checks.ts';
import { openWindow, type OpenWindow } from './served.ts';

/** The built interface in Chromium, through the real `chronaxie serve`, on the bundled example recording. */
let opened: OpenWindow;
let page: Page;

beforeAll(async () => {
  opened = await openWindow('app');
  ({ page } = opened);
});
afterAll(() => opened.close());

const cells = (selector: string) => cellsOf(page, selector);
const drawnPixels = (selector: string) => drawnPixelsOf(page, selector);
const settle = (name: string) => settled(page, name);
const number = numberIn;

describe('from a recording to exported parameters, in the browser', () => {
  it('starts with an empty history and the two ways to open a recording', async () => {
    await page.getByRole('button', { name: 'Open example' }).waitFor();
    await expect.poll(() => page.getByRole('button', { name: 'Open recording…' }).count()).toBe(2);
    expect(await page.getByText('Every run will be kept here.').isVisible()).toBe(true);
    await settle('start');
  });

  it('shows the example’s sweeps with their steps and spikes, and draws them', async () => {
    await page.getByRole('button', { name: 'Open example' }).click();
    await page.getByRole('button', { name: 'Choose sweep 5' }).waitFor();
    // Spikes and amplitudes come once the samples have been looked at.
    const rows = async () => (await cells('table')).map((row) => row.slice(0, 5));
    await expect.poll(rows, { timeout: 20_000 }).toEqual([
      ['0', '−100', '−100', '0', '523'],
      ['1', '−100', '−100', '0', '523'],
      ['2', '40', '40', '0', '700'],
      ['3', '120', '120', '4', '700'],
      ['4', '220', '220', '6', '700'],
      ['5', '290', '290', '7', '700'],
    ]);
    await page.waitForFunction(() => document.querySelectorAll('.plot canvas').length === 2);
    await expect.poll(() => drawnPixels('.plot canvas')).toBeGreaterThan(5000);
    await settle('recording');
  });

  it('keeps every place’s tab where it is, whichever is chosen', async () => {
    const lefts = () =>
      page
        .locator('nav[aria-label="Places of the document"] button')
        .evaluateAll((tabs) => tabs.map((tab) => tab.getBoundingClientRect().left));
    const before = await lefts();
    expect(before).toHaveLength(6);
    await page.keyboard.press('3');
    expect(await lefts()).toEqual(before);
    await page.keyboard.press('1');
  });

  it('steps sweeps by the arrow keys and zooms time by the wheel, at the pointer', async () => {
    await page.keyboard.press('ArrowUp');
    expect(await page.locator('tr[aria-current] th').innerText()).toBe('3');
    await page.keyboard.press('ArrowDown');
    expect(await page.locator('tr[aria-current] th').innerText()).toBe('4');
    const plot = (await page.locator('.pane').first().boundingBox())!;
    const showAll = page.getByRole('button', { name: 'Show all' });
    expect(await showAll.isDisabled()).toBe(true);
    await page.mouse.move(plot.x + plot.width / 2, plot.y + plot.height / 2);
    const before = await page.locator('.readout').innerText();
    for (let i = 0; i < 6; i++) await page.mouse.wheel(0, -100);
    expect(await showAll.isEnabled()).toBe(true);
    await page.mouse.move(plot.x + plot.width / 2 + 1, plot.y + plot.height / 2);
    const time = (text: string) => number(/t\s+([\d.,]+)/.exec(text)![1]!);
    // One pixel to the side of the point that the zoom keeps: at this zoom well under a millisecond.
    expect(Math.abs(time(await page.locator('.readout').innerText()) - time(before))).toBeLessThan(1.5);
    await page.locator('.pane').first().dblclick();
    expect(await showAll.isDisabled()).toBe(true);
  });

  it('says what was measured in the chosen sweep', async () => {
    await page.keyboard.press('2');
    await page.getByRole('row', { name: /spikeCount/ }).waitFor();
    const rows = await cells('table.sticky');
    expect(rows).toHaveLength(7);
    expect(rows[0]!.slice(1, 3)).toEqual(['spikeCount', '6']);
    // −66.70 mV as recorded, and the demonstration's junction potential of −14 mV.
    expect(number(rows[1]![2]!)).toBeCloseTo(-80.7, 1);
    await settle('features');
  });

  it('refuses a prior whose ends are exchanged, where it stands, and does not run it', async () => {
    await page.keyboard.press('3');
    const low = page.getByRole('textbox', { name: 'lowest of g_Na' });
    await low.fill('90');
    expect(await page.getByText('The lowest value must be below the highest.').isVisible()).toBe(true);
    expect(await page.getByRole('button', { name: 'Run ▸' }).isDisabled()).toBe(true);
    await settle('model-invalid');
    await low.fill('0.5');
    expect(await page.getByRole('button', { name: 'Run ▸' }).isEnabled()).toBe(true);
    await settle('model');
  });

  it('runs a small fit with live numbers and keeps every round', async () => {
    await page.getByRole('textbox', { name: 'Rounds' }).fill('2');
    await page.getByRole('textbox', { name: 'Simulations per round' }).fill('400');
    await page.getByRole('textbox', { name: 'Seed' }).fill('7');
    await page.getByRole('button', { name: 'Run ▸' }).click();
    await page.getByText(/^Finished in/).waitFor({ timeout: 100_000 });
    const rows = await cells('table');
    expect(rows.map((row) => row[0])).toEqual(['1', '2']);
    expect(rows.map((row) => row[1])).toEqual(['400', '400']);
    expect(await drawnPixels('.loss canvas')).toBeGreaterThan(500);
    await expect.poll(() => page.getByRole('button', { name: /finished:/ }).count()).toBe(1);
    await settle('run');
  });

  it('draws the posterior, puts its medians inside the priors, and exports the same numbers', async () => {
    await page.keyboard.press('5');
    await page.getByRole('heading', { name: 'Predicted features' }).waitFor();
    await expect.poll(() => drawnPixels('.panel.marginal canvas')).toBeGreaterThan(500);
    await expect.poll(() => page.getByRole('button', { name: /^Joint density of/ }).count()).toBe(28);
    const table = (await cells('.intervals table')).slice(0, 8);
    // The whole matrix and the predicted traces stand in one view at 1280 × 800, one beside the other.
    const bottom = async (selector: string) => {
      const box = (await page.locator(selector).last().boundingBox())!;
      return box.y + box.height;
    };
    const end = (await page.locator('footer').boundingBox())!.y;
    expect(await bottom('.panel.marginal')).toBeLessThan(end);
    expect(await bottom('.predictions .plot')).toBeLessThan(end);
    await settle('posterior');

    await page.keyboard.press('6');
    const save = page.getByRole('button', { name: 'Save posterior-samples.csv' });
    await save.waitFor();
    await settle('export');
    const downloading = page.waitForEvent('download');
    await save.click();
    const file = await (await downloading).path();
    const [header, ...lines] = readFileSync(file, 'utf8').trim().split('\n');
    expect(header).toBe('gNa,gK,gl,gM,tauMax,negVT,sigma,negEl');
    expect(lines).toHaveLength(10_000);
    const samples = lines.map((line) => line.split(',').map(Number));
    const priors = [[0.5, 80], [1e-4, 15], [1e-4, 0.6], [1e-4, 0.6], [50, 3000], [40, 90], [1e-4, 0.15], [35, 100]]; // prettier-ignore
    priors.forEach(([low, high], i) => {
      const values = samples.map((row) => row[i]!).toSorted((a, b) => a - b);
      const [, median, q05, q95] = table[i]!.map(number);
      expect(median).toBeGreaterThan(low!);
      expect(median).toBeLessThan(high!);
      // The table shows three significant digits of the same 10,000 samples.
      for (const [shown, q] of [
        [median!, 0.5],
        [q05!, 0.05],
        [q95!, 0.95],
      ] as const) {
        // prettier-ignore
        const exact = quantile(values, q);
        expect(Math.abs(shown - exact)).toBeLessThanOrEqual(0.006 * (quantile(values, 0.95) - values[0]!));
      }
    });
  });

  it('enlarges a panel by a click and gives all panels back by Escape', async () => {
    await page.keyboard.press('5');
    await page.getByRole('button', { name: /^Joint density of g_K and g_Na/ }).click();
    expect(await page.getByText(/correlation/).isVisible()).toBe(true);
    await settle('enlarged');
    await page.keyboard.press('Escape');
    await page
      .getByRole('button', { name: /^Joint density of/ })
      .nth(27)
      .waitFor(); // a row a frame
    await expect.poll(() => page.getByRole('button', { name: /^Joint density of/ }).count()).toBe(28);
  });

  it('searches with as many simulations, and lays the hall of fame over the posterior', async () => {
    await page.keyboard.press('3');
    await page.getByRole('combobox', { name: 'Algorithm' }).selectOption('ibea');
    await page.getByRole('button', { name: 'Run again ▸' }).click();
    await page.getByRole('heading', { name: 'Sum of objectives' }).waitFor();
    await page.getByText(/^Finished in/).waitFor({ timeout: 100_000 });
    await expect.poll(async () => (await cells('table')).map((row) => row[1])).toEqual(['400', '400']);
    await settle('search-run');
    await page.getByRole('button', { name: 'Show the hall of fame' }).click();
    await page.getByText('20 point estimates, no posterior').waitFor();
    await page.getByRole('heading', { name: 'Predicted features' }).waitFor();
    await expect.poll(() => page.getByRole('button', { name: /^Joint hall of fame of/ }).count()).toBe(28);
    await settle('search');

    await page.getByRole('button', { name: /hh8 · TSNPE/ }).click();
    const panel = page.getByRole('button', { name: /^Joint density of g_K and g_Na/ }).locator('canvas');
    const picture = () => panel.evaluate(pictureIn);
    await panel.waitFor();
    const drawn = { timeout: 10_000 };
    await expect.poll(() => drawnPixels('.panel.marginal canvas'), drawn).toBeGreaterThan(500);
    const before = await picture();
    await page.getByRole('checkbox', { name: 'IBEA hall of fame' }).check();
    await expect.poll(picture, drawn).not.toBe(before);
    await settle('overlay');
    await page.getByRole('checkbox', { name: 'IBEA hall of fame' }).uncheck();
    await expect.poll(picture, drawn).toBe(before);

    await page.getByRole('button', { name: /hh8 · IBEA/ }).click();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByRole('button', { name: /hh8 · TSNPE/ }).click();
    await page.getByRole('heading', { name: 'Predicted features' }).waitFor();
    expect(await page.getByRole('checkbox', { name: 'IBEA hall of fame' }).count()).toBe(0);
  });

  it('changes to the dark theme and keeps its contrast on every place', async () => {
    await page.getByRole('combobox', { name: 'Theme' }).selectOption('dark');
    await page.locator('h1').click();
    for (const [i, place] of ['recording', 'features', 'model', 'run', 'posterior', 'export'].entries()) {
      await page.keyboard.press(String(i + 1));
      await page.waitForTimeout(300); // the view's own calls answer in tens of milliseconds
      expect([place, await serious(page)]).toEqual([place, []]);
    }
    await page.getByRole('combobox', { name: 'Theme' }).selectOption('system');
  });

  it('renames a run, and brings it back after it was deleted', async () => {
    await page.getByRole('button', { name: 'Rename' }).click();
    await page.getByRole('textbox', { name: 'New name of the run' }).fill('Cell 3');
    await page.keyboard.press('Enter');
    const line = page.getByRole('button', { name: /finished: Cell 3/ });
    await line.waitFor();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByText('«Cell 3» was deleted.').waitFor();
    expect(await line.count()).toBe(0);
    await page.locator('footer').click();
    await page.keyboard.press('Control+z');
    await line.waitFor();
    await page.getByRole('heading', { name: 'Predicted features' }).waitFor();
    await settle('restored');
    await line.press('Delete');
    await expect.poll(() => line.count()).toBe(0);
  });

  it('says why a dropped file cannot be read, and what to do', async () => {
    const input = page.locator('input[type=file]').first();
    await input.setInputFiles({ name: 'notes.nwb', mimeType: '', buffer: Buffer.from('not HDF5 at all') });
    const alert = page.getByRole('alert');
    await alert.waitFor();
    expect(await alert.innerText()).toContain('notes.nwb');
    expect((await alert.innerText()).split('\n').length).toBeGreaterThan(1);
    await settle('unreadable');
  });

  it('left nothing in the console', () => {
    expect(opened.complaints).toEqual([]);
  });
});

/** By linear interpolation between the neighbours. */
function quantile(ascending: readonly number[], q: number): number {
  const at = q * (ascending.length - 1);
  const low = ascending[Math.floor(at)]!;
  return low + (ascending[Math.ceil(at)]! - low) * (at - Math.floor(at));
}
