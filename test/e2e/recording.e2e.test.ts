import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cellsOf, drawnPixelsOf, numberIn, pictureOf, settled } from './page-checks.ts';
import { openWindow, type OpenWindow, root } from './served.ts';

/** The Recording place, on the bundled recording (resources/examples/ORIGIN.md), dropped on the window. */
const example = readFileSync(join(root, 'resources', 'examples', '18711001-steps.nwb')).toString('base64');
const voltage = '.pane canvas';
let opened: OpenWindow;
let page: Page;

beforeAll(async () => {
  opened = await openWindow('recording');
  ({ page } = opened);
  await page.getByRole('button', { name: 'Open example' }).waitFor();
});
afterAll(() => opened.close());

/** Drops files with these names, all with the example's content. */
async function drop(...names: string[]): Promise<void> {
  await page.evaluate(
    ({ content, names: wanted }) => {
      const bytes = Uint8Array.from(atob(content), (c) => c.charCodeAt(0));
      const transfer = new DataTransfer();
      for (const name of wanted) transfer.items.add(new File([bytes], name));
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true }));
    },
    { content: example, names },
  );
}

async function pane(): Promise<{ x: number; y: number; width: number; height: number }> {
  return (await page.locator('.pane').first().boundingBox())!;
}
const ready = () => page.getByRole('checkbox', { name: 'Fit sweep 5' }).waitFor();
const showAll = () => page.getByRole('button', { name: 'Show all' });

describe('the Recording place', () => {
  it('opens a dropped file and chooses the sweep with the median number of spikes', async () => {
    await drop('cell 1.nwb');
    await ready();
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('cell 1.nwb · sweep 4');
    await expect
      .poll(async () => (await cellsOf(page, 'table')).map((row) => row[3]))
      .toEqual(['0', '0', '0', '4', '6', '7']);
  });

  it('draws every sweep, and the chosen one over the others', async () => {
    await expect.poll(() => drawnPixelsOf(page, voltage)).toBeGreaterThan(8000);
    const before = await pictureOf(page, voltage);
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => pictureOf(page, voltage)).not.toBe(before);
    await page.keyboard.press('ArrowUp');
  });

  it('offers a remedy beside each warning, and a corrected junction potential moves the resting voltage', async () => {
    await page.keyboard.press('2');
    const rest = page.getByRole('row', { name: /restMean/ });
    await rest.waitFor();
    const restMv = async () => numberIn((await rest.locator('td').nth(1).innerText()).trim());
    const recorded = await restMv();
    await page.keyboard.press('1');
    await page.getByRole('button', { name: /Correct by −14/ }).click();
    expect(await page.getByText('does not say whether the liquid junction').count()).toBe(0);
    await page.keyboard.press('2');
    await expect.poll(restMv).toBeCloseTo(recorded - 14, 1);
    await page.keyboard.press('1');
  });

  it('includes sweeps by the space key and says what Run will do', async () => {
    await page.locator('h1').click();
    await page.keyboard.press(' ');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press(' ');
    expect(await page.getByRole('checkbox', { name: 'Fit sweep 5' }).isChecked()).toBe(true);
    expect(await page.getByText('Run fits sweeps 4, 5, one run each.').isVisible()).toBe(true);
    await page.getByRole('checkbox', { name: 'Together' }).check();
    expect(await page.getByText('Run fits sweeps 4, 5, together in one run.').isVisible()).toBe(true);
    await page.getByRole('checkbox', { name: 'Together' }).uncheck();
    expect(await page.getByRole('button', { name: 'Run 2 sweeps ▸' }).isEnabled()).toBe(true);
    await page.getByRole('button', { name: 'Untick all' }).click();
    await page.keyboard.press('ArrowUp');
  });

  it('zooms into a dragged box, moves by Shift and drag, and fits all by a double click', async () => {
    const { x, y, width, height } = await pane();
    await page.mouse.move(x + width / 3, y + height / 3);
    await page.mouse.down();
    await page.mouse.move(x + width / 2, y + height / 2, { steps: 4 });
    await page.mouse.up();
    expect(await showAll().isEnabled()).toBe(true);
    const time = async () => {
      await page.mouse.move(x + width / 2 + 1, y + height / 2);
      return numberIn(/t\s+([\d.,]+)/.exec(await page.locator('.readout').innerText())![1]!);
    };
    const before = await time();
    expect(before).toBeGreaterThan(200);
    expect(before).toBeLessThan(400);
    await page.keyboard.down('Shift');
    await page.mouse.down();
    await page.mouse.move(x + width / 2 - 99, y + height / 2, { steps: 4 });
    await page.mouse.up();
    await page.keyboard.up('Shift');
    // A sixth of the pane's width was zoomed to the traces' whole width: 99 pixels are about 17 ms.
    const moved = (await time()) - before;
    expect(moved).toBeGreaterThan(10);
    expect(moved).toBeLessThan(25);
    await page.locator('.pane').first().dblclick();
    expect(await showAll().isDisabled()).toBe(true);
  });

  it('reads Δt and ΔV between two cursors, exact to the sample, and moves them by keys', async () => {
    await page.keyboard.press('c');
    const readout = page.getByLabel('Cursors', { exact: true }).locator('dd');
    await expect.poll(() => readout.count()).toBe(4);
    const numbers = async () => {
      const [a, b, dt, dv] = await readout.allInnerTexts();
      const pair = (text: string) => text.split('ms,').map((part) => numberIn(part.trim()));
      return { a: pair(a!), b: pair(b!), dt: numberIn(dt!), dv: numberIn(dv!) };
    };
    const { a, b, dt, dv } = await numbers();
    expect(dt).toBeCloseTo(700 / 3, 1);
    expect(b[0]! - a[0]!).toBeCloseTo(dt, 0);
    expect(dv).toBeCloseTo(b[1]! - a[1]!, 1);
    await page.getByRole('slider', { name: 'Cursor A' }).first().focus();
    await page.keyboard.press('Shift+ArrowLeft');
    await expect.poll(async () => (await numbers()).dt).toBeGreaterThan(dt + 5);
    await settled(page, 'recording-cursors');
    await page.locator('h1').click();
    await page.keyboard.press('c');
  });

  it('draws scale bars in place of axes, and lists the keys', async () => {
    const before = await pictureOf(page, voltage);
    await page.keyboard.press('b');
    await expect.poll(() => pictureOf(page, voltage)).not.toBe(before);
    await settled(page, 'recording-bars');
    await page.keyboard.press('b');
    await page.keyboard.press('?');
    expect(
      await page.getByRole('dialog', { name: 'Keys' }).getByText('Two cursors, with Δt and ΔV').count(),
    ).toBe(1);
    await settled(page, 'keys');
    await page.keyboard.press('Escape');
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  it('lists all of several dropped files and opens the first; another is one click away', async () => {
    await drop('cell 2.nwb', 'cell 3.nwb');
    await expect.poll(() => page.locator('h1').innerText(), { timeout: 10_000 }).toContain('cell 2.nwb');
    await ready();
    const names = () => page.getByRole('list', { name: 'Recordings' }).getByRole('listitem').allInnerTexts();
    expect((await names()).map((name) => name.split('\n')[0])).toEqual([
      'cell 2.nwb',
      'cell 3.nwb',
      'cell 1.nwb',
    ]);
    await page.getByRole('button', { name: 'cell 3.nwb', exact: true }).click();
    await expect.poll(() => page.locator('h1').innerText(), { timeout: 10_000 }).toContain('cell 3.nwb');
  });

  it('keeps what was set up when another recording is opened, and takes it back when asked to', async () => {
    const junction = page.getByRole('textbox', { name: 'Junction potential' });
    await ready();
    await junction.fill('−11');
    await page.getByRole('button', { name: 'cell 2.nwb', exact: true }).click();
    await expect.poll(() => junction.inputValue(), { timeout: 10_000 }).toBe('0');
    await ready();
    await page.getByRole('button', { name: 'cell 3.nwb', exact: true }).click();
    await page.getByText('The set-up that you left here is back.').waitFor();
    expect(await junction.inputValue()).toBe('−11');
    await settled(page, 'recording-setup-back');
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => junction.inputValue(), { timeout: 10_000 }).toBe('0');
  });

  it('tells versions, how to cite, and that nothing went wrong', async () => {
    await page.getByRole('button', { name: /^Chronaxie \d/ }).click();
    const about = page.getByRole('dialog', { name: 'About Chronaxie' });
    await about.waitFor();
    expect(await about.innerText()).toMatch(/version \d+\.\d+\.\d+/);
    expect(await about.innerText()).toContain('eLife 9:e56261');
    await about.getByText('No fault of the program since it was started.').waitFor();
    await settled(page, 'about');
    await page.keyboard.press('Escape');
  });

  it('takes along what is seen of the traces: the window in time and in voltage', async () => {
    const { x, y, width, height } = await pane();
    await page.mouse.move(x + width / 2, y + height / 4);
    await page.mouse.down();
    await page.mouse.move(x + width / 2 + 80, y + height / 2, { steps: 4 });
    await page.mouse.up();
    await page.waitForTimeout(500); // finer data come once the gesture has rested
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save or copy the traces' }).click();
    await page.getByRole('menuitem', { name: /CSV/ }).click();
    const rows = readFileSync(await (await download).path(), 'utf8')
      .trim()
      .split('\n');
    expect(rows[0]).toBe('sweep,timeMs,voltageMinMv,voltageMaxMv,currentMinPa,currentMaxPa');
    const times = rows.slice(1).map((row) => Number(row.split(',')[1]));
    expect(times.length).toBeGreaterThan(200);
    const whole = 700;
    expect(Math.max(...times) - Math.min(...times)).toBeLessThan(whole / 2);
    await showAll().click();
    await expect.poll(() => showAll().isDisabled()).toBe(true);
  });
});
