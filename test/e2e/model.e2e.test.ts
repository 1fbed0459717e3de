import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawnPixelsOf, pictureOf, settled } from './page-checks.ts';
import { openWindow, type OpenWindow, root } from './served.ts';

/** The Model & prior place, over sweep 4 of the bundled recording. */
const draws = '[aria-label="Draws from the prior"] canvas';
/** Threads start and the model is compiled at the first draws. */
const patient = { timeout: 20_000 };
const hh8 = JSON.parse(readFileSync(join(root, 'resources', 'models', 'hh8.json'), 'utf8')) as {
  title: string;
  channels: { conductance: string }[];
};
let opened: OpenWindow;
let page: Page;

beforeAll(async () => {
  opened = await openWindow('model');
  ({ page } = opened);
  await page.getByRole('button', { name: 'Open example' }).click();
  await page.getByRole('checkbox', { name: 'Fit sweep 5' }).waitFor();
  await page.keyboard.press('3');
});
afterAll(() => opened.close());

const words = () => page.getByText(/of 20 draws/).innerText();

async function ownModel(name: string, document: unknown): Promise<void> {
  const path = join(opened.folder, name);
  writeFileSync(path, typeof document === 'string' ? document : JSON.stringify(document));
  await page.getByLabel('Model file').setInputFiles(path);
}

describe('the Model & prior place', () => {
  it('draws a shape beside every prior, and names its axis', async () => {
    const shapes = page.getByRole('img', { name: 'uniform prior, on a linear axis' });
    await expect.poll(() => shapes.count(), patient).toBe(8);
    await page.getByRole('combobox', { name: 'Kind of prior of g_Na' }).selectOption('logUniform');
    await page.getByRole('img', { name: 'log-uniform prior, on a log axis' }).waitFor();
    await page.getByRole('button', { name: 'Restore the default of g_Na' }).click();
    await page.getByRole('button', { name: 'Undo' }).click();
    expect(await page.getByRole('combobox', { name: 'Kind of prior of g_Na' }).inputValue()).toBe(
      'logUniform',
    );
    await page.getByRole('combobox', { name: 'Kind of prior of g_Na' }).selectOption('uniform');
  });

  it('lays draws from the prior over the data and counts those that spike like it', async () => {
    await expect.poll(() => drawnPixelsOf(page, draws), patient).toBeGreaterThan(10_000);
    expect(await words()).toMatch(/^\d+ of 20 draws spike, (none|\d+) like the data \(6 spikes, ±2\)/);
    await settled(page, 'prior');
    const before = await pictureOf(page, draws);
    await page.getByRole('button', { name: 'Simulate from the prior' }).click();
    await expect.poll(() => pictureOf(page, draws), patient).not.toBe(before);
  });

  it('draws anew when a prior is edited: without sodium none spikes', async () => {
    await page.getByRole('textbox', { name: 'lowest of g_Na' }).fill('0.0001');
    await page.getByRole('textbox', { name: 'highest of g_Na' }).fill('0.001');
    await expect.poll(words, patient).toMatch(/^0 of 20 draws spike, none like the data/);
    await page.getByRole('button', { name: 'Restore the default of g_Na' }).click();
    await expect.poll(words, patient).not.toMatch(/^0 of 20/);
  });

  it('typesets the equations and names their sources', async () => {
    await page.getByText('Equations and sources').click();
    const membrane = page.locator('math').first();
    await membrane.waitFor();
    expect(await membrane.getAttribute('aria-label')).toContain('g_Na m^(3) h (E_Na − V)');
    expect(await membrane.locator('msub').count()).toBeGreaterThan(5);
    // Mathematics is laid out: a fraction is taller than its line of text.
    const fraction = (await membrane.locator('mfrac').first().boundingBox())!;
    expect(fraction.height).toBeGreaterThan(24);
    await expect.poll(() => page.getByText(/Pospischil M.*Biological Cybernetics/).count()).toBe(1);
    await settled(page, 'equations');
    await page.getByText('Equations and sources').click();
  });

  it('says in place why a model file cannot be read', async () => {
    await ownModel('broken.json', '{"name": ');
    const alert = page.getByRole('alert');
    await alert.waitFor();
    expect(await alert.innerText()).toMatch(/broken\.json.*not valid JSON/);
    const [sodium, ...others] = hh8.channels;
    await ownModel('typo.json', { ...hh8, channels: [{ ...sodium, conductance: 'gNaa' }, ...others] });
    await expect.poll(() => alert.innerText()).toMatch(/«gNaa» means nothing here/);
    await settled(page, 'model-refused');
    expect(await page.getByRole('combobox', { name: 'Model', exact: true }).inputValue()).toBe('hh8');
    await alert.getByRole('button', { name: 'Dismiss' }).click();
  });

  it('takes an own model file and simulates it', async () => {
    await ownModel('mine.json', { ...hh8, name: 'mine', title: 'My own neuron' });
    const model = page.getByRole('combobox', { name: 'Model', exact: true });
    await expect.poll(() => model.inputValue()).toMatch(/mine\.json$/);
    expect(await model.locator('option:checked').innerText()).toBe('My own neuron');
    await expect.poll(words, patient).toMatch(/of 20 draws/);
    expect(await page.getByRole('button', { name: 'Run ▸' }).isEnabled()).toBe(true);
  });

  it('takes a NeuroML cell, and shows a model of two compartments', async () => {
    await ownModel('squid.nml', readFileSync(join(root, 'test/reference/neuroml/squid.cell.nml'), 'utf8'));
    const model = page.getByRole('combobox', { name: 'Model', exact: true });
    await expect.poll(() => model.inputValue()).toMatch(/squid\.nml$/);
    await page.getByText('Imported from the NeuroML file').waitFor();
    await expect.poll(words, patient).toMatch(/of 20 draws/);
    await model.selectOption('pinsky-rinzel');
    await page.getByText('Equations and sources').click();
    await page.locator('math').first().waitFor();
    await expect.poll(words, patient).toMatch(/of 20 draws/);
    await settled(page, 'two-compartments');
  });
});
