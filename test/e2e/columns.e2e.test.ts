import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cellsOf, settled } from './page-checks.ts';
import { type OpenWindow, openWindow } from './served.ts';

/** 300 ms at 10 kHz: a cell of 100 MΩ and 10 ms under a step of 50 pA, in two sweeps, the second of twice the current. */
function table(header: string | null): Buffer {
  const lines = header === null ? [] : [header];
  const volts = [-70, -70];
  for (let i = 0; i < 3000; i++) {
    const pa = i >= 1000 && i < 2000 ? 50 : 0;
    lines.push([(i * 1e-4).toFixed(4), ...volts.map((mv) => (mv / 1000).toFixed(7)), pa, 2 * pa].join(';'));
    for (const k of [0, 1]) volts[k]! += (0.1 / 10) * (-70 + 0.1 * pa * (k + 1) - volts[k]!);
  }
  return Buffer.from(lines.join('\n'));
}

let open: OpenWindow;
let page: Page;
beforeAll(async () => {
  open = await openWindow('columns');
  ({ page } = open);
  await page.getByRole('button', { name: 'Open example' }).waitFor();
});
afterAll(() => open.close());

const give = (name: string, buffer: Buffer) =>
  page.locator('input[type=file]').first().setInputFiles({ name, mimeType: 'text/csv', buffer });
const choose = (label: string, option: string) =>
  page.getByLabel(label, { exact: true }).selectOption(option);
const button = (name: string) => page.getByRole('button', { name, exact: true });
const currents = async () => (await cellsOf(page, 'table')).map((row) => row[1]);

describe('a table of columns', () => {
  it('opens at once where its header tells what they are', async () => {
    await give('clear.csv', table('t (s);V1 (V);V2 (V);I1 (pA);I2 (pA)'));
    await page.getByText('were told by their names and units').waitFor();
    await expect.poll(currents, { timeout: 15_000 }).toEqual(['50', '100']);
  });

  it('asks what its columns are where their names leave it open', async () => {
    await give('unclear.csv', table('a;V1;V2;I1;I2'));
    await page.getByRole('heading', { name: 'What are its columns?' }).waitFor();
    await settled(page, 'columns-asked');
    await choose('Time', '');
    await choose('Membrane potential', 'V*');
    expect(await button('Read these columns').isDisabled()).toBe(true);
    await page.getByLabel('Sampling rate').fill('10');
    await choose('Unit of voltage', 'V');
    await choose('Injected current', 'I*');
    await page.getByLabel('Sampling rate').press('Enter');
    await expect.poll(currents, { timeout: 15_000 }).toEqual(['50', '100']);
    await page.getByText('columns sampled at 10,000 Hz, V* (V), I* (pA)').waitFor();
    expect(await button('Run ▸').isEnabled()).toBe(true);
    await settled(page, 'columns-read');
  });

  it('remembers them for the next file with the same, until that is undone', async () => {
    await give('next.csv', table('a;V1;V2;I1;I2'));
    await page.getByText('The columns are read as in the last file that had the same.').waitFor();
    await page.getByText('columns sampled at 10,000 Hz, V* (V), I* (pA)').waitFor();
    await expect.poll(currents, { timeout: 15_000 }).toEqual(['50', '100']);
    await button('Undo').click();
    await page.getByRole('heading', { name: 'What are its columns?' }).waitFor();
    expect(open.complaints).toEqual([]);
  });
});
