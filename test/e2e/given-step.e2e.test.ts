import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cellsOf, settled } from './page-checks.ts';
import { type OpenWindow, openWindow, root } from './served.ts';

/** A real ABF 2 recording as if its command had been played from a file: the protocol is not in it. */
let open: OpenWindow;
let page: Page;

beforeAll(async () => {
  open = await openWindow('given-step');
  ({ page } = open);
  const buffer = readFileSync(join(root, 'test/reference/data/recordings/abf/File_axon_5.abf'));
  // place of the outputs' section in blocks of 512 bytes, and nWaveformSource in its first entry
  buffer.writeInt16LE(2, buffer.readUInt32LE(108) * 512 + 42);
  await page.getByRole('button', { name: 'Open example' }).waitFor();
  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles({ name: 'played.abf', mimeType: 'application/octet-stream', buffer });
});
afterAll(() => open.close());

const button = (name: string) => page.getByRole('button', { name, exact: true });
const field = (name: string) => page.getByLabel(name, { exact: true });
const currents = async () => (await cellsOf(page, 'table')).map((row) => row[1]);

describe('a recording whose command came from a file', () => {
  it('says so and asks for the step, which must end after it begins', async () => {
    await page.getByText('was played from a stimulus file').first().waitFor();
    expect(await button('Run ▸').isDisabled()).toBe(true);
    expect(await button('Use this step').isDisabled()).toBe(true);
    await field('Step from').fill('716');
    await field('to').fill('215.6');
    await field('of').fill('−100');
    await field('growing by').fill('50');
    expect(await button('Use this step').isDisabled()).toBe(true);
    await settled(page, 'given-step-asked');
  });

  it('can be fitted once the step is given, and forgets it again', async () => {
    await field('Step from').fill('215.6');
    await field('to').fill('715.6');
    await field('to').press('Enter');
    await page.getByText('a step of −100 pA (+50 a sweep) at 215.6–715.6 ms', { exact: true }).waitFor();
    await expect
      .poll(currents, { timeout: 15_000 })
      .toEqual(['−100', '−50', '0', '50', '100', '150', '200', '250', '300']);
    expect(await button('Run ▸').isEnabled()).toBe(true);
    await settled(page, 'given-step-used');
    await button('As in the file').click();
    await button('Use this step').waitFor();
    expect(open.complaints).toEqual([]);
  });
});
