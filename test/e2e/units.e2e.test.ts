import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as hdf5 from 'h5wasm/node';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cellsOf, settled } from './page-checks.ts';
import { type OpenWindow, openWindow, root } from './served.ts';

/** The bundled recording as a careless program would have written it: its millivolts and picoamperes labelled as volts and amperes. */
let open: OpenWindow;
let page: Page;

beforeAll(async () => {
  open = await openWindow('units');
  ({ page } = open);
  await page.getByRole('button', { name: 'Open example' }).waitFor();
  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles(await carelessCopy());
});
afterAll(() => open.close());

async function carelessCopy(): Promise<{ name: string; mimeType: string; buffer: Buffer }> {
  await hdf5.ready;
  const path = join(open.folder, 'careless.nwb');
  copyFileSync(join(root, 'resources', 'examples', '18711001-steps.nwb'), path);
  const file = new hdf5.File(path, 'a');
  for (const [group, factor] of [
    ['acquisition', 1e3],
    ['stimulus/presentation', 1e12],
  ] as const) {
    for (const name of (file.get(group) as hdf5.Group).keys()) {
      const data = file.get(`${group}/${name}/data`) as hdf5.Dataset;
      const conversion = Number(data.attrs['conversion']?.value ?? 1);
      data.delete_attribute('conversion');
      data.create_attribute('conversion', conversion * factor);
    }
  }
  file.close();
  return { name: 'careless.nwb', mimeType: 'application/x-hdf5', buffer: readFileSync(path) };
}
const button = (name: string) => page.getByRole('button', { name, exact: true });
const spikes = async () => (await cellsOf(page, 'table')).map((row) => row[3]);

describe('a recording that states wrong units', () => {
  it('says what the values look like and offers to mend them', async () => {
    await page.getByText('millivolts look to be labelled as volts').waitFor();
    await expect.poll(() => page.getByText('picoamperes look to be labelled as amperes').count()).toBe(1);
    expect(await button('Run ▸').isDisabled()).toBe(true);
    await settled(page, 'units-wrong');
  });

  it('is mended by one click, after which it can be fitted', async () => {
    await button('Multiply both').click();
    await page.getByText('voltage × 0.001, current × 10⁻¹²', { exact: true }).waitFor();
    await expect.poll(spikes, { timeout: 15_000 }).toEqual(['0', '0', '0', '4', '6', '7']);
    expect(await page.locator('h1').innerText()).toBe('careless.nwb · sweep 4');
    expect(await button('Run ▸').isEnabled()).toBe(true);
    await settled(page, 'units-mended');
  });

  it('stays mended when the window is opened again', async () => {
    await page.waitForTimeout(500); // changes are written once they have rested
    await page.reload();
    await page.getByText('voltage × 0.001, current × 10⁻¹²', { exact: true }).waitFor();
    await expect.poll(spikes, { timeout: 15_000 }).toEqual(['0', '0', '0', '4', '6', '7']);
  });

  it('is taken as the file has it again, and that can be undone', async () => {
    await button('As in the file').click();
    await button('Multiply both').waitFor();
    await button('Undo').click();
    await expect.poll(spikes, { timeout: 15_000 }).toEqual(['0', '0', '0', '4', '6', '7']);
  });
});
