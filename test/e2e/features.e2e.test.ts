import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cellsOf, drawnPixelsOf, numberIn, pictureOf, settled } from './page-checks.ts';
import { openWindow, type OpenWindow } from './served.ts';

/** The Features place, over sweep 4 of the bundled recording, which has six spikes. */
const trace = '[aria-label="Where features were measured"] canvas';
let opened: OpenWindow;
let page: Page;

beforeAll(async () => {
  opened = await openWindow('features');
  ({ page } = opened);
  await page.getByRole('button', { name: 'Open example' }).click();
  await page.getByRole('checkbox', { name: 'Fit sweep 5' }).waitFor();
  await page.keyboard.press('2');
});
afterAll(() => opened.close());

const choose = (set: string) => page.locator('#feature-set').selectOption(set);
const tab = () => page.getByRole('button', { name: /^Features/ }).innerText();

describe('the Features place', () => {
  it('measures spikes and shows where: a feature that is pointed at is marked in the trace', async () => {
    await choose('spikes');
    const row = page.getByRole('row', { name: /meanIsi/ });
    await row.waitFor();
    expect(numberIn((await row.locator('td').nth(1).innerText()).trim())).toBeCloseTo(74.57, 1);
    await expect.poll(() => drawnPixelsOf(page, trace)).toBeGreaterThan(3000);
    await page.mouse.move(1, 799);
    const before = await pictureOf(page, trace);
    await row.hover();
    await page.getByText('meanIsi: marked in the trace.').waitFor();
    expect(await pictureOf(page, trace)).not.toBe(before);
    await settled(page, 'features-marked');
  });

  it('says behind «?» how exactly a feature is measured', async () => {
    await page.getByRole('button', { name: 'What is latency?' }).click();
    await page.getByText('Time of the first spike’s threshold minus the onset of the step.').waitFor();
    await settled(page, 'features-definition');
    await page.keyboard.press('Escape');
  });

  it('measures the sweeps of the cell together, and says which of them', async () => {
    const rheobase = page.getByRole('row', { name: /rheobase/ });
    await rheobase.scrollIntoViewIfNeeded();
    expect(await rheobase.innerText()).toMatch(/120\s*pA\s+3\b/);
    expect(await page.getByRole('row', { name: /ivResistance/ }).innerText()).toMatch(/192\.8\s*MΩ\s+0, 1\b/);
    await settled(page, 'features-family');
  });

  it('looks closer at a feature that is chosen by the keyboard, and shows all again', async () => {
    const showAll = page.getByRole('button', { name: 'Show all' });
    const feature = page.getByRole('button', { name: 'halfWidth', exact: true });
    await feature.focus();
    await page.keyboard.press('Enter');
    expect(await feature.getAttribute('aria-pressed')).toBe('true');
    await expect.poll(() => showAll.isEnabled()).toBe(true);
    await settled(page, 'features-close');
    await page.keyboard.press('Enter');
    await expect.poll(() => showAll.isDisabled()).toBe(true);
  });

  it('leaves features out, says how many are used, and undoes what another set put back', async () => {
    await page.getByRole('checkbox', { name: 'Use latency in the fit' }).uncheck();
    expect(await tab()).toContain('20 features');
    await choose('moments');
    await expect.poll(tab).toContain('7 features');
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(tab).toContain('20 features');
  });

  it('says of a missing feature what it lacks', async () => {
    await page.keyboard.press('1');
    await page.getByRole('button', { name: 'Choose sweep 0' }).click();
    await page.keyboard.press('2');
    const latency = page.getByRole('row', { name: /latency/ });
    await expect.poll(() => latency.innerText()).toContain('missing');
    expect(await latency.innerText()).toContain('the step has no spike');
    await expect.poll(async () => (await cellsOf(page, 'table.sticky')).length).toBe(21);
    await settled(page, 'features-missing');
  });

  it('offers the trace itself, which has no list, and keeps the sweep in sight', async () => {
    await choose('trace');
    await page.getByText(/by the voltage itself, averaged/).waitFor();
    expect(await tab()).toContain('the trace itself');
    expect(await page.getByRole('alert').count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Run ▸' }).isEnabled()).toBe(true);
    await settled(page, 'features-trace');
  });
});
